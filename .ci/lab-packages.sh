#!/bin/sh
# Install the Debian packages that `make lab` needs to make and boot its hosts. Without root there is no laboratory.
# usage: lab-packages.sh
set -eu
packages="mmdebstrap systemd-container iproute2 util-linux e2fsprogs openssh-client"
missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "make lab boots hosts: it needs root on a Debian machine" >&2
  exit 2
fi
lists=$(apt-get indextargets --format '$(ORIGIN) $(CODENAME)' 'Created-By: Packages' | grep -c '^Debian bookworm$' || true)
[ -z "$missing" ] && [ "$lists" != 0 ] && exit 0
echo "Installing$missing ..." >&2
log=$(mktemp)
{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $packages; } >"$log" 2>&1 ||
  { tail -20 "$log" >&2; echo "apt-get failed; there is no laboratory without$missing" >&2; exit 1; }
rm -f "$log"
