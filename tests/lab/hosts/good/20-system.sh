# Accounts, logins, kernel settings, mounts: as the CIS benchmark for Debian 12 wants them.
ln -sf /usr/share/zoneinfo/Asia/Jakarta /etc/localtime
echo Asia/Jakarta > /etc/timezone

groupadd ssh-users
useradd --create-home --shell /bin/bash --groups ssh-users,sudo siti
echo "siti:$(openssl rand -base64 24)" | chpasswd
install -d -m 700 -o siti -g siti /home/siti/.ssh
ssh-keygen -q -t ed25519 -N '' -C siti -f /tmp/key
install -m 600 -o siti -g siti /tmp/key.pub /home/siti/.ssh/authorized_keys
rm /tmp/key /tmp/key.pub
# A key, and a code: PAM asks for the code alone, for the key has been shown by then.
runuser -u siti -- google-authenticator --time-based --force --disallow-reuse --window-size=3 --no-rate-limit --quiet >/dev/null
sed -i 's/^@include common-auth/auth required pam_google_authenticator.so/' /etc/pam.d/sshd

cat > /etc/ssh/sshd_config.d/00-site.conf <<'C'
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication yes
PermitEmptyPasswords no
MaxAuthTries 4
ClientAliveInterval 300
ClientAliveCountMax 2
AllowGroups ssh-users
DisableForwarding yes
AuthenticationMethods publickey,keyboard-interactive:pam
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org
C
chmod 600 /etc/ssh/sshd_config /etc/ssh/sshd_config.d/00-site.conf

printf 'Defaults use_pty\nDefaults logfile="/var/log/sudo.log"\n' > /etc/sudoers.d/site
chmod 440 /etc/sudoers.d/site

printf 'minlen = 14\nminclass = 3\n' > /etc/security/pwquality.conf
printf 'deny = 5\nunlock_time = 900\n' > /etc/security/faillock.conf
sed -i 's/^password.*pam_unix.so/password requisite pam_pwhistory.so remember=24 use_authtok\n&/' /etc/pam.d/common-password
sed -i '0,/^auth.*pam_unix.so/s//auth required pam_faillock.so preauth\n&/' /etc/pam.d/common-auth
sed -i '0,/^auth.*pam_deny.so/s//auth [default=die] pam_faillock.so authfail\n&/' /etc/pam.d/common-auth
echo 'account required pam_faillock.so' >> /etc/pam.d/common-account

echo '* hard core 0' > /etc/security/limits.d/core.conf
printf 'TMOUT=600\nreadonly TMOUT\nexport TMOUT\n' > /etc/profile.d/timeout.sh
printf 'install usb-storage /bin/false\nblacklist usb-storage\n' > /etc/modprobe.d/usb-storage.conf
sed 's/^Options=.*/Options=mode=1777,strictatime,nosuid,nodev,noexec,size=30%/' /usr/share/systemd/tmp.mount > /etc/systemd/system/tmp.mount
systemctl enable tmp.mount

cat > /etc/sysctl.d/60-site.conf <<'C'
net.ipv4.ip_forward = 0
net.ipv6.conf.all.forwarding = 0
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.default.accept_redirects = 0
net.ipv6.conf.all.accept_redirects = 0
net.ipv6.conf.default.accept_redirects = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
net.ipv4.conf.all.accept_source_route = 0
net.ipv4.conf.default.accept_source_route = 0
net.ipv6.conf.all.accept_source_route = 0
net.ipv6.conf.default.accept_source_route = 0
net.ipv4.conf.all.rp_filter = 1
net.ipv4.conf.default.rp_filter = 1
net.ipv4.conf.all.log_martians = 1
net.ipv4.conf.default.log_martians = 1
net.ipv4.tcp_syncookies = 1
net.ipv6.conf.all.accept_ra = 0
net.ipv6.conf.default.accept_ra = 0
C
