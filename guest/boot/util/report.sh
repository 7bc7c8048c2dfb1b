#!/bin/sh
# Reports progress to the host agent and the console, from a script that boot.sh runs.
#
# usage: report.sh STAGE STATE DETAIL...
echo "lima-boot 1 $*" >&9
[ -z "$LIMA_BOOT_FIFO" ] || echo "lima-boot 1 $*" >"$LIMA_BOOT_FIFO"
