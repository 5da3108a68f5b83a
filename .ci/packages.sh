#!/bin/sh
# Install the Debian packages that some tests need. Without root (or without apt) those tests are skipped, and say why.
# usage: packages.sh
set -eu
packages="postgresql chromium fonts-noto-core openssh-server openssh-client sudo curl nginx-light openssl iproute2 procps sysstat zstd"
missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not installed:$missing. Tests that need them are skipped; as root this would install them." >&2
  exit 0
fi
echo "Installing$missing ..." >&2
log=$(mktemp)
# the tests start what they need themselves: nothing that is installed here shall start by itself (invoke-rc.d(8))
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing; } >"$log" 2>&1 ||
  { tail -20 "$log" >&2; echo "apt-get failed; tests that need$missing are skipped" >&2; }
rm -f "$log"
