#!/bin/sh
# Waits until the guest is as far as provision scripts may expect: network, package sources, services. Never fails: what
# is missing after the time that each gets is for the script to see.
[ -e /run/lima-system-ready ] && exit 0
if [ -d /run/systemd/system ]; then
	join-unit.sh network-online.target 120
	if [ ! -e /run/lima-cloud-init-not-needed ]; then
		# Writes package sources, and may install packages itself: two package managers lock each other out.
		join-unit.sh cloud-config.service 300
		[ -z "$LIMA_CIDATA_UPGRADE_PACKAGES" ] || join-unit.sh cloud-final.service 3600
	fi
	join-unit.sh multi-user.target 180
fi
: >/run/lima-system-ready
