#!/bin/sh
# Builds a guest image in the current directory, from files that lie there and variables that say what. Runs as the first
# process of its own PID and mount namespaces: when it ends, nothing that it started or mounted is left.
# Standard input: a line as soon as it may begin, then silence; the end of it means that nobody waits for the result.
# Standard output: one line for each phase. Everything else goes to standard error.
set -eu
read -r _
exec 3>&1 4<&0 0</dev/null 1>&2

# Whoever cleans up after a killed build waits for this lock, which ends with the last process here.
exec 9<.
flock 9

trap 'exit 143' TERM
(
	cat <&4 >/dev/null
	kill -TERM 1
) &

phase() {
	echo "$1" >&3
}

build() {
	export TMPDIR="$PWD/tmp" DEBIAN_FRONTEND=noninteractive
	# The kernel package would make a large initrd, twice.
	export INITRD=No
	umask 022
	mkdir tmp out
	set --
	while read -r option; do
		set -- "$@" "--dpkgopt=$option"
	done <dpkg-options
	while read -r option; do
		set -- "$@" "--aptopt=$option"
	done <apt-options

	phase "downloading packages"
	mmdebstrap --mode=unshare --variant=apt --format=directory --verbose --skip=check/signed-by,check/qemu \
		--architectures="$DEBIAN_ARCH" --include="$PACKAGES" "$@" \
		--extract-hook='echo "installing the base system" >&3' \
		--essential-hook='echo "installing packages" >&3' \
		"$SUITE" "$PWD/rootfs" - <sources.list

	phase "setting up the system"
	sh -eu finish.sh

	phase "writing the disk image"
	rm -rf rootfs/tmp/* rootfs/run/* rootfs/dev/*
	MKE2FS_CONFIG="$PWD/mke2fs.conf" mke2fs -q -t ext4 -L "$LABEL" -d rootfs root.img "$SIZE"
	qemu-img convert -f raw -O qcow2 root.img out/disk
	rm -rf rootfs root.img tmp
}

build 4<&- &
wait $!
