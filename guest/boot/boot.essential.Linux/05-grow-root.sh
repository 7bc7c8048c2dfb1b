#!/bin/sh
# The root file system follows the disk when it was made larger. On a first boot, and on each boot that cloud-init takes
# part in, cloud-init does it.
set -eu
state=/var/lib/lima/root-disk-size

source=''
while read -r _ _ _ _ mountpoint rest; do
	[ "$mountpoint" = / ] || continue
	rest=${rest#*" - "}
	type=${rest%% *}
	rest=${rest#* }
	source=${rest%% *}
done </proc/self/mountinfo
case $source in /dev/*) ;; *) exit 0 ;; esac
[ "$source" != /dev/root ] || source=$(findmnt -n -o SOURCE /)
device=$(readlink -f "$source")
name=${device##*/}
block=/sys/class/block/$name
[ -e "$block" ] || exit 0
partition=''
if [ -r "$block/partition" ]; then
	read -r partition <"$block/partition"
	parent=$(readlink -f "$block/..")
	disk=${parent##*/}
else
	disk=$name
fi
read -r size <"/sys/class/block/$disk/size"
known=$size
[ ! -r "$state" ] || read -r known <"$state"
mkdir -p "${state%/*}"
echo "$size" >"$state"
if [ "$size" -le "$known" ] || [ ! -e /run/lima-cloud-init-not-needed ]; then exit 0; fi

echo "$disk grew from $known to $size sectors"
if [ -n "$partition" ]; then
	# Status 1: the partition fills the disk already.
	growpart "/dev/$disk" "$partition" || [ $? -eq 1 ]
fi
case $type in
ext2 | ext3 | ext4) resize2fs "$device" ;;
xfs) xfs_growfs / ;;
btrfs) btrfs filesystem resize max / ;;
*) echo "a file system of type $type is not grown" ;;
esac
