# What the guides install: Apache before SPSE; and what such servers gather over the years.
apt-get -qq install -y --no-install-recommends apache2 libapache2-mod-php php-cli vsftpd rpcbind openssl curl postgresql-plpython3-15 \
  xdm faketime iputils-ping
# Nobody updated for months: the versions of the last point release, where Debian's security archive has newer ones.
older() {
  apt-cache madison "$1" | awk -F'|' '!/security/ { gsub(/ /, "", $2); print $2 }' | sort -V | head -n 1
}
for package in postgresql-15 postgresql-client-15 postgresql-plpython3-15 openssl; do
  version=$(older "$package")
  [ -z "$version" ] || set -- "$@" "$package=$version"
done
apt-get -qq install -y --no-install-recommends --allow-downgrades "$@"
apt-get clean
