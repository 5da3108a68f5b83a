# A server by the old guides, some years later: started by hand, full, crowded.
systemd-run --quiet --unit=by-hand --property=RemainAfterExit=yes --property=KillMode=none /bin/sh /etc/rc.local
systemctl start apache2
sleep 2
# connections nobody closed, and six sessions behind one lock
for n in $(seq 30); do
  systemd-run --quiet --collect runuser -u postgres -- psql -q epns_prod -c 'select pg_sleep(3000)'
done
systemd-run --quiet --collect runuser -u postgres -- psql -q epns_prod -c 'begin; lock table paket; select pg_sleep(3000)'
sleep 1
for n in $(seq 6); do
  systemd-run --quiet --collect runuser -u postgres -- psql -q epns_prod -c 'select count(*) from paket'
done
# disks that are full: of documents, of backups
for store in /home/file /backup; do
  mkdir -p $store; mount -t tmpfs -o size=256k tmpfs $store
done
mkdir -m 777 /home/file/file_prod
head -c 120000 /dev/zero > /backup/epns_prod.dump
touch -d '40 days ago' /backup/epns_prod.dump; chmod 666 /backup/epns_prod.dump; chmod 777 /backup
touch -d '40 days ago' /backup/file_prod.tar
head -c 250000 /dev/zero > /home/file/file_prod/1
head -c 90000 /dev/zero > /backup/other
# a kernel that was updated and never booted
mkdir -p "/lib/modules/$(uname -r)" /lib/modules/999.9.9
touch -d '30 days ago' "/lib/modules/$(uname -r)/modules.dep" /run/reboot-required
