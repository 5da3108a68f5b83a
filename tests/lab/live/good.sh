# The life of a well-kept server, as far as it can be lived in a minute: its nightly jobs have run.
umask 077
cat /etc/pantau-lab/siti.pub > /home/siti/.ssh/authorized_keys
/opt/pantau/bin/python3 -P /lab/past.py steady
sql() { runuser -u postgres -- psql -q epns_prod "$@" >/dev/null; }
sql -c 'select pg_switch_wal()'
runuser -u postgres -- psql -q epns_prod -c "insert into pantau.tenggat values (now() + interval '3 hours', 12)"
# a million pages read, nearly all from memory
sql -c 'do $$ begin for n in 1 .. 600 loop perform count(*) from arsip; end loop; end $$' -c 'vacuum analyze' &
# the restore is tested on the dump before it is sealed
clear=/backup/epns_prod-$(date +%F).dump
runuser -u postgres -- pg_dump -Fc epns_prod -f "$clear"
/opt/pantau/bin/pantau-agent restore-test --backup "$clear" >/dev/null
rm "$clear"
runuser -u postgres -- /usr/local/sbin/backup-spse
cd /backup
today=$(basename "$clear").gpg
for day in $(seq 1 14) 45 75 105 135 165; do
  old=$(date -d "$day days ago" +%F)
  cp "$today" "epns_prod-$old.dump.gpg"
  touch -d "$old 01:00" "epns_prod-$old.dump.gpg"
done
chown postgres:postgres ./*
# the log of eight days, in the words of log4j: a few errors a day
for day in $(seq 8 -1 1); do
  when=$(date -d "$day days ago" +%F)
  log=/home/appserv/spse/webapp/logs/spse-$when.log
  for n in 1 2 3; do echo "$when 0$n:12:13,456 ERROR  ~ koneksi ditutup oleh klien"; done > "$log"
  chown appserv:appserv "$log"; chmod 640 "$log"; touch -d "$when 23:59" "$log"
done
for n in $(seq 30); do curl -sk -o /dev/null https://127.0.0.1/eproc4; done
clamscan --recursive --log=/var/log/clamav/clamscan.log --infected /home/appserv /home/file /var/www >/dev/null 2>&1 || test $? = 1
chmod 640 /var/log/clamav/clamscan.log
aide --config /etc/aide/aide.conf --check >/dev/null || test $? -lt 8
wait
