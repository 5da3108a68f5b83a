# SPSE's place is taken by a stand-in, in the folders of the installation guides, with an account and a unit of its own.
useradd --system --home-dir /home/appserv --shell /usr/sbin/nologin appserv
app=/home/appserv/spse/webapp
install -d -m 750 -o appserv -g appserv /home/appserv /home/appserv/spse $app $app/conf $app/logs $app/views /home/appserv/spse/framework/lib
install -d -m 750 -o appserv -g appserv /home/file /home/file/file_prod
usermod -aG appserv postgres
for n in 1 2 3; do head -c 4096 /dev/urandom > /home/file/file_prod/$n; done
chown -R appserv:appserv /home/file; chmod 640 /home/file/file_prod/*
cp /opt/stand-in/metrics.txt $app/metrics.txt
cp /opt/stand-in/home.html $app/views/home.html
cp /opt/stand-in/lib/stand-in.jar /home/appserv/spse/framework/lib/play-stand-in.jar
for jar in log4j-core-2.24.3 HikariCP-6.3.0 netty-handler-4.1.121.Final; do
  cp /opt/stand-in/lib/stand-in.jar /home/appserv/spse/framework/lib/$jar.jar
done
cat > $app/conf/application.conf <<C
application.name=spse
application.mode=prod
application.secret=$(openssl rand -hex 32)
application.session.secure=true
application.session.httpOnly=true
http.address=127.0.0.1
http.port=9090
http.path=/eproc4
securedb=$(openssl rand -hex 64)
db.pool.maxSize=60
promotheus.remoteaddr=127.0.0.1
C
list=$(openssl rand -hex 200)
printf '%s\n%s\n' "$list" "$(printf %s "$list" | md5sum | cut -d' ' -f1)" > $app/conf/integrity
chown -R appserv:appserv /home/appserv; chmod 600 $app/conf/*
cat > /etc/systemd/system/spse.service <<'C'
[Unit]
Description=SPSE (a stand-in)
After=network.target postgresql.service
[Service]
User=appserv
UMask=0027
Environment=LIB=/home/appserv/spse/framework/lib
ExecStart=/usr/bin/java -Xmx256m -XX:+UseSerialGC -Dapplication.path=/home/appserv/spse/webapp -Dplay.id= -Dprecompiled=true -cp /home/appserv/spse/framework/lib/play-stand-in.jar play.server.Server
Restart=on-failure
[Install]
WantedBy=multi-user.target
C
systemctl enable spse
