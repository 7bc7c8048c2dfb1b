#!/bin/sh
# Waits until cloud-init has made the user. Exit status 1: there is no such user.
[ -e /run/lima-user-ready ] && exit 0
made=/var/lib/lima/user-made
if [ ! -e "$made" ] && [ -d /run/systemd/system ]; then
	# The stage that makes users, with keys and rights; the first name is that of cloud-init 24.3 and later.
	join-unit.sh cloud-init-network.service 900
	join-unit.sh cloud-init.service 900
fi
if ! id -u "$LIMA_CIDATA_USER" >/dev/null 2>&1; then
	rm -f "$made"
	echo "cloud-init has not made the user $LIMA_CIDATA_USER, see /var/log/cloud-init.log"
	exit 1
fi
[ -e "$made" ] || : >"$made"
: >/run/lima-user-ready
