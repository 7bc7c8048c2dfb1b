#!/bin/sh
# What containers of an ordinary user need of the system.
set -eu
[ -d /run/systemd/system ] || exit 0

sysctl=/etc/sysctl.d/99-lima.conf
if [ ! -e "$sysctl" ]; then
	{
		echo 'net.ipv4.ping_group_range = 0 2147483647'
		echo 'net.ipv4.ip_unprivileged_port_start = 0'
		[ ! -e /proc/sys/kernel/unprivileged_userns_clone ] || echo 'kernel.unprivileged_userns_clone = 1'
	} >"$sysctl"
	# Later boots: systemd-sysctl.service.
	while read -r key _ value; do
		echo "$value" >"/proc/sys/$(echo "$key" | tr . /)"
	done <"$sysctl"
fi

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
