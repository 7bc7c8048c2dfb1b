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

# put FILE TEXT: writes FILE, unless that is what it holds already. Few programs are run here: the boot waits.
put() {
	[ -e "$1" ] && [ "$(cat "$1")" = "$2" ] || printf '%s\n' "$2" >"$1"
}

if [ ! -d /run/systemd/system ]; then
	script=/var/lib/cloud/scripts/per-boot/00-lima.boot.sh
	mkdir -p "$dir" "${script%/*}"
	put "$dir/launch.sh" "$launcher"
	put "$script" "#!/bin/sh
exec /bin/sh $dir/launch.sh boot"
	chmod 755 "$script"
	exit 0
fi

units=/etc/systemd/system
# cloud-init's units in all its versions.
cloud_init='cloud-init-main cloud-init-local cloud-init cloud-init-network cloud-config cloud-final'
set -- "$dir" "$units/multi-user.target.wants" "$units/user@.service.d"
for unit in $cloud_init; do
	set -- "$@" "$units/$unit.service.d"
done
mkdir -p "$@"

put "$dir/launch.sh" "$launcher"

put "$units/lima-early.service" '[Unit]
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
WantedBy=multi-user.target'

# "simple": nothing waits for the scripts to end, so a script may wait for anything that systemd starts.
put "$units/lima-boot.service" '[Unit]
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
WantedBy=multi-user.target'

ln -sf ../lima-early.service ../lima-boot.service "$units/multi-user.target.wants"

# lima-early.service makes the file where cloud-init has nothing to do.
for unit in $cloud_init; do
	put "$units/$unit.service.d/50-lima.conf" '[Unit]
ConditionPathExists=!/run/lima-cloud-init-not-needed'
done

# Containers of the user need all controllers; it must be known before the user's first session.
put "$units/user@.service.d/50-lima.conf" '[Service]
Delegate=yes'

systemctl start --no-block lima-boot.service ||
	{ systemctl daemon-reload && systemctl start --no-block lima-boot.service; }
