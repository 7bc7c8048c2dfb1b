#!/bin/sh
# Runs a `mode: user` provision script in a login environment of the user.
#
# usage: run-as-user.sh FILE
set -eu
user=$LIMA_CIDATA_USER
runtime=/run/user/$LIMA_CIDATA_UID
# The user's own systemd: rootless services are started by such scripts.
if [ -d /run/systemd/system ]; then
	timeout 120 systemctl start "user@$LIMA_CIDATA_UID.service" || echo "the systemd instance of $user does not start"
fi
# cidata is for root only.
home=$(getent passwd "$user" | cut -d: -f6)
copy=${home:-$LIMA_CIDATA_HOME}/.lima-user-script
trap 'rm -f "$copy"' EXIT
rm -f "$copy"
install -m 700 -o "$user" -g "$(id -g "$user")" "$1" "$copy"
# The parameters, and what `env:` and the host's proxy settings put into /etc/environment: boot.sh has both, and not every
# distribution's sudo reads that file.
names=$({
	env | sed -n 's/^\(PARAM_[A-Za-z0-9_]*\)=.*/\1/p'
	sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' "$LIMA_CIDATA_MNT/etc_environment"
} | tr '\n' ',')
sudo -n -iu "$user" "--preserve-env=${names}XDG_RUNTIME_DIR" "XDG_RUNTIME_DIR=$runtime" "$copy"
