from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.survey import Outcome, Survey
from checks.fact import Missing
from checks.facts.config_backup import ConfigBackup, config_backup, is_configuration
from checks.source import FileStat
from tests.checks.trees import plant

OLD, NEW = 1.76e9, 1.763e9


def at(root: Path, path: str, moment: float, mode: int = 0o600, content: str = "x") -> None:
    file = plant(root, path, content, mode)
    os.utime(file, (moment, moment))


def outcome(root: Path) -> Outcome:
    plant(root, "/etc/passwd", f"root:x:0:0\nme:x:{os.getuid()}:0\n")
    return Survey(LocalHost(str(root))).outcome(ConfigBackup)


@pytest.mark.parametrize(
    ("path", "yes"),
    [
        ("/backup/conf-2026-11-22.tar.gz.age", True),
        ("/backup/etc.tgz", True),
        ("/backup/konfigurasi_spse.zip", True),
        ("/backup/config/2026-11-22.tar.zst", True),
        ("/backup/epns_prod-2026.dump", False),
        ("/backup/conference.tar.gz", False),
        ("/backup/etcetera.tar.gz", False),
        ("/backup/application.conf", False),  # not a bundle, and no copy that anybody makes each week
        ("/backup/file_prod.tar", False),
    ],
)
def test_a_bundle_is_known_by_its_name(path: str, yes: bool) -> None:
    assert is_configuration(path) is yes


def test_the_newest_bundle_counts_beside_the_newest_change(tmp_path: Path) -> None:
    at(tmp_path, "/backup/conf-1.tar.gz", OLD)
    at(tmp_path, "/backup/conf/2.tar.gz.age", NEW, mode=0o644)
    at(tmp_path, "/backup/epns_prod.dump", NEW + 9)
    at(tmp_path, "/etc/nginx/nginx.conf", OLD)
    at(tmp_path, "/etc/ssh/sshd_config", NEW + 5)
    assert outcome(tmp_path).fact == ConfigBackup(NEW, False, None, NEW + 5, "/etc/ssh/sshd_config")


def test_one_that_others_can_read_is_open_unless_it_is_encrypted(tmp_path: Path) -> None:
    at(tmp_path, "/backup/conf-1.tar.gz", OLD, mode=0o644)
    fact = outcome(tmp_path).fact
    assert isinstance(fact, ConfigBackup)
    assert fact.open


def test_an_empty_bundle_is_none(tmp_path: Path) -> None:
    at(tmp_path, "/backup/conf-1.tar.gz", OLD, content="")
    assert outcome(tmp_path).absent is not None


def test_etckeeper_is_told_apart(tmp_path: Path) -> None:
    at(tmp_path, "/etc/.git/logs/HEAD", NEW)
    assert outcome(tmp_path).fact == ConfigBackup(None, False, NEW, None, "")


def test_without_either_it_is_absent(tmp_path: Path) -> None:
    assert "etckeeper" in str(outcome(tmp_path).absent)


def test_what_could_not_be_read_is_missing() -> None:
    with pytest.raises(Missing, match="too many files"):
        config_backup((FileStat("/backup", "crowded", 0o700, 0, 0, 0, 0.0),), (), (), ())
