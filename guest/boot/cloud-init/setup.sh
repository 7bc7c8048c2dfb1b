#!/bin/sh
# Carried in user-data and run as root by cloud-init's bootcmd: on a first boot, and on each later one that cloud-init
# takes part in. Makes lima-boot.service, which runs boot.sh on every boot, and starts it.
#
# usage: setup.sh USER GID BOOT_PORT LAUNCHER
set -u
user=$1 gid=$2 port=/dev/virtio-ports/$3 launcher=$4
dir=/var/lib/lima

# Once for the serial log, once for the host agent. A write to a port that nobody listens on blocks, hence the timeout.
echo 'lima-boot 1 cloud-init start'
if [ -c "$port" ]; then
	# shellcheck disable=SC2016 # expanded by the inner shell
	timeout 3 sh -c 'echo "lima-boot 1 cloud-init start" >"$1"' sh "$port" >/dev/null 2>&1 &
fi

# The user's own group gets the host's group id even if a group of the guest has it already (20 is "dialout" in Debian).
# cloud-init cannot say that, but takes the group as it finds it.
if [ "$gid" -gt 0 ] && ! getent group "$user" >/dev/null 2>&1; then
	groupadd -o -g "$gid" "$user" 2>/dev/null || addgroup -g "$gid" "$user" ||
		echo "lima: cannot make group $user with id $gid"
fi

# put FILE: writes stdin to FILE, unless that is what it holds already.
put() {
	cat >"$1.lima-new"
	if cmp -s "$1.lima-new" "$1"; then
		rm -f "$1.lima-new"
	else
		mv -f "$1.lima-new" "$1"
	fi
}

mkdir -p "$dir"
chmod 700 "$dir"
printf '%s' "$launcher" | put "$dir/launch.sh"

if [ ! -d /run/systemd/system ]; then
	mkdir -p /var/lib/cloud/scripts/per-boot
	printf '#!/bin/sh\nexec /bin/sh %s/launch.sh boot\n' "$dir" | put /var/lib/cloud/scripts/per-boot/00-lima.boot.sh
	chmod 755 /var/lib/cloud/scripts/per-boot/00-lima.boot.sh
	exit 0
fi

units=/etc/systemd/system
put "$units/lima-early.service" <<'UNIT'
[Unit]
Description=Lima: mount cidata, see whether cloud-init has work on this boot
DefaultDependencies=no
Wants=dev-disk-by\x2dlabel-cidata.device
After=dev-disk-by\x2dlabel-cidata.device systemd-remount-fs.service
RequiresMountsFor=/var/lib/lima
Before=cloud-init-main.service cloud-init-local.service cloud-init.service cloud-init-network.service shutdown.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh /var/lib/lima/launch.sh early
StandardOutput=journal+console

[Install]
WantedBy=multi-user.target
UNIT

# "simple": nothing waits for the scripts to end, so a script may wait for anything that systemd starts.
put "$units/lima-boot.service" <<'UNIT'
[Unit]
Description=Lima: boot scripts from cidata.iso
DefaultDependencies=no
Wants=dev-disk-by\x2dlabel-cidata.device
After=dev-disk-by\x2dlabel-cidata.device systemd-remount-fs.service local-fs.target lima-early.service
Before=shutdown.target
Conflicts=shutdown.target

[Service]
Type=simple
RemainAfterExit=yes
ExecStart=/bin/sh /var/lib/lima/launch.sh boot
StandardOutput=journal+console
KillMode=mixed
TimeoutStopSec=10
TasksMax=infinity

[Install]
WantedBy=multi-user.target
UNIT

mkdir -p "$units/multi-user.target.wants"
for unit in lima-early.service lima-boot.service; do
	ln -sf "../$unit" "$units/multi-user.target.wants/$unit"
done

# cloud-init's units of all its versions; lima-early.service makes the file where they have nothing to do.
for unit in cloud-init-main cloud-init-local cloud-init cloud-init-network cloud-config cloud-final; do
	mkdir -p "$units/$unit.service.d"
	printf '[Unit]\nConditionPathExists=!/run/lima-cloud-init-not-needed\n' | put "$units/$unit.service.d/50-lima.conf"
done

# Containers of the user need all controllers; it must be known before the user's first session.
mkdir -p "$units/user@.service.d"
printf '[Service]\nDelegate=yes\n' | put "$units/user@.service.d/50-lima.conf"

systemctl start --no-block lima-boot.service ||
	{ systemctl daemon-reload && systemctl start --no-block lima-boot.service; }
