"""A whole survey of a host full of secrets: none of them, and no name of a bid document, is in the report.

Files are planted below a root of the test; commands, processes and queries answer as such a host would, secrets included.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

import pytest

from agent.audit import audit
from agent.hosts.local import LocalHost
from checks.baseline import Listed
from checks.catalogue import catalogue
from checks.fact import Missing, name_of
from checks.facts.account_rights import AccountRights
from checks.facts.accounts import EmptyPasswords
from checks.facts.authorized_keys import AuthorizedKeys
from checks.facts.failed_logins import FailedLogins
from checks.facts.open_files import OpenFiles
from checks.facts.postgres_hba import PgHba
from checks.facts.processes import Process, ProcessTable
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_process import SpseProcesses
from checks.facts.suspicious_processes import SuspiciousProcesses
from checks.facts.web_places import WebPlaces
from checks.facts.web_server import WebServers
from checks.policy import Policy, rulebook
from checks.source import Command, Source, Usage
from evidence.report import Report, pack
from tests.checks.trees import plant

T = TypeVar("T")

CATALOGUE = catalogue()
TAKEN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

SECRETS = (
    "SECRETVALUE", "s3cretDbPass", "s3cretUrlPass", "s3cretMail", "s3cretLdap", "s3cretRadius", "s3cretRepo", "s3cretToken",
    "s3cretSyslog", "s3cretOnCommandLine", "s3cretTypedAsUser", "s3cretInProfile", "s3cretInRcLocal", "s3cretProxy",
    "s3cretKey", "s3cretSudo", "s3cretFstab", "s3cretUps", "s3cretComment",
)  # fmt: skip
HASHES = ("$y$j9T$abcdefgh", "$6$rounds", "SCRAM-SHA-256$4096", "md5aaaabbbb", "apr1$xyz")
DOCUMENTS = ("Penawaran", "PT Maju Jaya", "CV Sumber Rejeki", "HPS-jalan-lingkar", "evaluasi-teknis")

APPLICATION = """application.mode=prod
application.secret=SECRETVALUEabcdefghijklmnopqrstuvwxyz0123456789SECRETVALUE
http.port=9090
http.path=/eproc4
db=postgres:epns:s3cretDbPass@epns_prod
db.default.url=jdbc:postgresql://localhost/epns_prod?user=epns&password=s3cretUrlPass
db.user=epns
db.pass=s3cretDbPass
securedb=SECRETVALUEencrypted
mail.smtp.pass=s3cretMail
%prod.application.mode=prod
"""

FILES = {
    "/home/appserv/spse/webapp/conf/application.conf": APPLICATION,
    "/home/appserv/spse/webapp/conf/integrity": "SECRETVALUE,Penawaran\nnot the md5\n",
    "/home/appserv/spse/webapp/server.pid": "4242\n",
    "/home/appserv/spse/webapp/lib/postgresql-42.7.5.jar": "",
    "/etc/passwd": (
        "root:x:0:0:root:/root:/bin/bash\nandi:x:1000:1000:Andi s3cretComment:/home/andi:/bin/bash\n"
        "lama:$6$rounds=5000$abc:1001:1001::/home/lama:/bin/bash\n"
    ),
    "/etc/shadow": "root:$y$j9T$abcdefgh$x:20000:0:99999:7:::\nandi:$6$rounds=5000$abc:20000:0:99999:7:::\nlama::20000::::::\n",
    "/etc/gshadow": "root:*::\nsudo:$6$rounds=5000$abc::andi\n",
    "/etc/group": "root:x:0:\nsudo:x:27:andi\n",
    "/etc/hostname": "spse\n",
    "/etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n',
    "/etc/fstab": "//nas/backup /mnt/backup cifs username=a,password=s3cretFstab 0 0\n",
    "/etc/ssh/sshd_config": "PermitRootLogin no\nSetEnv TOKEN=s3cretToken\nAuthorizedKeysCommand /bin/keys s3cretToken\n",
    "/etc/ssh/ssh_host_ed25519_key": "-----BEGIN OPENSSH PRIVATE KEY-----\ns3cretKey\n",
    "/etc/sudoers": "Defaults secure_path=/s3cretSudo\nandi ALL=(ALL) NOPASSWD: ALL # s3cretSudo\n",
    "/etc/sudoers.d/deploy": "deploy ALL=(root) NOPASSWD: /usr/bin/curl -u s3cretSudo\n",
    "/etc/apt/sources.list": "deb [trusted=yes] https://andi:s3cretRepo@repo.example/debian stable main\n",
    "/etc/apt/apt.conf.d/90proxy": 'Acquire::http::Proxy "http://andi:s3cretProxy@proxy:8080";\n',
    "/etc/yum.repos.d/x.repo": "[x]\nbaseurl=https://andi:s3cretRepo@repo.example/\npassword=s3cretRepo\ngpgcheck=0\n",
    "/etc/rsyslog.conf": '*.* action(type="ompgsql" server="log" pass="s3cretSyslog")\n*.* @@log.example:514\n',
    "/etc/rsyslog.d/50-x.conf": '*.* action(type="omfwd" target="log.example" password="s3cretSyslog")\n',
    "/etc/audit/auditd.conf": "log_file = /var/log/audit/audit.log\n",
    "/etc/profile": "export PGPASSWORD=s3cretInProfile\nTMOUT=900\n",
    "/etc/profile.d/oracle.sh": "export DB_PASS='s3cretInProfile'\n",
    "/etc/rc.local": "#!/bin/sh\n/home/appserv/spse/spse4 start --key s3cretInRcLocal\nmysql -ps3cretInRcLocal\n",
    "/etc/postgresql/15/main/postgresql.conf": "port = 5432\nprimary_conninfo = 'password=s3cretDbPass'\n",
    "/etc/postgresql/15/main/pg_hba.conf": (
        'host all all 10.0.0.0/8 ldap ldapserver=ldap ldapbindpasswd="s3cretLdap"\n'
        "host all all 10.1.0.0/16 radius radiusservers=r radiussecrets=s3cretRadius\nnonsense s3cretLdap\n"
    ),
    "/etc/nginx/nginx.conf": (
        "http { server { listen 443 ssl; ssl_certificate_key /etc/nginx/tls.key; auth_basic_user_file /etc/nginx/htpasswd;\n"
        'location / { proxy_set_header Authorization "Basic s3cretProxy"; proxy_pass http://u:s3cretProxy@127.0.0.1:9090; } } }'
    ),
    "/etc/nginx/tls.key": "-----BEGIN PRIVATE KEY-----\ns3cretKey\n",
    "/etc/nginx/htpasswd": "andi:$apr1$xyz$abc\n",
    "/usr/sbin/nginx": "",
    "/etc/modprobe.d/x.conf": "# s3cretComment\n",
    "/etc/nut/upsd.users": "[admin]\npassword = s3cretUps\n",
    "/root/.ssh/authorized_keys": "",
    "/root/.pgpass": "localhost:5432:*:epns:s3cretDbPass\n",
    "/var/log/clamav/scan.log": (
        "/home/file/file_prod/2026/Penawaran PT Maju Jaya.pdf: Eicar-Test FOUND\n----------- SCAN SUMMARY -----------\n"
        "Infected files: 1\nEnd Date:   2026:11:22 03:00:00\n"
    ),
    "/var/log/rkhunter.log": "[03:00:00] Warning: Hidden file /home/file/file_prod/Penawaran CV Sumber Rejeki.pdf\n",
    "/var/log/dpkg.log": "2026-11-20 10:00:00 install nginx:amd64 <none> 1.22.1\n",
    "/home/file/file_prod/2026/11/Penawaran PT Maju Jaya - jalan.pdf": "SECRETVALUE",
    "/home/file/file_prod/Penawaran CV Sumber Rejeki.pdf.enc": "SECRETVALUE",
    "/home/file/file_prod/HPS-jalan-lingkar.xlsx": "SECRETVALUE",
    "/home/file/file_latihan/evaluasi-teknis.docx": "SECRETVALUE",
    "/backup/file_prod/2026/Penawaran PT Maju Jaya.pdf": "SECRETVALUE",
    "/backup/2026/Penawaran CV Sumber Rejeki.pdf": "SECRETVALUE",
    "/backup/epns_prod-2026-11-22.dump": "md5aaaabbbb SCRAM-SHA-256$4096",
    "/backup/file_prod.stamp": "",
    "/tmp/Penawaran PT Maju Jaya.pdf": "SECRETVALUE",
}

JAVA = (
    "java", "-javaagent:/home/appserv/spse/framework/play.jar", "-Dapplication.path=/home/appserv/spse/webapp",
    "-Ddb.pass=s3cretOnCommandLine", "-Xmx4g", "play.server.Server", "--secret=s3cretOnCommandLine",
)  # fmt: skip
PROCESSES = ProcessTable((
    Process(1, 0, "systemd", "root", "/lib/systemd/systemd", False, ("/sbin/init",), 0.0, 100, 1024),
    Process(4242, 1, "java", "spse", "/usr/bin/java", False, JAVA, 1.0, 900, 1024),
    Process(77, 1, "nginx", "root", "/usr/sbin/nginx", False, ("nginx",), 1.0, 9, 1024),
    Process(78, 1, "sh", "andi", "/bin/sh", False, ("sh", "-c", "mysql -ps3cretOnCommandLine"), 1.0, 3, 1024),
    Process(79, 1, "libreoffice", "andi", "/usr/bin/soffice", True, ("soffice", "/tmp/Penawaran PT Maju Jaya.pdf"), 1.0, 3, 9),
))  # fmt: skip
KEYS = (  # what find and grep say of authorized_keys
    "s 0 99 /etc/passwd\ns 0 99 /root/.ssh/authorized_keys\n/etc/passwd\0andi:x:1000:1000:Andi s3cretComment:/:/bin/sh\n"
    '/root/.ssh/authorized_keys\0command="/bin/backup s3cretKey",environment="T=s3cretToken" ssh-ed25519 '
    "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA s3cretComment\n"
    "/root/.ssh/authorized_keys\0root:$6$rounds=5000$abc:s3cretKey\n"
)
SAID = {
    "journalctl": (
        "2026-11-23T02:55:00+0000 spse sshd[1]: Failed password for invalid user s3cretTypedAsUser from 203.0.113.9 port 1 ssh2\n"
        "2026-11-23T02:56:00+0000 spse sshd[2]: Invalid user s3cretTypedAsUser from 203.0.113.9 port 2\n"
        "2026-11-23T02:57:00+0000 spse sshd[3]: Accepted password for andi from 10.1.2.3 port 3 ssh2\n"
    ),
    "ps": "    1 root /sbin/init\n 4242 spse " + " ".join(JAVA) + "\n",
    "find": "/home/file/file_prod/Penawaran CV Sumber Rejeki.pdf\n/home/file/file_prod/2026/HPS-jalan-lingkar.xlsx\n",
    "timeout": "in 0 /home/file/file_prod\0php 1795402800.1\0/home/file/file_prod/Penawaran CV Sumber Rejeki.php\0",
    "du": "4096\t/home/file/file_prod\ndu: cannot read directory '/home/file/file_prod/Penawaran PT Maju Jaya'\n",
    "df": "1B-blocks Avail\n 1000000 900000\n",
    "lastlog": "Username         Port     From             Latest\nandi   pts/0  10.1.2.3  Mon Nov 23 02:57:00 +0000 2026\n",
    "upsc": "ups1\n",
    "sshd": "permitrootlogin no\nsetenv TOKEN=s3cretToken\nauthorizedkeyscommand /bin/keys s3cretToken\n",
    "auditctl": "-w /home/file/file_prod -p wa -k s3cretComment\n",
    "systemctl": "Id=spse.service\nLoadState=loaded\nActiveState=active\nEnvironment=KEY=s3cretToken\n",
}


@dataclass(frozen=True)
class Careless:
    """A host whose files lie below `root`, and whose commands and processes tell more than they should."""

    root: str

    def read(self, source: Source[T]) -> T:
        return cast(T, self._read(source))

    def _read(self, source: Source[object]) -> object:
        match source:
            case Usage(reading=reading) if reading is ProcessTable:
                return PROCESSES
            case Command(argv=("find", "-L", *_)):
                return KEYS
            case Command(argv=("find", path, *_)) if path != "-H":
                return f"{path}\n"  # one file, asked for by its name
            case Command(argv=(program, *_)) if program in SAID:
                return SAID[program]
        return LocalHost(self.root).read(source)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("careless")
    for path, text in FILES.items():
        plant(made, path, text, 0o666)
    (made / "etc/rc.local").chmod(0o755)
    (made / "var/log/journal/0a").mkdir(parents=True)
    plant(made, "/var/log/journal/0a/system.journal", "s3cretTypedAsUser")
    return made


@pytest.mark.parametrize("talkative", [False, True], ids=["files alone", "commands too"])
def test_neither_secrets_nor_names_of_bid_documents_are_in_a_report(root: Path, talkative: bool) -> None:
    host = Careless(str(root)) if talkative else LocalHost(str(root))
    taken = audit(host, rulebook(CATALOGUE, Policy()), CATALOGUE.surveyed, now=lambda: TAKEN)
    facts, missing, absent = pack(taken.snapshot)
    report = Report(
        target="srv-1", stream="0a", sequence=1, previous="", taken_at=TAKEN, boot_id="", software="", policy="",
        every=60, facts=facts, missing=missing, absent=absent, results=taken.results,
    )  # fmt: skip
    told = report.encode().decode()

    for word in (*SECRETS, *HASHES, *DOCUMENTS):
        assert word.lower() not in told.lower(), [
            name for name, raw in facts.items() if word.lower() in bytes(raw).decode().lower()
        ]


def test_what_was_planted_was_really_read(root: Path) -> None:
    taken = audit(Careless(str(root)), rulebook(CATALOGUE, Policy()), CATALOGUE.surveyed, now=lambda: TAKEN)
    facts = taken.snapshot.facts
    for kind in (
        SpseInstances, SpseProcesses, EmptyPasswords, FailedLogins, PgHba, WebServers, OpenFiles, SuspiciousProcesses,
    ):  # fmt: skip
        assert kind in facts, {**taken.snapshot.missing, **taken.snapshot.absent}.get(kind)
    spse = facts[SpseInstances]
    assert isinstance(spse, SpseInstances)
    assert spse.instances[0].clear_password
    assert spse.instances[0].secret_length > 20
    listed = {kind: fact.items for kind, fact in facts.items() if isinstance(fact, Listed)}
    assert "SHA256:" in listed[AuthorizedKeys][0]
    assert any("127.0.0.1:9090" in item for item in listed[WebPlaces])
    assert any(item.startswith("sudo andi ALL") for item in listed[AccountRights])
    names = {name_of(kind) for kind in facts}
    assert {"sudoers", "sshd", "package_signing", "backups", "virus_scan", "shell_timeout", "rc_local"} <= names


def test_every_secret_is_planted_somewhere() -> None:
    everything = "\n".join((*FILES, *FILES.values(), *SAID.values(), KEYS, *JAVA))
    assert [word for word in (*SECRETS, *HASHES, *DOCUMENTS) if word not in everything] == []


def test_a_reason_does_not_repeat_what_could_not_be_read(root: Path) -> None:
    with pytest.raises(Missing) as caught:
        LocalHost(str(root)).read(Command(("find", "/home/file/file_prod")))
    assert "Penawaran" not in str(caught.value)
