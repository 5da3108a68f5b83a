"""Who may read and write the agent's state.

Laws:
- What somebody else may have put in place is not believed: a state directory that others may write, or a key that is somebody
  else's, is refused. Root may use what belongs to the owner of the state directory (the daemon's user).
- What others could read is closed where it is our own, and said: a key that stood open may be known. What is not ours to
  close is refused.
- The directory itself is never changed: by a slip of the hand it may be /tmp.
"""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

from agent.problem import Problem
from checks.text import Text

log = logging.getLogger(__name__)

OTHERS = 0o077
OTHERS_WRITE = 0o022


class NotPrivate(Problem):
    """Somebody else may read or write what must be the agent's alone; the message says what to do."""


def check_directory(state: Path) -> None:
    """Raises NotPrivate if others may write in the state directory, OSError if it cannot be looked at."""
    mode = state.stat().st_mode
    if not mode & OTHERS_WRITE:
        return
    said = f"{stat.S_IMODE(mode):04o}"
    if mode & stat.S_ISVTX:  # /tmp and its like
        mend = Text(
            "pilih direktori milik agen sendiri: --state DIR", "choose a directory of the agent's own: --state DIR"
        )
    else:
        mend = Text(
            f"tutup dengan `chmod 700 {state}`, dan bila isinya tidak lagi dapat dipercaya: `pantau-agent enrol --again`",
            f"close it with `chmod 700 {state}`, and if what is in it can no longer be trusted: `pantau-agent enrol --again`",
        )
    raise NotPrivate(
        Text(
            f"{state} dapat ditulis oleh pengguna lain (mode {said}), jadi kunci di dalamnya dapat ditukar; {mend.id}",
            f"{state} can be written by other users (mode {said}), so the key in it can be replaced; {mend.en}",
        )
    )


def read(path: Path) -> bytes:
    """The content of a file that must be ours alone. Raises NotPrivate, OSError."""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        me = os.geteuid()
        if found.st_uid not in {me, 0} and not (me == 0 and found.st_uid == path.parent.stat().st_uid):
            raise NotPrivate(
                Text(
                    f"{path} milik pengguna lain (uid {found.st_uid}) dan tidak dipercaya; daftarkan lagi dengan "
                    "`pantau-agent enrol --again`, atau kembalikan pemiliknya dengan `chown`",
                    f"{path} belongs to another user (uid {found.st_uid}) and is not trusted; enrol again with "
                    "`pantau-agent enrol --again`, or give it back to its owner with `chown`",
                )
            )
        if found.st_mode & OTHERS:
            if found.st_uid != me:
                raise NotPrivate(
                    Text(
                        f"{path} terbuka bagi pengguna lain (mode {stat.S_IMODE(found.st_mode):04o}); pemiliknya harus "
                        f"menutupnya: `chmod 600 {path}`",
                        f"{path} is open to other users (mode {stat.S_IMODE(found.st_mode):04o}); its owner must close it: "
                        f"`chmod 600 {path}`",
                    )
                )
            tighten(path)
        return file.read()


def tighten(path: Path) -> None:
    """Close a file of our own to everybody else, and say so. What is closed, or not ours, is left as it is."""
    found = path.lstat()
    if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_mode & OTHERS:
        path.chmod(0o600)
        log.warning(
            "event=file_closed file=%s mode=%04o; other users could read or write it until now",
            path,
            stat.S_IMODE(found.st_mode),
        )


def prepare(path: Path) -> None:
    """Make an empty file that is ours alone, or close the one that is there. Raises OSError.

    For files that SQLite opens: it would make them as open as the umask allows. Not while SQLite has the file open: closing
    any descriptor of a file gives up this process's locks on it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except FileExistsError:
        tighten(path)
