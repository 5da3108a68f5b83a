# The next morning: the database and the web server are down, and stay down.
systemctl kill --signal=KILL nginx || true
pkill -KILL -x postgres || true
sleep 1
