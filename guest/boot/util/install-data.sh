#!/bin/sh
# Puts the content of a `mode: data` provision where it belongs.
#
# usage: install-data.sh FILE
set -eu
index=${1##*/}
eval "path=\$LIMA_CIDATA_DATAFILE_${index}_PATH owner=\$LIMA_CIDATA_DATAFILE_${index}_OWNER"
eval "permissions=\$LIMA_CIDATA_DATAFILE_${index}_PERMISSIONS overwrite=\$LIMA_CIDATA_DATAFILE_${index}_OVERWRITE"
# shellcheck disable=SC2154 # set by eval
if [ -e "$path" ] && [ "$overwrite" = false ]; then
	echo "$path exists and is kept"
	exit 0
fi
directory=$(dirname "$path")
# Missing directories belong to the owner where the owner may make them.
# shellcheck disable=SC2154
[ -d "$directory" ] || sudo -n -u "${owner%%:*}" mkdir -p "$directory" 2>/dev/null || mkdir -p "$directory"
# Beside the target, so that it appears in one step; readable to nobody else before it has its owner.
new=$(mktemp "$directory/.lima-data.XXXXXX")
trap 'rm -f "$new"' EXIT
cat "$1" >"$new"
chown "$owner" "$new"
# shellcheck disable=SC2154
chmod "$permissions" "$new"
mv -f "$new" "$path"
