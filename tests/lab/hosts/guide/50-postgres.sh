# trust, epns/epns, open to everybody: the pg_hba.conf of the guide for CentOS 6.
pg_dropcluster 15 main 2>/dev/null || true
pg_createcluster 15 main
etc=/etc/postgresql/15/main
cat > $etc/conf.d/guide.conf <<'C'
listen_addresses = '*'
max_connections = 40
shared_buffers = 128kB
ssl = off
password_encryption = md5
fsync = on
autovacuum = off
autovacuum_freeze_max_age = 2000000000
C
cat > $etc/pg_hba.conf <<'C'
local all all trust
host all all 127.0.0.1/32 trust
host all all 0.0.0.0/0 password
local replication all trust
host replication all 127.0.0.1/32 trust
C
chown postgres:postgres $etc/pg_hba.conf
pg_ctlcluster 15 main start
runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 <<'S'
create role epns login superuser password 'epns';
create database epns_prod owner epns;
\c epns_prod
create language plpython3u;
create table public.paket (pkt_id int, pkt_nama text) with (autovacuum_enabled = off);
insert into paket select n, md5(n::text) from generate_series(1, 40000) n;
update paket set pkt_nama = md5(pkt_nama);
create table public.arsip with (fillfactor = 10, autovacuum_enabled = off) as select n, repeat('x', 300) as isi from generate_series(1, 4000) n;
create schema pantau;
create table pantau.tenggat (deadline timestamptz, bids int);
create view pantau.deadlines as select deadline, bids from pantau.tenggat;
select pg_create_physical_replication_slot('standby_2019', true);
S
pg_ctlcluster 15 main stop
# Two thousand million transactions later, with autovacuum off: ids near wraparound.
data=/var/lib/postgresql/15/main
runuser -u postgres -- /usr/lib/postgresql/15/bin/pg_resetwal -x 1199570944 $data
runuser -u postgres -- dd if=/dev/zero of=$data/pg_xact/0478 bs=8192 count=32 status=none
chmod 755 /var/lib/postgresql/15; chmod 644 $etc/pg_hba.conf
