from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.ssh_command import MARK, MOST_ARGUMENTS, PROOF, batches, decoded, encoded, line, quote

HOSTILE = [
    "", " ", "a b", "a\nb", "\n", "'", "''", "'\"'\"'", '"', "$(id)", "`id`", "$HOME", "~", "~root", "*", "?", "[a-z]", "{a,b}",
    "\\", "\\\\", "a\\", "\\'", "a;b", "a&b", "a|b", "a>b", "#a", "!a", "=ls", "-n", "--", "\t", "\r", "\x01", "ü", "\udcff\udcfe",
    PROOF,
]  # fmt: skip


def arrives(*argv: str) -> list[bytes]:
    """The arguments as a program sees them behind the shell."""
    said = b" ".join(map(quote, ["printf", r"%s\0", *argv]))
    return subprocess.run(["/bin/sh", "-c", said], stdout=subprocess.PIPE, check=True).stdout.split(b"\0")[:-1]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_arrives_as_it_is(name: str) -> None:
    assert arrives("x", name, "y") == [b"x", encoded(name), b"y"]


@given(st.lists(st.binary(max_size=20).filter(lambda raw: b"\0" not in raw), min_size=1, max_size=5))
def test_any_bytes_arrive_as_they_are(names: list[bytes]) -> None:
    assert arrives(*map(decoded, names)) == names


@pytest.mark.parametrize("name", ["\0", "a\0b", "\ud800"], ids=ascii)
def test_what_can_be_no_argument_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"NUL|encode"):
        quote(name)


def run(said: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["/bin/sh", "-c", said], capture_output=True, check=False)


def test_the_line_runs_with_an_empty_environment_in_the_locale_c_and_marks_where_the_program_begins() -> None:
    ran = run(line(["env"], seconds=10))
    assert b"LC_ALL=C\n" in ran.stdout
    assert b"HOME=/nonexistent\n" in ran.stdout
    assert ran.stderr == f"{MARK}\n".encode()
    assert run(line(["pwd"], seconds=10)).stdout == b"/\n"


def test_a_heavy_command_is_niced_there() -> None:
    assert run(line(["nice"], seconds=10, heavy=True)).stdout == b"19\n"


def test_sudo_and_another_user_stand_before_everything_else() -> None:
    assert line(["id"], seconds=10, sudo=True).startswith(b"exec sudo -n -- env -i ")
    assert line(["id"], seconds=10, sudo=True, user="postgres").startswith(b"exec sudo -n -u postgres -- env -i ")
    assert line(["id"], seconds=10, user="postgres").startswith(b"exec runuser -u postgres -- env -i ")


def test_many_names_are_cut_into_lines_that_a_shell_takes() -> None:
    names = [f"/home/{'x' * 200}/{number} '" for number in range(1000)]
    groups = list(batches(names))
    assert [name for group in groups for name in group] == names
    assert all(sum(len(quote(name)) + 1 for name in group) <= MOST_ARGUMENTS for group in groups)
    assert list(batches([])) == []
