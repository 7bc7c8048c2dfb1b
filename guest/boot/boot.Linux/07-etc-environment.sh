#!/bin/sh
# Brings the LIMA block of /etc/environment up to date, then lets the host open its lasting ssh connection.
set -eu
file=/etc/environment
[ -e "$file" ] || : >"$file"
old=$(cat "$file")
new=$(
	sed -e '/^#LIMA-START$/,/^#LIMA-END$/d' "$file"
	cat "$LIMA_CIDATA_MNT/etc_environment"
)
if [ "$new" != "$old" ]; then
	printf '%s\n' "$new" >"$file"
	# Sessions, and the user's systemd, keep the variables they were started with.
	if [ -d "/run/user/$LIMA_CIDATA_UID" ]; then
		loginctl terminate-user "$LIMA_CIDATA_USER" || echo "no session to end"
	fi
fi
echo "$LIMA_CIDATA_IID" >/run/lima-ssh-ready
