# Apache in front: documents by URL, every module, no limits.
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=lpse -keyout /etc/ssl/private/lpse.key -out /etc/ssl/certs/lpse.pem 2>/dev/null
chmod 644 /etc/ssl/private/lpse.key
a2enmod -q proxy proxy_http ssl status info autoindex userdir
a2dismod -q -f reqtimeout
cat > /etc/apache2/sites-available/000-default.conf <<'C'
<VirtualHost *:80>
  ProxyPass /eproc4 http://127.0.0.1:9090/eproc4
  Alias /file_prod /home/file/file_prod
  <Directory /home/file/file_prod>
    Options +Indexes
    Require all granted
  </Directory>
</VirtualHost>
<VirtualHost *:443>
  SSLEngine on
  SSLCertificateFile /etc/ssl/certs/lpse.pem
  SSLCertificateKeyFile /etc/ssl/private/lpse.key
</VirtualHost>
C
printf 'ServerTokens Full\nServerSignature On\nTraceEnable On\n' > /etc/apache2/conf-available/security.conf
mkdir -p /run/lock /run/apache2; apachectl configtest
systemctl enable vsftpd rpcbind
systemctl disable apache2
rm -f /etc/ssh/ssh_host_*
