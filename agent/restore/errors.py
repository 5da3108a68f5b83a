"""What the tools of PostgreSQL say while they restore, and what it means for the backup.

Laws:
- What only a superuser may do (roles, owners, publications, event triggers) is left out and counted: it holds no data.
- Any other error fails the test. It becomes one of a few reasons: PostgreSQL's own sentences may quote what is in the database.
"""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Sequence
from typing import IO

from checks.facts.restore_test import Reason

SAID = re.compile(
    r"(?:psql|pg_restore):.*?(?:(?:ERROR|FATAL|PANIC): +|error: |\[(?:\w+ )?archiver[^]]*\] )(.*)", re.DOTALL
)
STATEMENT = re.compile(r".*(?:ERROR|FATAL|PANIC): +(.*)", re.DOTALL)
NO_ERROR = re.compile(r"Error (?:while|from) |WARNING|warning|errors ignored on restore|Command was")
LEFT_OUT = re.compile(
    r"must be (owner of|superuser|member of|able to SET ROLE)"
    r"|permission denied (to (?!create extension)|for (language|foreign-data wrapper|tablespace|database|parameter))"
    r"|role \"[^\"]*\" does not exist|(schema|extension|role|language) \"[^\"]*\" already exists"
    r"|unrecognized configuration parameter|invalid value for parameter \"default_t|only superuser"
    r"|invalid command \\(un)?restrict"
)
REASONS: Sequence[tuple[Reason, re.Pattern[str]]] = (
    ("no_space", re.compile(r"No space left on device|Disk quota exceeded|could not extend file")),
    ("extension", re.compile(r"extension \"[^\"]*\" is not available|could not open extension control file")),
    (
        "cut",
        re.compile(
            r"could not read from input file|end of file|corrupt|uncompress|decompress|inflate|block|in file header|"
            r"magic string|does not appear to be a valid archive|too short|unexpected data offset|unsupported version|"
            r"compressed data|premature|crc error|checksum"
        ),
    ),
    (
        "stopped",
        re.compile(
            r"server closed the connection|terminating connection|onnection to server|could not connect|no connection"
        ),
    ),
)
LINE = re.compile(r"psql:<stdin>:(\d+): ERROR: .* does not exist")
MOST_LINES, LONGEST = 200, 2000


class Failed(Exception):
    """The backup could not be restored, for one of the known reasons."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason: Reason = reason
        self.detail = detail


def weigh(line: str) -> Reason | None:
    """What a line means for the backup: "" where something was left out, None where it says nothing of an error."""
    match = SAID.match(line)
    if match is None or NO_ERROR.match(match[1]):
        return None
    statement = STATEMENT.match(line)
    message = (statement or match)[1]
    if LEFT_OUT.match(message):
        return ""
    fitting = (reason for reason, pattern in REASONS if pattern.search(message) and not (statement and reason == "cut"))
    return next(fitting, "refused")


class Ears:
    """Listens to the standard error of a program, so that it never waits for a reader. `lines` are the first that it said.

    Before the line `begins` a plain dump drops what is not there yet (`pg_dump --clean`): no error of the backup.
    """

    def __init__(self, process: subprocess.Popen[bytes], begins: int = 0) -> None:
        self._begins = begins
        self.lines: list[str] = []
        self.left_out = 0
        self.reason: Reason = ""
        assert process.stderr is not None  # noqa: S101 - whoever listens has asked for the pipe
        self._thread = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
        self._thread.start()

    def _listen(self, pipe: IO[bytes]) -> None:
        whole = True
        while raw := pipe.readline(LONGEST):
            line, begins = raw.decode("utf-8", "replace").rstrip("\n"), whole
            whole = raw.endswith(b"\n")
            if len(self.lines) < MOST_LINES:
                self.lines.append(line)
            meant = weigh(line) if begins else None
            if meant and (early := LINE.match(line)) and int(early[1]) < self._begins:
                meant = None
            if meant == "":
                self.left_out += 1
            elif meant and not self.reason:
                self.reason = meant

    def hear_out(self) -> None:
        """Wait for the rest of what an ended program said."""
        self._thread.join(timeout=10)
