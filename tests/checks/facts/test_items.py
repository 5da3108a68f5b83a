from __future__ import annotations

import hashlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.baseline import MOST_LENGTH
from checks.facts.items import digest, item, short, summed
from checks.source import Command


def test_an_item_is_one_line_whatever_a_name_holds() -> None:
    assert item("/etc/cron.d/a\nb\x1b[2J", "", "x") == "/etc/cron.d/a\\x0ab\\x1b[2J x"


@given(st.text(max_size=700), st.text(max_size=20))
def test_an_item_fits_and_a_change_behind_its_cut_shows(start: str, end: str) -> None:
    long = "x" * MOST_LENGTH + start
    assert len(item(start, end)) <= MOST_LENGTH
    assert (item(long + end) == item(long)) is (end == "")


def test_a_digest_is_that_of_the_whole_text() -> None:
    assert digest("a") == short(hashlib.sha256(b"a").hexdigest()) == "sha256:ca978112ca1bbdcafac231b39a23dc4d"


def test_a_line_of_sha256sum_is_read_back_with_a_name_it_had_to_escape(tmp_path: Path) -> None:
    names = ("plain", "two words", "line\nbreak", "back\\slash")
    for name in names:
        (tmp_path / name).write_text(name)
    printed = LocalHost().read(Command(("sha256sum", *(str(tmp_path / name) for name in names))))
    read = [summed(line) for line in printed.splitlines()]
    assert read == [(str(tmp_path / name), digest(name)) for name in names]
    assert summed("sha256sum: nothing") is None
