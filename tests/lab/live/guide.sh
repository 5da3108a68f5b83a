# A server by the old guides, some years later: started by hand, full, crowded.
systemd-run --quiet --unit=by-hand --property=RemainAfterExit=yes --property=KillMode=none /bin/sh /etc/rc.local
systemctl start apache2
# a standby that came to be by hand, with the rights of the superuser
standby=/srv/standby
install -d -m 700 -o postgres -g postgres $standby
runuser -u postgres -- pg_basebackup -h 127.0.0.1 -U postgres -D $standby -R -X stream -c fast
systemd-run --quiet --collect --unit=standby --property=KillMode=mixed runuser -u postgres -- /usr/lib/postgresql/15/bin/postgres \
  -c config_file=/etc/postgresql/15/main/postgresql.conf -c hba_file=/etc/postgresql/15/main/pg_hba.conf \
  -c data_directory=$standby -c port=5433 -c external_pid_file=
# fifty thousand bids are due in three hours
runuser -u postgres -- psql -q epns_prod -c "insert into pantau.tenggat values (now() + interval '3 hours', 50000)"
# the reports that take six seconds, all at once
for n in $(seq 30); do curl -s -o /dev/null "http://127.0.0.1/rekap.php?$n" & done
# a million pages read, from disk, for the cache holds sixteen
runuser -u postgres -- psql -q epns_prod -c 'do $$ begin for n in 1 .. 600 loop perform count(*) from arsip; end loop; end $$' &
# connections nobody closed, and six sessions behind one lock
for n in $(seq 30); do
  systemd-run --quiet --collect runuser -u postgres -- psql -q epns_prod -c 'select pg_sleep(3000)'
done
systemd-run --quiet --collect runuser -u postgres -- psql -q epns_prod -c 'begin; lock table paket; select pg_sleep(3000)'
sleep 1
for n in $(seq 6); do
  systemd-run --quiet --collect runuser -u postgres -- psql -q epns_prod -c 'select count(*) from paket'
done
wait
# visitors who never finish their request: most of Apache's workers
systemd-run --quiet --collect --unit=slow-visitors python3 -c '
import socket, time
held = [socket.create_connection(("127.0.0.1", 80)) for _ in range(52)]
for one in held:
    one.sendall(b"GET / HTTP/1.1\r\n")
time.sleep(3000)'
# a process close to the number of files it may open
pid=$(pgrep -f 'postgres: .* SELECT' | head -n 1)
files=$(ls "/proc/$pid/fd" | wc -l)
runuser -u postgres -- prlimit --pid "$pid" --nofile="$((files + 1)):$((files + 1))"
# the log of eight days, in the words of log4j: quiet until today
for day in $(seq 8 -1 1); do
  when=$(date -d "$day days ago" +%F)
  echo "$when 01:12:13,456 ERROR  ~ koneksi ditutup" > "/home/appserv/spse/webapp/logs/spse-$when.log"
  touch -d "$when 23:59" "/home/appserv/spse/webapp/logs/spse-$when.log"
done
for n in $(seq 400); do echo "$(date '+%F %T'),000 ERROR  ~ tidak dapat menyimpan paket"; done >> /home/appserv/spse/webapp/logs/spse.log
# disks that are full: of documents, of backups, of everything
for store in /home/file /backup; do
  mkdir -p $store; mount -t tmpfs -o size=256k tmpfs $store
done
mkdir -m 777 /home/file/file_prod
head -c 120000 /dev/zero > /backup/epns_prod.dump
touch -d '40 days ago' /backup/epns_prod.dump; chmod 666 /backup/epns_prod.dump; chmod 777 /backup
touch -d '40 days ago' /backup/file_prod.tar
head -c 250000 /dev/zero > /home/file/file_prod/1
head -c 90000 /dev/zero > /backup/other
fill() { # fill DIRECTORY KILOBYTES-LEFT
  free=$(df --output=avail "$1" | tail -n 1)
  [ "$free" -le "$2" ] || fallocate -l "$((free - $2))K" "$1/lama.bin"
}
mkdir -p /home/lama
fill /home 800; fill /var/log 3000; fill /var/lib/postgresql 2500
(cd /home/lama && seq 2000 | xargs touch 2>/dev/null) || true
# a kernel that was updated and never booted
mkdir -p "/lib/modules/$(uname -r)" /lib/modules/999.9.9
touch -d '30 days ago' "/lib/modules/$(uname -r)/modules.dep" /run/reboot-required
/opt/pantau/bin/python3 -P /lab/past.py filling
# a key that nobody has changed for two years
touch -d '2 years ago' /var/lib/pantau/agent_key.pem
