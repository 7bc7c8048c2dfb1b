#!/bin/sh
# What containers of an ordinary user need of the system.
set -eu
sysctl=/etc/sysctl.d/99-lima.conf
[ -d /run/systemd/system ] && [ ! -e "$sysctl" ] || exit 0
{
	echo 'net.ipv4.ping_group_range = 0 2147483647'
	echo 'net.ipv4.ip_unprivileged_port_start = 0'
	[ ! -e /proc/sys/kernel/unprivileged_userns_clone ] || echo 'kernel.unprivileged_userns_clone = 1'
} >"$sysctl"
# Later boots: systemd-sysctl.service.
while read -r key _ value; do
	echo "$value" >"/proc/sys/$(echo "$key" | tr . /)"
done <"$sysctl"
