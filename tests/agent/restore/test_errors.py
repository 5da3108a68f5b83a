from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import text

from agent.restore.errors import weigh


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("pg_restore: creating TABLE", None),
        ("pg_restore: warning: errors ignored on restore: 2", None),
        ("pg_restore: while PROCESSING TOC:", None),
        ("WARNING: errors ignored on restore: 1", None),
        ("pg_restore: [archiver (db)] Error while PROCESSING TOC:", None),
        ("psql:<stdin>:7: NOTICE:  extension exists, skipping", None),
        ('psql:<stdin>:7: ERROR:  role "epns" does not exist', ""),
        ("pg_restore: error: could not execute query: ERROR:  must be owner of extension plpgsql", ""),
        ("pg_restore: [archiver (db)] could not execute query: ERROR:  must be owner of extension plpgsql", ""),
        (
            'pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"',
            "",
        ),
        ("psql:<stdin>:3: error: invalid command \\restrict", ""),
        ("pg_restore: error: could not read from input file: end of file", "cut"),
        ("pg_restore: [custom archiver] could not read from input file: end of file", "cut"),
        ("pg_restore: error: did not find magic string in file header", "cut"),
        (
            'pg_restore: error: COPY failed for table "paket": ERROR:  invalid input syntax for type integer: "x"',
            "refused",
        ),
        ('psql:<stdin>:9: ERROR:  relation "public.paket" does not exist', "refused"),
        ("psql:<stdin>:9: ERROR:  end of file, says a function", "refused"),
        ('psql:<stdin>:9: ERROR:  could not extend file "base/5/1": No space left on device', "no_space"),
        ('ERROR:  extension "postgis" is not available', None),  # said by nobody we asked
        ('psql: ERROR:  extension "postgis" is not available', "extension"),
        ('ERROR:  could not open extension control file "x"', None),
        ("psql:<stdin>:9: server closed the connection unexpectedly", None),  # the exit code tells
        ("psql: error: connection to server on socket failed: No such file or directory", "stopped"),
    ],
)
def test_a_line_means_what_it_says(line: str, meant: str | None) -> None:
    assert weigh(line) == meant


@given(text(max_size=100), text(max_size=100))
def test_any_line_has_a_meaning(before: str, after: str) -> None:
    for line in (before, f"psql:{before}ERROR:  {after}", f"pg_restore: error: {after}"):
        assert weigh(line) in {None, "", "cut", "extension", "no_space", "refused", "stopped"}
