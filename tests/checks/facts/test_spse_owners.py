from __future__ import annotations

from pathlib import Path

from agent.hosts.local import LocalHost
from checks.facts.spse_owners import OWNERS, PASSWD, names, numbers, uids
from checks.source import FileStat, FileText
from tests.checks.trees import plant

CONF = "/conf/application.conf"


def stat(path: str, uid: int, kind: str = "directory") -> FileStat:
    return FileStat(path, kind, 0o755, uid, uid, 0, 0.0)


def test_owners_are_those_of_folders_with_a_configuration() -> None:
    app = "/opt/spse/webapp"
    stats = (
        stat("/", 0),
        stat(app, 0),
        stat(f"{app}/logs", 1001),
        stat(app + CONF, 1002, "file"),
        stat("/opt/x", 1003),
    )

    assert uids(stats) == {0, 1001, 1002}


def test_a_link_makes_nobody_an_owner() -> None:
    assert uids((stat("/opt/spse", 1001, "link"), stat(f"/opt/spse{CONF}", 0, "file"))) == {0}


def test_without_an_installation_root_is_the_only_one(tmp_path: Path) -> None:
    plant(tmp_path, "/opt/other/logs/x", "x")
    host = LocalHost(str(tmp_path))

    assert uids(host.read(OWNERS)) == {0}
    assert host.read(PASSWD) == ()


def test_names_come_from_passwd_where_they_stand_there() -> None:
    passwd = (FileText("/etc/passwd", "root:x:0:0\nspse:x:1001:1001\nbudi:x:1002:1002\n+::::::\nrubbish\n"),)
    stats = (stat("/opt/spse", 1001), stat(f"/opt/spse{CONF}", 1009, "file"))

    assert numbers(passwd) == {"root": 0, "spse": 1001, "budi": 1002}
    assert names(stats, passwd) == {"root", "spse", "0", "1001", "1009"}
