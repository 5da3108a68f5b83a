# Logs that stay, leave the host, and are closed to others; updates; integrity; rootkits.
mkdir -p /var/log/journal /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=persistent\n' > /etc/systemd/journald.conf.d/site.conf
printf '*.* action(type="omfwd" target="10.99.0.1" port="6514" protocol="tcp" queue.type="LinkedList")\n' \
  > /etc/rsyslog.d/10-site.conf
sed -i 's/rotate 4$/rotate 60/' /etc/logrotate.d/rsyslog
printf 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n' > /etc/apt/apt.conf.d/20auto-upgrades
cp /usr/share/doc/auditd/examples/rules/*.rules /etc/audit/rules.d/ 2>/dev/null || true

sed -i 's/^CRON_DAILY_RUN=.*/CRON_DAILY_RUN="true"/' /etc/default/rkhunter
printf 'ALLOW_SSH_ROOT_USER=no\nALLOWHIDDENDIR=/etc/.java\nSCRIPTWHITELIST=/usr/bin/ldd\n' > /etc/rkhunter.conf.local
# AIDE watches what must not change by itself: programs, settings, SPSE. All of /usr would take minutes every night.
cat > /etc/aide/aide.conf <<'C'
database_in=file:/var/lib/aide/aide.db
database_out=file:/var/lib/aide/aide.db.new
report_url=stdout
report_url=file:/var/log/aide/aide.log
log_level=warning
Watched = p+u+g+s+m+sha256
/etc Watched
/usr/bin Watched
/usr/sbin Watched
/home/appserv/spse/framework Watched
/home/appserv/spse/webapp/conf Watched
C
rm -rf /etc/aide/aide.conf.d
mkdir -p /var/log/aide

# A UPS without a UPS: NUT's own driver for tests, which says what a file tells it.
printf 'MODE=standalone\n' > /etc/nut/nut.conf
printf 'pollinterval = 1\n[apc]\n  driver = dummy-ups\n  port = apc.dev\n  mode = dummy-once\n  desc = "none: the driver for tests"\n' > /etc/nut/ups.conf
printf 'ups.mfr: none\nups.model: dummy-ups\nups.status: OL\nbattery.charge: 100\nbattery.runtime: 2400\n' > /etc/nut/apc.dev
printf 'LISTEN 127.0.0.1 3493\n' > /etc/nut/upsd.conf
password=$(openssl rand -hex 16)
printf '[monitor]\n  password = %s\n  upsmon primary\n  actions = SET\n' "$password" > /etc/nut/upsd.users
printf 'MONITOR apc@localhost 1 monitor %s primary\nSHUTDOWNCMD "/bin/true"\nPOLLFREQ 1\nPOLLFREQALERT 1\nFINALDELAY 5\nDEADTIME 15\n' "$password" \
  > /etc/nut/upsmon.conf
chown -R root:nut /etc/nut; chmod 640 /etc/nut/*
systemctl enable nut-driver-enumerator.service nut-server nut-monitor

# Signatures of our own, for the makers' come from their own servers alone: one word of a web shell is enough to know one by.
mkdir -p /tmp/signatures /var/log/clamav
printf 'Lab.WebShell:0:*:%s\n' "$(printf 'eval(base64_decode(' | od -An -tx1 | tr -d ' \n')" > /tmp/signatures/daily.ndb
(cd /tmp/signatures && echo 'Pantau laboratory' > COPYING && echo laboratory | sigtool --build=daily.cud --unsigned --cvd-version=1)
install -m 644 /tmp/signatures/daily.cud /var/lib/clamav/daily.cud
rm -r /tmp/signatures
