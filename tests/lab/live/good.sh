# The life of a well-kept server, as far as it can be lived in a minute: its nightly jobs have run.
umask 077
runuser -u postgres -- psql -q epns_prod -c 'select pg_switch_wal()' >/dev/null
runuser -u postgres -- /usr/local/sbin/backup-spse
cd /backup
today=epns_prod-$(date +%F).dump
for day in $(seq 1 14) 45 75 105 135 165; do
  old=$(date -d "$day days ago" +%F)
  cp "$today" "epns_prod-$old.dump"
  touch -d "$old 01:00" "epns_prod-$old.dump"
done
chown postgres:postgres ./*
/opt/pantau/bin/pantau-agent restore-test >/dev/null
for n in $(seq 30); do curl -sk -o /dev/null https://127.0.0.1/eproc4; done
aide --config /etc/aide/aide.conf --check >/dev/null || test $? -lt 8
