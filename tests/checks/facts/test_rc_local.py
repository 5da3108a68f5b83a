from __future__ import annotations

from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent
from checks.facts.rc_local import RcLocal, rc_local
from checks.source import FileStat, FileText

# Written by hand after the install guides for SPSE: no server's own file can be published.
GUIDE = (
    "#!/bin/bash\n# su - epns\ntouch /var/lock/subsys/local\n/home/appserv/spse/spse4 start\n/usr/sbin/httpd -k start\n"
)


def stat(path: str, kind: str = "file", mode: int = 0o755) -> FileStat:
    return FileStat(path, kind, mode, 0, 0, 100, 0.0)


def test_on_el_the_link_is_followed_to_the_file_that_must_be_executable() -> None:
    stats = (stat("/etc/rc.d/rc.local", mode=0o644), stat("/etc/rc.local", "link", 0o777))
    texts = (FileText("/etc/rc.local", GUIDE),)

    assert rc_local(stats, texts, (FileText("/etc/rc.d/rc.local", GUIDE),)) == RcLocal(False, ("spse", "proxy"))


def test_comments_start_nothing() -> None:
    text = FileText("/etc/rc.local", "#!/bin/sh\n# /home/appserv/spse/spse4 start\nexit 0\n")

    assert rc_local((stat("/etc/rc.local"),), (text,), ()) == RcLocal(True, ())


def test_no_rc_local_is_absent() -> None:
    with pytest.raises(Absent):
        rc_local((stat("/etc/rc.local", "link"),), (), ())


def test_it_is_read_from_a_tree(tmp_path: Path) -> None:
    (tmp_path / "etc/rc.d").mkdir(parents=True)
    (tmp_path / "etc/rc.d/rc.local").write_text(GUIDE)
    (tmp_path / "etc/rc.d/rc.local").chmod(0o755)
    (tmp_path / "etc/rc.local").symlink_to("rc.d/rc.local")

    assert Survey(LocalHost(str(tmp_path))).outcome(RcLocal).fact == RcLocal(True, ("spse", "proxy"))
