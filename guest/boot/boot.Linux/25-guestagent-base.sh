#!/bin/sh
# Starts the guest agent. It runs from cidata: a copy of its 110 MB would cost seconds and disk under emulation.
set -eu
agent=$LIMA_CIDATA_MNT/lima-guestagent
if [ ! -d /run/systemd/system ]; then
	echo "the guest agent needs systemd"
	exit 1
fi
link=$LIMA_CIDATA_GUEST_INSTALL_PREFIX/bin/lima-guestagent
if [ "$(readlink "$link" || true)" != "$agent" ]; then
	mkdir -p "${link%/*}"
	ln -sf "$agent" "$link"
fi
# In /run: it is started from here on every boot, never on its own, and early: hence no default dependencies. Through sh
# for SELinux, which lets init start few kinds of files.
unit=/run/systemd/system/lima-guestagent.service
cat >"$unit" <<UNIT
[Unit]
Description=Lima guest agent
DefaultDependencies=no
Conflicts=shutdown.target
Before=shutdown.target
StartLimitIntervalSec=0

[Service]
ExecStart=/bin/sh -c 'exec $agent daemon --virtio-port $LIMA_CIDATA_VIRTIO_PORT'
Restart=on-failure
RestartSec=1
OOMPolicy=continue
OOMScoreAdjust=-500
UNIT
systemctl start lima-guestagent.service
report.sh agent ok
