#!/bin/sh
# Carried in user-data and run as root by cloud-init's bootcmd for a `mode: boot` provision script.
#
# usage: provision.sh INDEX PARAM_ENV SCRIPT
set -u
index=$1 params=$2 script=$3
dir=/var/lib/lima/provision.boot
mkdir -p "$dir"
while IFS= read -r line; do
	[ -z "$line" ] || export "${line?}"
done <<PARAMS
$params
PARAMS
# A file of its own (/run is often mounted noexec): the script's own first line decides what runs it.
printf '%s' "$script" >"$dir/$index"
chmod 700 "$dir/$index"
"$dir/$index" </dev/null || echo "boot/$index exit=$?, see /var/log/cloud-init-output.log" >>/run/lima-provision-boot.failed
