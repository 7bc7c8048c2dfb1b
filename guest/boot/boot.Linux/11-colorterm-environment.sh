#!/bin/sh
# sshd lets the host's COLORTERM through.
set -eu
! grep -qsi '^[[:space:]]*AcceptEnv.*COLORTERM' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf || exit 0
if grep -qsi '^[[:space:]]*Include[[:space:]].*/etc/ssh/sshd_config.d/' /etc/ssh/sshd_config; then
	mkdir -p /etc/ssh/sshd_config.d
	echo 'AcceptEnv COLORTERM' >/etc/ssh/sshd_config.d/60-lima.conf
else
	# Before any "Match" block, which runs to the end of the file.
	printf '%s\n' 'AcceptEnv COLORTERM' "$(cat /etc/ssh/sshd_config)" >/etc/ssh/sshd_config.lima-new
	cat /etc/ssh/sshd_config.lima-new >/etc/ssh/sshd_config
	rm -f /etc/ssh/sshd_config.lima-new
fi
if [ -d /run/systemd/system ]; then
	systemctl try-reload-or-restart ssh.service sshd.service 2>/dev/null || true
elif [ -x /sbin/rc-service ]; then
	rc-service --ifstarted sshd reload || true
fi
