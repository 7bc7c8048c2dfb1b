#!/bin/sh
# The home directory was called "/home/USER.linux" by earlier versions: both names work.
set -eu
case $LIMA_CIDATA_HOME in
*.guest) other=${LIMA_CIDATA_HOME%.guest}.linux ;;
*.linux) other=${LIMA_CIDATA_HOME%.linux}.guest ;;
*) exit 0 ;;
esac
[ ! -e "$other" ] && [ ! -L "$other" ] || exit 0
mkdir -p "${other%/*}"
ln -s "${LIMA_CIDATA_HOME##*/}" "$other"
