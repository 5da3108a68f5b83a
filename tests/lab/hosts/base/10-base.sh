# What all hosts have: the stand-in for SPSE, compiled; no keys, names or leftovers of the machine that made this image.
mkdir -p /opt/stand-in/lib
ecj -17 -proc:none -d /tmp/classes /lab/stand_in/Server.java
cp /given/metrics.txt /opt/stand-in/metrics.txt
cp /lab/stand_in/home.html /opt/stand-in/home.html
python3 - <<'P'
import pathlib, zipfile
with zipfile.ZipFile("/opt/stand-in/lib/stand-in.jar", "w") as jar:
    for file in pathlib.Path("/tmp/classes").rglob("*.class"):
        jar.write(file, file.relative_to("/tmp/classes"))
P
rm -r /tmp/classes
apt-get -qq purge -y ecj libecj-java >/dev/null
rm -f /etc/ssh/ssh_host_* /etc/machine-id
: > /etc/machine-id
python3 -m venv --without-pip /opt/pantau
printf "#!/opt/pantau/bin/python3 -P\nfrom agent.cli import main\nraise SystemExit(main())\n" > /opt/pantau/bin/pantau-agent
chmod 755 /opt/pantau/bin/pantau-agent
apt-get clean
rm -f /etc/hostname
