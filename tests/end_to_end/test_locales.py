"""Whatever language the audited system speaks: the same verdicts, and output that can be printed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REAL = Path(__file__).parents[1] / "checks/real/debian12"
FILES = {
    "etc/ssh/sshd_config": "sshd_config", "etc/passwd": "passwd", "etc/shadow": "shadow", "etc/group": "group",
    "etc/sudoers": "sudoers", "etc/pam.d/sshd": "pam-sshd", "etc/pam.d/common-auth": "pam-common-auth",
    "etc/security/faillock.conf": "faillock.conf", "var/log/auth.log": "auth.log", "etc/rsyslog.conf": "rsyslog.conf",
}  # fmt: skip
# Turkish has two letters i; not every machine has each of these, and then the C library falls back to C.
LOCALES = ("C", "C.UTF-8", "id_ID.UTF-8", "tr_TR.UTF-8", "de_DE.ISO-8859-1")


def check(root: Path, locale: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    agent = Path(sys.executable).with_name("pantau-agent")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))},
        "LANG": locale, "LC_ALL": locale, "LANGUAGE": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0",
        "PANTAU_STATE": str(root / "state"),
    }  # fmt: skip
    return subprocess.run(
        [agent, "check", "--root", root, *arguments], env=environment, capture_output=True, check=False, timeout=120
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REAL / text, tmp_path / name)
    return tmp_path


def results(root: Path, locale: str) -> list[Any]:
    done = check(root, locale, "--json")
    assert b"Traceback" not in done.stderr
    found: list[Any] = json.loads(done.stdout)["results"]
    return found


def test_the_language_of_the_system_changes_no_verdict(root: Path) -> None:
    first, *others = (results(root, locale) for locale in LOCALES)

    assert {one["status"] for one in first} >= {"pass", "fail", "unknown"}
    assert all(other == first for other in others)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_a_terminal_cannot_show_does_not_end_the_audit(root: Path, locale: str) -> None:
    for language in ("id", "en"):
        done = check(root, locale, "--lang", language, "--all")
        assert done.returncode == 1, done.stderr.decode("utf-8", "replace")
        assert b"K-SSH-01" in done.stdout
