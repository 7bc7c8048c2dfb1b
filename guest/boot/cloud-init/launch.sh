#!/bin/sh
# Lives in the guest as /var/lib/lima/launch.sh.
#
# launch.sh boot    mounts cidata and runs boot.sh
# launch.sh early   before cloud-init, on later boots: switches cloud-init off for this boot when it set up this very
#                   instance before and what it does on later boots is there; it would take some ten emulated seconds
set -u
LIMA_CIDATA_MNT=/mnt/lima-cidata
export LIMA_CIDATA_MNT

mount_cidata() {
	[ -e "$LIMA_CIDATA_MNT/lima.env" ] && return
	mkdir -p "$LIMA_CIDATA_MNT"
	chmod 700 "$LIMA_CIDATA_MNT"
	device=/dev/disk/by-label/cidata
	[ -e "$device" ] || device=$(blkid -L cidata) || device=LABEL=cidata
	mount -t iso9660 -o ro,mode=0700,dmode=0700,overriderockperm,exec,uid=0 "$device" "$LIMA_CIDATA_MNT"
}

# Waits up to 3 s for the network card under the name that cloud-init gave it.
has_card() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		if read -r address 2>/dev/null </sys/class/net/eth0/address && [ "$address" = "$1" ]; then return 0; fi
		sleep 0.2
	done
	return 1
}

cloud_init_is_done() {
	id='' mac='' each_boot=''
	while IFS='=' read -r key value; do
		case $key in
		LIMA_CIDATA_IID) id=$value ;;
		LIMA_CIDATA_MAC_ADDRESS) mac=$value ;;
		LIMA_CIDATA_CLOUD_INIT_EACH_BOOT) each_boot=$value ;;
		esac
	done <"$LIMA_CIDATA_MNT/lima.env"
	[ -n "$id" ] && [ -z "$each_boot" ] || return 1
	read -r last 2>/dev/null </var/lib/cloud/data/instance-id && [ "$last" = "$id" ] || return 1
	# Written at the end of its last stage.
	[ -e /var/lib/cloud/instance/boot-finished ] || return 1
	for script in /var/lib/cloud/scripts/per-boot/*; do
		[ ! -e "$script" ] || return 1
	done
	has_card "$mac"
}

mount_cidata || {
	echo "lima-boot 1 boot fail cannot mount cidata.iso"
	exit 1
}
case $1 in
boot)
	if [ -e /run/lima-cloud-init-not-needed ]; then
		# Their start is queued all the same, and as long as it is, the system waits for the network in their place.
		systemctl --no-block --quiet stop cloud-init-network.service cloud-init.service 2>/dev/null &
	fi
	exec /bin/sh "$LIMA_CIDATA_MNT/boot.sh"
	;;
early)
	cloud_init_is_done || exit 0
	: >/run/lima-cloud-init-not-needed
	# For "cloud-init status --wait", which would wait for ever otherwise.
	mkdir -p /run/cloud-init
	rm -f /run/cloud-init/enabled
	: >/run/cloud-init/disabled
	;;
esac
