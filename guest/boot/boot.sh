#!/bin/sh
# Prepares the guest. Runs as root on every boot, from lima-boot.service (without systemd: from cloud-init's per-boot
# scripts). A script that fails does not stop the run; it makes the end "done fail".
set -u
mnt=${LIMA_CIDATA_MNT:-/mnt/lima-cidata}
log=/var/log/lima-boot.log
fifo=/run/lima-boot.fifo
umask 022

# ---- environment

export LIMA_CIDATA_MNT="$mnt"
export LIMA_REBOOT_REQUIRED=/run/lima-reboot-required
export HOME="${HOME:-/root}"
PATH=$mnt/util:${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
export PATH
rm -f /run/lima-boot-done /run/lima-user-ready /run/lima-system-ready "$LIMA_REBOOT_REQUIRED"

for file in lima.env param.env; do
	while IFS= read -r line; do
		[ -z "$line" ] || export "${line?}"
	done <"$mnt/$file"
done
# As pam_env reads it: no expansion, one pair of quotes around a value goes.
while IFS= read -r line; do
	case $line in
	'' | '#'*) continue ;;
	*=\"*\") value=${line#*=\"} && line="${line%%=*}=${value%\"}" ;;
	esac
	export "${line?}"
done <"$mnt/etc_environment"

[ ! -f "$log" ] || mv -f "$log" "$log.1"
: >"$log"
chmod 600 "$log"

# ---- reports: "lima-boot 1 STAGE STATE DETAIL" to the journal, the console and the host agent

# Only one process can have the port open, and a write blocks until the host agent listens: `cat` waits in our place.
# Opened for reading and writing, the FIFO takes 64 KiB before a reader is there.
port=/dev/virtio-ports/$LIMA_CIDATA_BOOT_PORT
export LIMA_BOOT_FIFO=
if [ -c "$port" ] && rm -f "$fifo" && mkfifo -m 600 "$fifo"; then
	exec 8<>"$fifo"
	LIMA_BOOT_FIFO=$fifo
	{
		# The line that announced cloud-init may still be on its way.
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			cat <"$fifo" >"$port" && break
			sleep 0.5
		done
	} 2>/dev/null 8>&- &
fi

# report STAGE STATE DETAIL...: util/report.sh is the same for the scripts that are run from here.
exec 9>&1
report() {
	echo "lima-boot 1 $*" >&9
	[ -z "$LIMA_BOOT_FIFO" ] || echo "lima-boot 1 $*" >&8
}

listens_on_ssh_port() {
	for table in /proc/net/tcp /proc/net/tcp6; do
		[ -r "$table" ] || continue
		while read -r _ local _ state _; do
			case "$local $state" in *:0016\ 0A) return 0 ;; esac
		done <"$table"
	done
	return 1
}

# The host may log in as soon as sshd listens and the system lets users in, long before the scripts are done.
watch_sshd() {
	tries=0
	while [ "$tries" -lt 1200 ]; do
		if [ ! -e /run/nologin ] && listens_on_ssh_port; then
			report sshd ok
			return
		fi
		sleep 0.25
		tries=$((tries + 1))
	done
	report sshd fail "nothing listens on port 22"
}

# ---- running scripts

failed=0
attempt() { # STAGE NAME COMMAND...
	stage=$1 name=$2
	shift 2
	report "$stage" start "$name"
	read -r uptime _ </proc/uptime
	echo "===== $uptime $stage $name" >>"$log"
	code=0
	"$@" >>"$log" 2>&1 </dev/null 8>&- || code=$?
	if [ "$code" -eq 0 ]; then
		report "$stage" ok "$name"
		return
	fi
	failed=$((failed + 1))
	last=$(tail -n 1 "$log")
	case $last in "====="*) last= ;; esac
	report "$stage" fail "$name exit=$code $last"
	tail -n 20 "$log" >&9
}

run_modules() { # DIRECTORY
	for script in "$mnt/$1"/*.sh; do
		[ -f "$script" ] || continue
		if [ "${LIMA_CIDATA_DEBUG:-}" = true ]; then
			attempt module "${script##*/}" sh -x "$script"
		else
			attempt module "${script##*/}" "$script"
		fi
	done
}

run_provision() { # MODE COMMAND...: runs COMMAND with each file of that mode
	mode=$1
	shift
	for script in "$mnt/provision.$mode"/*; do
		[ -f "$script" ] || continue
		wait-system.sh >>"$log" 2>&1 8>&-
		attempt provision "$mode/${script##*/}" "$@" "$script"
	done
}

report boot start "$LIMA_CIDATA_IID"
watch_sshd &
watcher=$!

run_modules boot.essential.Linux
if [ -z "${LIMA_CIDATA_PLAIN:-}" ]; then
	run_modules boot.Linux
fi
if ! missing=$(wait-user.sh 8>&-); then
	failed=$((failed + 1))
	report boot fail "$missing"
fi
run_provision data install-data.sh
run_provision system env
run_provision user run-as-user.sh
# Those of mode "boot" run in cloud-init, which cannot report.
if [ -n "$LIMA_CIDATA_CLOUD_INIT_EACH_BOOT" ]; then
	join-unit.sh cloud-init-network.service 900 8>&-
	join-unit.sh cloud-init.service 900 8>&-
fi
while read -r failure; do
	failed=$((failed + 1))
	report provision fail "$failure"
done 2>/dev/null </run/lima-provision-boot.failed

if [ ! -e "$LIMA_REBOOT_REQUIRED" ]; then
	echo "$LIMA_CIDATA_IID" >/run/lima-boot-done
fi
if [ "$failed" -eq 0 ]; then
	report 'done' ok
else
	report 'done' fail "$failed failed, see $log"
fi
wait "$watcher"
[ "$failed" -eq 0 ]
