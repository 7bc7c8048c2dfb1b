#!/bin/busybox sh
# First process of the initrd: loads the drivers of the disk, mounts the root file system and hands over to it.
# When it gives up, it ends, and the kernel panics below the reason.
export PATH=/bin
bb=/bin/busybox
$bb mount -t devtmpfs dev /dev
$bb mount -t proc proc /proc
$bb mount -t sysfs sys /sys

root='' init=/sbin/init mode=ro options=''
for word in $($bb cat /proc/cmdline); do
	case $word in
	root=*) root=${word#root=} ;;
	rootflags=*) options=,${word#rootflags=} ;;
	init=*) init=${word#init=} ;;
	ro | rw) mode=$word ;;
	esac
done

load() {
	while read -r module; do
		$bb insmod "/modules/$module"
	done <"/modules/$1"
}

# Sets device if the root file system is there.
find_root() {
	case $root in
	LABEL=* | UUID=*) device=$($bb findfs "$root" 2>/dev/null) ;;
	*) device=$root ;;
	esac
	[ -b "$device" ]
}

load usual
tries=0
until find_root; do
	tries=$((tries + 1))
	# Not one of the usual disks.
	[ $tries -eq 20 ] && load others
	if [ $tries -ge 600 ]; then
		echo "initrd: cannot find the root file system $root among these:"
		$bb cat /proc/partitions
		exit 1
	fi
	$bb sleep 0.05
done
if ! $bb mount -t ext4 -o "$mode$options" "$device" /root; then
	echo "initrd: cannot mount the root file system $device"
	exit 1
fi
for dir in dev proc sys; do
	$bb mount --move /$dir /root/$dir
done
exec $bb switch_root /root "$init"
