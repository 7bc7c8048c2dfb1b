#!/bin/sh
# Makes an installed Debian in ./rootfs a guest image, and its kernel and initrd in ./out.
# Much of this is about time: an emulated guest is ten times slower, and every service at boot shows.
set -eu
root=$PWD/rootfs

put() {
	mkdir -p "$root/$(dirname "$1")"
	cat >"$root/$1"
}

inside() {
	chroot "$root" "$@"
}

# What the build needed, and what must differ from machine to machine.
rm -f "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap
rm -f "$root"/etc/ssh/ssh_host_*_key* "$root"/etc/hostname "$root"/var/lib/dbus/machine-id "$root"/var/lib/systemd/random-seed
rm -rf "$root"/var/log/apt "$root"/var/log/*.log "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old
mkdir "$root/var/log/apt"
# Empty: made at the first boot, which is not taken for the first boot of an unconfigured system.
: >"$root/etc/machine-id"

ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
put etc/hosts <<'END'
127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
END
put etc/default/locale <<'END'
LANG=C.UTF-8
END
# The root file system is mounted when systemd starts; growing it takes systemd no Python.
put etc/fstab <<END
LABEL=$LABEL / ext4 defaults,errors=remount-ro,x-systemd.growfs 0 0
END
cp guest-sources.list "$root/etc/apt/sources.list"
put etc/apt/apt.conf.d/90languages <<'END'
Acquire::Languages "none";
END

# The host boots the kernel from outside the disk: another one in here would only take space, and its initrd minutes.
inside apt-mark hold "$KERNEL_PACKAGE"
rm -f "$root"/vmlinuz* "$root"/initrd.img*
conf=$root/etc/initramfs-tools/update-initramfs.conf
[ ! -e "$conf" ] || sed -i 's/^update_initramfs=.*/update_initramfs=no/' "$conf"

inside systemctl enable systemd-networkd.service
inside systemctl disable apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
	systemd-pstore.service getty@tty1.service
chmod a-x "$root"/etc/update-motd.d/* 2>/dev/null || true
# Generators for what no such machine has. cloud-init's would search for other data sources; its target is enabled instead.
mkdir -p "$root/etc/systemd/system-generators" "$root/etc/systemd/system/multi-user.target.wants"
for name in cloud-init-generator systemd-gpt-auto-generator systemd-hibernate-resume-generator systemd-ssh-generator systemd-tpm2-generator; do
	ln -s /dev/null "$root/etc/systemd/system-generators/$name"
done
ln -s /usr/lib/systemd/system/cloud-init.target "$root/etc/systemd/system/multi-user.target.wants/cloud-init.target"

put etc/cloud/cloud.cfg.d/90-image.cfg <<'END'
datasource_list: [NoCloud, None]
# The locale is set, and there is no other.
locale: false
# An RSA key takes an emulated guest many seconds.
ssh_genkeytypes: [ed25519, ecdsa]
system_info:
  network: {renderers: [networkd]}
cloud_init_modules: [bootcmd, write_files, mounts, set_hostname, update_hostname, update_etc_hosts, ca_certs, resolv_conf, users_groups, ssh, set_passwords]
cloud_config_modules: [timezone, runcmd]
cloud_final_modules: [package_update_upgrade_install, write_files_deferred, scripts_per_once, scripts_per_boot, scripts_per_instance, scripts_user, final_message, power_state_change]
END

# Done here once instead of at each first boot: system users, message catalog, library cache. The stamps say so.
inside systemd-sysusers
inside journalctl --update-catalog
inside ldconfig
touch "$root/etc/.updated" "$root/var/.updated"

# Kernel and initrd: all that an initrd must do here is to load the disk's driver and mount.
version=$(ls "$root/usr/lib/modules")
cp "$root/boot/vmlinuz-$version" out/kernel
rm -f "$root"/boot/*
mkdir -p initrd/bin initrd/dev initrd/proc initrd/sys initrd/root initrd/modules
cp "$root/usr/bin/busybox" initrd/bin/busybox
cp init.sh initrd/init
chmod 755 initrd/init

# Packs the module and what it depends on, unpacked, and appends their names to a list.
modules() {
	inside modprobe --set-version "$version" --show-depends "$1" | sed -n 's/^insmod \([^ ]*\).*/\1/p' | while read -r path; do
		name=$(basename "$path")
		name=${name%.ko*}.ko
		[ -e "initrd/modules/$name" ] && continue
		case $path in
		*.xz) xz -dc "$root$path" ;;
		*.zst) zstd -dc "$root$path" ;;
		*) cat "$root$path" ;;
		esac >"initrd/modules/$name"
		echo "$name" >>"$2"
	done
}

: >initrd/modules/usual
: >initrd/modules/others
for module in ext4 virtio_pci virtio_mmio virtio_blk; do
	modules $module initrd/modules/usual
done
for module in virtio_scsi sd_mod nvme; do
	modules $module initrd/modules/others
done
# Not compressed: it is small, and unpacking would take longer than loading.
(cd initrd && find . | "$root/usr/bin/busybox" cpio -o -H newc) >out/initrd
