# What a well-kept SPSE server has beside Java and PostgreSQL.
apt-get -qq install -y --no-install-recommends \
  nginx-light libnginx-mod-http-modsecurity modsecurity-crs chrony nftables fail2ban python3-systemd aide aide-common rkhunter \
  unattended-upgrades rsyslog libpam-pwquality libpam-google-authenticator postgresql-15-pgaudit auditd apparmor \
  apparmor-utils openssl curl needrestart nut-server nut-client clamav iputils-ping
apt-get clean
