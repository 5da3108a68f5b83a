"""Encrypted dumps, made by the real programs, judged without their keys."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Absent, After, Fact, Missing, Recipe
from checks.facts import sealed
from checks.facts.backup_test import BackupOrigin, BackupTest, checksum, contents, ending
from checks.source import Source
from tests.checks.facts.fuzzing import mixed

CONTENT = os.urandom(200_000)
AGE = b"age-encryption.org/v1\n-> X25519 xxx\nyyy\n--- zzz\n"
gpg_only = pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")


def sources(recipe: Recipe[Fact], path: Path) -> list[Source[str]]:
    found = BackupOrigin(str(path))
    return [source.make(found) for source in recipe.sources if isinstance(source, After)]


def outcome(recipe: Recipe[BackupTest], path: Path, content: bytes) -> BackupTest:
    path.write_bytes(content)
    return recipe.parse(*(LocalHost().read(source) for source in sources(recipe, path)))


def gpg(tmp_path: Path, *options: str, stdin: bytes = CONTENT) -> bytes:
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700, exist_ok=True)
    argv = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "x"]
    made = subprocess.run([*argv, *options], input=stdin, capture_output=True, check=True, timeout=60)
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True, timeout=60)
    return made.stdout


@gpg_only
def test_a_gpg_file_shows_its_end_without_its_key(tmp_path: Path) -> None:
    whole = gpg(tmp_path, "--symmetric")
    path = tmp_path / "epns.dump.gpg"

    assert outcome(ending, path, whole) == BackupTest(str(path), "", True, container="OpenPGP", proof="end")
    for cut in (len(whole) - 1, len(whole) - 400, 100_000, 8192, 100, 30):
        assert outcome(ending, path, whole[:cut]) == BackupTest(str(path), "", container="OpenPGP", proof="end"), cut


@gpg_only
def test_a_gpg_file_that_names_its_length_must_be_as_long(tmp_path: Path) -> None:
    body = CONTENT[:70_000]
    whole = gpg(tmp_path, "--symmetric")[:15] + b"\xd2\xff" + (len(body) + 1).to_bytes(4, "big") + b"\x01" + body
    path = tmp_path / "epns.dump.gpg"

    assert outcome(ending, path, whole).readable
    assert not outcome(ending, path, whole[:-1]).readable
    assert not outcome(ending, path, whole[:-1000]).readable


@gpg_only
def test_armour_shows_its_end(tmp_path: Path) -> None:
    whole = gpg(tmp_path, "--symmetric", "--armor")
    for name in ("epns.sql.asc", "epns.sql.gpg"):
        assert outcome(ending, tmp_path / name, whole).readable
        assert not outcome(ending, tmp_path / name, whole[:-60]).readable
    armoured = b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n"
    assert outcome(ending, tmp_path / "epns.sql.age", armoured).proof == "end"
    assert not outcome(ending, tmp_path / "epns.sql.age", armoured[:-9]).readable


@gpg_only
@pytest.mark.parametrize(
    "content", [b"", b"-- PostgreSQL database dump\n" * 9, b"PGDMP" + b"\0" * 900, b"\x1f\x8b" * 99]
)
def test_what_is_only_called_encrypted_is_not_readable(tmp_path: Path, content: bytes) -> None:
    for suffix, container in (("age", "age"), ("gpg", "OpenPGP"), ("asc", "OpenPGP")):
        path = tmp_path / f"epns.dump.{suffix}"
        assert outcome(ending, path, content) == BackupTest(str(path), "", container=container, proof="head")


def test_a_format_that_does_not_show_its_end_proves_nothing_by_itself(tmp_path: Path) -> None:
    for suffix, head, container in (
        ("age", AGE, "age"), ("enc", b"Salted__" + CONTENT[:64], "openssl enc"), ("enc", CONTENT, ""),
    ):  # fmt: skip
        path = tmp_path / f"epns.dump.{suffix}"
        assert outcome(ending, path, head) == BackupTest(str(path), "", container=container)


@pytest.mark.parametrize("line", ["{digest}  epns.dump.age\n", "{digest} */backup/epns.dump.age\n", "{digest}"])
def test_a_checksum_beside_it_shows_that_nothing_changed(tmp_path: Path, line: str) -> None:
    path, whole = tmp_path / "epns.dump.age", AGE + CONTENT
    (tmp_path / "epns.dump.age.sha256").write_text(line.format(digest=hashlib.sha256(whole).hexdigest()))

    assert outcome(checksum, path, whole) == BackupTest(str(path), "", True, container="age", proof="sha256")
    assert outcome(checksum, path, whole[:-1]) == BackupTest(str(path), "", container="age", proof="sha256")
    assert outcome(checksum, path, CONTENT).proof == "head"


def test_a_file_of_checksums_that_names_not_exactly_one_proves_nothing(tmp_path: Path) -> None:
    path, digest = tmp_path / "epns.dump.age", hashlib.sha256(AGE).hexdigest()
    with pytest.raises(Absent):
        outcome(checksum, path, AGE)
    for beside in ("", "d41d8cd98f00b204e9800998ecf8427e  epns.dump.age\n", f"{digest}  a\n{digest}  b\n"):
        (tmp_path / "epns.dump.age.sha256").write_text(beside)
        with pytest.raises(Missing, match="one SHA-256"):
            outcome(checksum, path, AGE)


def test_a_dump_in_clear_is_not_asked_for_its_container() -> None:
    for recipe in (checksum, ending):
        with pytest.raises(Absent):
            sources(recipe, Path("/backup/epns.dump"))
    with pytest.raises(Absent):
        sources(contents, Path("/backup/epns.dump.age"))


@given(
    mixed("# off=0 ctb=d2 tag=18 hlen=2 plen=0 partial new-ctb\n", ":encrypted data packet:\n", "-----END"), st.binary()
)
def test_whatever_is_printed_there_is_an_answer_or_missing(printed: str, first: bytes) -> None:
    for name in ("/backup/a.gpg", "/backup/a.age", "/backup/a.enc"):
        with contextlib.suppress(Missing):
            sealed.kind(name, printed)
        kind, right = sealed.kind(name, first.hex(" "))
        assert isinstance(kind, str)
        assert not (right and not first)
        assert sealed.whole(name, 5, first.hex(" "), printed) in {True, False, None}
