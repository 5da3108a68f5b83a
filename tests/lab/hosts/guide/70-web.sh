# Apache in front: documents by URL, every module, no limits, the self-signed certificate of the guide, every cipher there is.
faketime '2016-01-04' openssl req -x509 -sha1 -newkey rsa:1024 -nodes -days 3650 -subj /CN=lpse -keyout /etc/ssl/private/lpse.key \
  -out /etc/ssl/certs/lpse.pem 2>/dev/null
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
  ProxyPass /eproc4 http://127.0.0.1:9090/eproc4
  SSLEngine on
  SSLProtocol all +TLSv1 +TLSv1.1
  SSLCipherSuite ALL:eNULL:aNULL:@SECLEVEL=0
  SSLOpenSSLConfCmd MinProtocol TLSv1
  SSLCertificateFile /etc/ssl/certs/lpse.pem
  SSLCertificateKeyFile /etc/ssl/private/lpse.key
</VirtualHost>
C
cat > /etc/apache2/conf-available/security.conf <<'C'
ServerTokens Full
ServerSignature On
TraceEnable On
Timeout 900
LogFormat "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" us=%D" timed
CustomLog ${APACHE_LOG_DIR}/access.log timed
C
a2disconf -q other-vhosts-access-log
sed -i 's/^\(\s*\)MaxRequestWorkers.*/\1MaxRequestWorkers 60/' /etc/apache2/mods-available/mpm_prefork.conf
# left where everybody can fetch it; and a report that takes six seconds
cp /home/appserv/spse/webapp/conf/application.conf /var/www/html/application.conf.bak
printf -- '-- PostgreSQL database dump\nCREATE TABLE paket (pkt_id int);\n' > /var/www/html/backup.sql
mkdir -p /var/www/html/.git; echo 'ref: refs/heads/master' > /var/www/html/.git/HEAD
echo '<?php sleep(6); echo "rekap";' > /var/www/html/rekap.php
mkdir -p /run/lock /run/apache2; apachectl configtest
systemctl enable vsftpd rpcbind
systemctl disable apache2
systemctl disable xdm
rm -f /etc/ssh/ssh_host_*
