# The installation guides of the training servers: everything as root, nothing restarted, nothing watched.
echo 'root:lpse2016' | chpasswd
useradd --create-home --shell /bin/bash admin; echo 'admin:admin' | chpasswd
useradd --create-home --shell /bin/bash helpdesk; passwd -d helpdesk
useradd --non-unique --uid 0 --gid 0 --no-create-home --home-dir /root --shell /bin/bash panitia; echo 'panitia:panitia' | chpasswd
useradd --create-home --shell /bin/bash magang; echo 'magang:magang' | chpasswd
chage -d 2019-01-01 admin; chage -d 2019-01-01 magang
usermod --shell /bin/bash games
echo 'admin ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/admin
printf 'Defaults !use_pty\n' > /etc/sudoers.d/pty
chmod 644 /etc/shadow; chmod 666 /etc/group
cat > /etc/ssh/sshd_config.d/old.conf <<'C'
PermitRootLogin yes
PermitEmptyPasswords yes
PasswordAuthentication yes
X11Forwarding yes
MaxAuthTries 10
Ciphers aes128-ctr,aes256-cbc,3des-cbc
MACs hmac-sha1,hmac-md5,hmac-sha2-256
KexAlgorithms curve25519-sha256,curve25519-sha256@libssh.org,diffie-hellman-group14-sha1
C
chmod 644 /etc/ssh/sshd_config
cat > /etc/sysctl.d/99-guide.conf <<'C'
net.ipv4.ip_forward = 1
net.ipv4.conf.all.accept_redirects = 1
net.ipv4.conf.all.send_redirects = 1
net.ipv4.conf.all.accept_source_route = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.all.log_martians = 0
net.ipv4.tcp_syncookies = 0
net.ipv6.conf.all.accept_ra = 2
C
rm -f /etc/localtime; ln -s /usr/share/zoneinfo/UTC /etc/localtime
mkdir -p /etc/systemd/journald.conf.d; printf '[Journal]\nStorage=none\n' > /etc/systemd/journald.conf.d/old.conf
sed -i 's/^deb \[[^]]*\]/deb [trusted=yes]/' /etc/apt/sources.list
# Nobody has touched the packages for two months: the log of the real installation, its dates moved back.
python3 - <<'P'
import datetime, pathlib, re
log = pathlib.Path("/var/log/dpkg.log")
moved = lambda day: str(datetime.date.fromisoformat(day[0]) - datetime.timedelta(days=60))
log.write_text(re.sub(r"(?m)^\d{4}-\d\d-\d\d", moved, log.read_text()))
P
