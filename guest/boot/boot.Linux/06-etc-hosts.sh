#!/bin/sh
# host.lima.internal is the host.
set -eu
name=host.lima.internal
line="$LIMA_CIDATA_SLIRP_GATEWAY $name"
! grep -qsxF "$line" /etc/hosts || exit 0
[ ! -e /etc/hosts ] || sed -i "/[[:space:]]$name\$/d" /etc/hosts
echo "$line" >>/etc/hosts
