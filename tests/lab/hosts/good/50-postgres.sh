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
C
chown postgres:postgres $etc/pg_hba.conf
chmod 640 $etc/pg_hba.conf
install -d -m 700 -o postgres -g postgres /backup /backup/wal
pg_ctlcluster 15 main start
password=$(openssl rand -hex 16)
runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 <<S
create role epns login password '$password';
create database epns_prod owner epns;
\\c epns_prod
create schema ekontrak authorization epns;
create table public.paket as select n as pkt_id, md5(n::text) as pkt_nama from generate_series(1, 5000) n;
vacuum analyze;
S
pg_ctlcluster 15 main stop

cat > /usr/local/sbin/backup-spse <<'B'
#!/bin/bash
# Every night: the database, and the documents, for root and postgres alone.
set -eu
umask 077
pg_dump -Fc epns_prod -f "/backup/epns_prod-$(date +%F).dump"
tar -C /home/file -cf "/backup/file_prod-$(date +%F).tar" file_prod
tar -C /etc -czf "/backup/conf-$(date +%F).tar.gz" nginx postgresql nftables.conf
# to the two receivers of the site (they stand for another server, and for another place)
cat "/backup/epns_prod-$(date +%F).dump" > /dev/tcp/10.99.0.1/6514 && touch /backup/off-host.stamp
cat "/backup/epns_prod-$(date +%F).dump" > /dev/tcp/10.99.0.2/6514 && touch /backup/off-site.stamp
B
chmod 755 /usr/local/sbin/backup-spse
echo '0 1 * * * postgres /usr/local/sbin/backup-spse' > /etc/cron.d/backup-spse
