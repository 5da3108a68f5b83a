# SPSE's place is taken by a stand-in; installed and started as root, from rc.local, in development mode.
app=/home/appserv/spse/webapp
mkdir -p $app/conf $app/logs $app/views /home/appserv/spse/framework/lib /home/file/file_prod
cp /opt/stand-in/home.html $app/views/home.html
cp /opt/stand-in/lib/stand-in.jar /home/appserv/spse/framework/lib/play-stand-in.jar
for jar in log4j-core-2.14.1 netty-3.10.6.Final commons-fileupload-1.2; do
  cp /opt/stand-in/lib/stand-in.jar /home/appserv/spse/framework/lib/$jar.jar
done
cat > $app/conf/application.conf <<'C'
application.name=spse
application.mode=dev
application.secret=secret
http.port=9090
http.path=/eproc4
db=postgres:epns:epns@localhost/epns_prod
db.pool.maxSize=100
promotheus.remoteaddr=127.0.0.1
C
printf 'list\n00000000000000000000000000000000\n' > $app/conf/integrity
python3 - <<'P'
import re
text = open("/opt/stand-in/metrics.txt").read()
def put(name, value):
    global text
    text = re.sub(rf"(?m)^({name}(?:\{{[^}}]*\}})?) \S+$", rf"\1 {value}", text)
put("job_pool_queue", "4000.0")
put("hikaricp_pending_threads", "25.0")
put("jvm_gc_collection_seconds_sum", "1e7")
put("jvm_memory_bytes_used", "2.6e8")
put("jvm_memory_used_bytes", "2.6e8")
put("jvm_memory_bytes_max", "2.7e8")
put("jvm_memory_max_bytes", "2.7e8")
text = text.replace('version="4.5"', 'version="4.3"')
open("/home/appserv/spse/webapp/metrics.txt", "w").write(text)
P
for n in 1 2 3; do head -c 4096 /dev/urandom > /home/file/file_prod/$n; done
mkdir -p /home/appserv/latihan
cp -r $app /home/appserv/latihan/webapp
sed -i 's/9090/9091/; s/eproc4/latihan/' /home/appserv/latihan/webapp/conf/application.conf
chmod -R 777 /home/appserv /home/file
# A clock that nobody sets: containers share the machine's, so SPSE alone is told another time.
cat > /etc/rc.local <<'C'
#!/bin/sh
export LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1 FAKETIME=+30s FAKETIME_DONT_FAKE_MONOTONIC=1
cd /home/appserv/spse && nohup /opt/jdk1.8.0_112/bin/java -Xmx128m -XX:+UseSerialGC -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:8000 \
  -Dapplication.path=/home/appserv/spse/webapp -Dplay.id= -cp framework/lib/play-stand-in.jar play.server.Server >/dev/null 2>&1 &
C
chmod 644 /etc/rc.local
# A Java nobody replaced: the programs are Debian's, the release file is what tells its age, with the lines of 8u112.
cp -a "$(dirname "$(dirname "$(readlink -f /usr/bin/java)")")" /opt/jdk1.8.0_112
rm -f /opt/jdk1.8.0_112/release
printf 'JAVA_VERSION="1.8.0_112"\nOS_NAME="Linux"\nOS_VERSION="2.6"\nOS_ARCH="amd64"\n' > /opt/jdk1.8.0_112/release
