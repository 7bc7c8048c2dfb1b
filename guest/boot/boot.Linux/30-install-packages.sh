#!/bin/sh
# Runs the `mode: dependency` provision scripts, which install what other scripts need. The first failure ends it.
set -u
for script in "$LIMA_CIDATA_MNT"/provision.dependency/*; do
	[ -f "$script" ] || continue
	wait-system.sh
	report.sh provision start "dependency/${script##*/}"
	"$script" || {
		code=$?
		report.sh provision fail "dependency/${script##*/} exit=$code"
		exit "$code"
	}
	report.sh provision ok "dependency/${script##*/}"
done
