# And at last the web server too.
systemctl kill --signal=KILL nginx || true
sleep 1
