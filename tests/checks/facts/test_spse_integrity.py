from __future__ import annotations

from hashlib import md5
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Absent
from checks.facts.spse_integrity import integrity
from checks.source import FileText
from tests.checks.trees import plant

LINE = "a3f1c0ffee=="
GOOD = f"{LINE}\n{md5(LINE.encode()).hexdigest()}\n"


@pytest.mark.parametrize(
    ("text", "consistent"),
    [(GOOD, True), (GOOD.replace("\n", "\r\n"), True), (GOOD.replace("a3", "a4"), False), (LINE, False), ("", False)],
)
def test_the_second_line_must_be_the_md5_of_the_first(text: str, consistent: bool) -> None:
    assert integrity((FileText("/x/conf/integrity", text),)).files[0].consistent is consistent


def test_no_file_is_absent() -> None:
    with pytest.raises(Absent):
        integrity((), ())


def test_it_is_read_where_spse_keeps_it(tmp_path: Path) -> None:
    plant(tmp_path, "/home/appserv/spse/webapp/conf/integrity", GOOD)
    host = LocalHost(str(tmp_path))

    assert integrity(*[host.read(source) for source in integrity.sources]).files[0].consistent


@given(st.text(), st.text())
def test_no_other_two_lines_pass(first: str, second: str) -> None:
    assert not integrity((FileText("/x", f"{first}\n{second}-"),)).files[0].consistent
