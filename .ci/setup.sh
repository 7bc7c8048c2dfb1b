#!/bin/sh
# Installs what building and testing need and what is not there yet; quick and silent when all of it is.
#
#   .ci/setup.sh bun    Bun and the npm packages, into node_modules: enough for the build and the unit tests
#   .ci/setup.sh        that, and the system's packages that the program and its tests run (Debian and its derivatives)
set -eu
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
# sbin is not in the PATH of an ordinary user on Debian, mke2fs lives there.
has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }

# --- system packages -------------------------------------------------------------------------------------------------

# Prints the Debian packages that are missing. A program is looked for by its name, so one from elsewhere counts too.
missing_packages() {
  case "$(uname -m)" in
    aarch64 | arm64) has qemu-system-aarch64 || echo qemu-system-arm; [ -e /usr/share/AAVMF/AAVMF_CODE.fd ] || echo qemu-efi-aarch64 ;;
    *) has qemu-system-x86_64 || echo qemu-system-x86; [ -e /usr/share/OVMF/OVMF_CODE_4M.fd ] || [ -e /usr/share/OVMF/OVMF_CODE.fd ] || echo ovmf ;;
  esac
  # The option ROM of virtio-net: only a recommendation on arm64, and without it QEMU does not start.
  [ -d /usr/lib/ipxe/qemu ] || [ -e /usr/share/qemu/efi-virtio.rom ] || echo ipxe-qemu
  has qemu-img || echo qemu-utils
  has ssh || echo openssh-client
  has mmdebstrap || echo mmdebstrap
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
  has newuidmap || echo uidmap
  has mke2fs || echo e2fsprogs
  has xz || echo xz-utils
  has bzip2 || echo bzip2
  has shellcheck || echo shellcheck
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Another apt or dpkg may be at work (a first boot, unattended upgrades): both locks are waited for, ten minutes at most.
apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@"
}

update_lists() {
  for _ in $(seq 120); do
    # The lock of the package lists is the one that apt does not wait for by itself.
    if output=$(apt update 2>&1); then return 0; fi
    case "$output" in
      *"Could not get lock"*) sleep 5 ;;
      *) printf '%s\n' "$output" >&2; return 1 ;;
    esac
  done
  die "the lock of apt's package lists is still held after ten minutes"
}

install_packages() {
  packages=$(missing_packages | tr '\n' ' ')
  [ -n "$packages" ] || return 0
  has apt-get || die "please install what these Debian packages hold, there is no apt-get here: $packages"
  [ "$(id -u)" -eq 0 ] || has sudo || die "please install as root (there is no sudo here): apt-get install $packages"
  say "installing $packages"
  update_lists || say "the package lists could not be refreshed, trying with what is there"
  # shellcheck disable=SC2086 # a list of words
  apt install -y --no-install-recommends $packages >&2
  packages=$(missing_packages | tr '\n' ' ')
  [ -z "$packages" ] || die "installed, but still not found: $packages"
}

# --- Bun and the npm packages ----------------------------------------------------------------------------------------

bun=node_modules/.bin/bun

# What decides the content of node_modules; a copy lies there once it is complete.
wanted() { cat package.json bunfig.toml bun.lock; }

# Bun is an npm package like the others, so npm fetches the first one: the package that holds the executable for this
# machine, into a directory that is thrown away. Bun itself then installs everything, held to the checksums of bun.lock.
bootstrap() {
  has npm || die "npm is needed to fetch Bun: please install node and npm"
  package=$(node -p '"@oven/bun-" + process.platform + "-" + process.arch.replace("arm64", "aarch64")')
  temp=$(mktemp -d)
  trap 'rm -rf "$temp"' EXIT
  trap 'exit 130' INT TERM
  say "fetching bun $version"
  echo '{}' >"$temp/package.json"
  npm install --prefix "$temp" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error "$package@$version" >&2
  node .ci/check-bun.cjs "$temp" "$package" || die "the bun that npm fetched is not the one in bun.lock"
  bun=$temp/node_modules/$package/bin/bun
}

is_wanted() { [ "$("$1" --version 2>/dev/null)" = "$version" ]; }

install_bun() {
  if wanted | cmp -s - node_modules/.installed && "$bun" --version >/dev/null 2>&1; then return 0; fi
  has node || die "node is needed to fetch Bun: please install node and npm"
  version=$(node -p 'require("./package.json").devDependencies.bun')
  if ! is_wanted "$bun"; then
    rm -rf node_modules/bun node_modules/@oven
    bootstrap
  fi
  "$bun" install --frozen-lockfile >&2
  # No package's install script runs by itself (bunfig.toml). This one moves Bun's executable out of its platform
  # package into the place of a placeholder; a second run would find none and download what nobody has checked.
  is_wanted node_modules/.bin/bun || (cd node_modules/bun && node install.js)
  is_wanted node_modules/.bin/bun || die "node_modules/.bin/bun is not bun $version"
  wanted >node_modules/.installed
}

case "${1-all}" in
  bun) install_bun ;;
  all)
    install_packages
    install_bun
    ;;
  *) die "unknown argument \"$1\": nothing or \"bun\"" ;;
esac
