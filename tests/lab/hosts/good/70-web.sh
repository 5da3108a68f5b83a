# nginx in front of SPSE: TLS, ModSecurity with the core rule set, limits. The laboratory's own authority gives each host its
# certificate when it is booted; this one only lets nginx test its configuration.
openssl req -x509 -newkey rsa:2048 -nodes -days 300 -subj /CN=lpse.example.go.id \
  -keyout /etc/ssl/private/lpse.key -out /etc/ssl/certs/lpse.pem 2>/dev/null
chown root:root /etc/ssl/private/lpse.key; chmod 600 /etc/ssl/private/lpse.key
mkdir -p /etc/nginx/modsecurity.d
cp /etc/modsecurity/modsecurity.conf-recommended /etc/nginx/modsecurity.conf 2>/dev/null ||
  cp /etc/nginx/modsecurity.conf /etc/nginx/modsecurity.conf.orig
sed -i 's/^SecRuleEngine .*/SecRuleEngine On/; s/^SecRequestBodyLimit .*/SecRequestBodyLimit 1073741824/; s/^SecUnicodeMapFile.*//' \
  /etc/nginx/modsecurity.conf
cat > /etc/nginx/modsecurity_includes.conf <<'C'
Include /etc/nginx/modsecurity.conf
Include /etc/modsecurity/crs/crs-setup.conf
Include /usr/share/modsecurity-crs/rules/*.conf
C
cat > /etc/nginx/conf.d/site.conf <<'C'
server_tokens off;
log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time';
access_log /var/log/nginx/access.log timed;
limit_req_zone $binary_remote_addr zone=spse:10m rate=20r/s;
C
cat > /etc/nginx/sites-available/default <<'C'
server {
  listen 80 default_server;
  server_name _;
  return 301 https://$host$request_uri;
}
server {
  listen 443 ssl default_server;
  server_name _;
  ssl_certificate /etc/ssl/certs/lpse.pem;
  ssl_certificate_key /etc/ssl/private/lpse.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  add_header Strict-Transport-Security "max-age=31536000" always;
  add_header X-Content-Type-Options nosniff always;
  add_header X-Frame-Options SAMEORIGIN always;
  add_header Content-Security-Policy "default-src 'self'" always;
  add_header Referrer-Policy strict-origin-when-cross-origin always;
  modsecurity on;
  modsecurity_rules_file /etc/nginx/modsecurity_includes.conf;
  client_max_body_size 1g;
  limit_req zone=spse burst=60;
  location /eproc4 {
    proxy_pass http://127.0.0.1:9090;
    proxy_read_timeout 600s;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_cookie_flags ~ secure httponly samesite=lax;
  }
  location /eproc4/metrics { deny all; }
  location = / { return 302 /eproc4; }
}
C
nginx -t
