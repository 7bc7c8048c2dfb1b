#!/bin/sh
# Waits until the start of a systemd unit that is under way, or waits its turn, has come to an end. Starts nothing.
#
# usage: join-unit.sh UNIT SECONDS
unit=$1 seconds=$2
case $(systemctl show -p Job --value "$unit" 2>/dev/null) in
'' | 0) ;;
# A second "start" of a job joins it.
*) timeout "$seconds" systemctl start "$unit" ;;
esac
