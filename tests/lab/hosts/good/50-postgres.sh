# PostgreSQL with checksums, SCRAM, an audit trail, an archive of its WAL, and a small database of SPSE's shape.
pg_dropcluster 15 main 2>/dev/null || true
pg_createcluster 15 main -- --data-checksums --auth-local=peer --auth-host=scram-sha-256
etc=/etc/postgresql/15/main
cat > $etc/conf.d/site.conf <<'C'
listen_addresses = 'localhost'
max_connections = 100
password_encryption = scram-sha-256
shared_preload_libraries = 'pgaudit'
log_connections = on
log_disconnections = on
log_statement = ddl
log_line_prefix = '%m [%p] %q%u@%d %r '
wal_level = replica
archive_mode = on
archive_timeout = 900
archive_command = 'test ! -f /backup/wal/%f && cp %p /backup/wal/%f'
C
cat > $etc/pg_hba.conf <<'C'
local all postgres peer
local all all peer
host epns_prod epns 127.0.0.1/32 scram-sha-256
host epns_prod epns ::1/128 scram-sha-256
host replication standby 127.0.0.1/32 scram-sha-256
C
chown postgres:postgres $etc/pg_hba.conf
chmod 640 $etc/pg_hba.conf
install -d -m 700 -o postgres -g postgres /backup /backup/wal
pg_ctlcluster 15 main start
password=$(openssl rand -hex 16)
runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 <<S
create role epns login password '$password';
create role standby login replication password '$password';
create database epns_prod owner epns;
\\c epns_prod
create schema ekontrak authorization epns;
create table public.arsip with (fillfactor = 10) as select n, repeat('x', 300) as isi from generate_series(1, 4000) n;
create table public.paket as select n as pkt_id, md5(n::text) as pkt_nama from generate_series(1, 5000) n;
create schema pantau;
create table pantau.tenggat (deadline timestamptz, bids int);
create view pantau.deadlines as select deadline, bids from pantau.tenggat;
vacuum analyze;
S
# The standby's place is a second cluster here; another server would be better, and the laboratory has none to spare.
pg_createcluster 15 standby -p 5433 -- --data-checksums --auth-local=peer --auth-host=scram-sha-256
standby=/var/lib/postgresql/15/standby
rm -rf $standby
PGPASSWORD=$password runuser -u postgres --preserve-environment -- pg_basebackup -h 127.0.0.1 -U standby -D $standby -R -X stream -c fast
cp $etc/conf.d/site.conf /etc/postgresql/15/standby/conf.d/; cp $etc/pg_hba.conf /etc/postgresql/15/standby/pg_hba.conf
sed -i 's/^archive_mode.*/archive_mode = off/' /etc/postgresql/15/standby/conf.d/site.conf
chown -R postgres:postgres /etc/postgresql/15/standby; chmod 700 $standby
pg_ctlcluster 15 main stop

cat > /usr/local/sbin/backup-spse <<'B'
#!/bin/bash
# Every night: the database, the documents and the configuration, sealed, for root and postgres alone.
set -euo pipefail
umask 077
today=/backup/epns_prod-$(date +%F).dump.gpg
sealed() { gpg --batch --quiet --yes --homedir /var/lib/postgresql/.gnupg --recipient-file /etc/backup.pub --encrypt --output "$1"; }
tar -C /home/file -c file_prod | sealed "/backup/file_prod-$(date +%F).tar.gpg"
tar -C /etc -cz nginx postgresql nftables.conf | sealed "/backup/conf-$(date +%F).tar.gz.gpg"
pg_dump -Fc epns_prod | sealed "$today"
(cd /backup && sha256sum "$(basename "$today")" > "$today.sha256")
# to the two receivers of the site (they stand for another server, and for another place)
cat "$today" > /dev/tcp/10.99.0.1/6514 && touch /backup/off-host.stamp
cat "$today" > /dev/tcp/10.99.0.2/6514 && touch /backup/off-site.stamp
B
chmod 755 /usr/local/sbin/backup-spse
# The key to the backups lies in a safe: the server has its public half alone.
export GNUPGHOME=/tmp/safe; install -d -m 700 $GNUPGHOME
gpg --batch --quiet --passphrase '' --quick-generate-key backup@lpse.example.go.id default default never
gpg --batch --armor --export > /etc/backup.pub
gpgconf --kill all || true; rm -rf $GNUPGHOME
install -d -m 700 -o postgres -g postgres /var/lib/postgresql/.gnupg
echo '0 1 * * * postgres /usr/local/sbin/backup-spse' > /etc/cron.d/backup-spse
