#!/bin/sh
# What containers of an ordinary user need of that user. Late, because it waits for cloud-init to make the user.
set -eu
[ -d /run/systemd/system ] || exit 0
wait-user.sh
range=$LIMA_CIDATA_USER:524288:1073741824
for file in /etc/subuid /etc/subgid; do
	if ! grep -qsx "$range" "$file"; then
		[ ! -e "$file" ] || sed -i "/^$LIMA_CIDATA_USER:/d" "$file"
		echo "$range" >>"$file"
	fi
done

# As "loginctl enable-linger" leaves it, which would wait for logind here.
linger=/var/lib/systemd/linger/$LIMA_CIDATA_USER
if [ ! -e "$linger" ]; then
	mkdir -p "${linger%/*}"
	: >"$linger"
	systemctl start --no-block "user@$LIMA_CIDATA_UID.service"
fi
