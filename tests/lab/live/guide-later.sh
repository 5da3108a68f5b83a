# Release files are what tells a system's age: this is Debian 9's own, on a host that is Debian 12.
cat > /etc/os-release.stretch <<'C'
PRETTY_NAME="Debian GNU/Linux 9 (stretch)"
NAME="Debian GNU/Linux"
VERSION_ID="9"
VERSION="9 (stretch)"
VERSION_CODENAME=stretch
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
C
rm -f /etc/os-release; mv /etc/os-release.stretch /etc/os-release
