"""The folder in which one restore test works: found, locked, swept of what earlier tests left, and removed again.

Laws:
- One test at a time. Its lock is the kernel's: a killed test holds none.
- Only `run-*` folders in our own base are ever removed, and only if nobody else could have put the base there.
- Root's base lies beside the state directory, not in it: the account of the cluster may not enter the agent's state, and the
  agent's account must not be able to exchange what root removes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from agent.problem import Problem, os_words
from agent.restore.processes import Account, end_all_in
from agent.restore.trust import exchangeable, keepers
from checks.text import Text

PREFIX = "run-"
LONGEST_SOCKET = 107  # bytes of a path that the kernel takes for a socket
SOCKET = "s/.s.PGSQL.5432"


def base_of(state: Path, chosen: str) -> Path:
    """Where scratch folders are made: below the folder that was chosen, else beside (root) or in the state directory."""
    if chosen:
        return Path(chosen).absolute() / "pantau-restore"
    return state.absolute().with_name(f"{state.name}-restore") if os.geteuid() == 0 else state.absolute() / "restore"


def prepared(base: Path) -> Path:
    """`base`, made if need be. Raises Problem where somebody else could exchange it, OSError."""
    with contextlib.suppress(FileExistsError):
        base.mkdir(mode=0o700)
    base = base.resolve()
    if part := exchangeable(base, keepers()):
        raise Problem(
            Text(
                f"{part} dapat diganti oleh pengguna lain, jadi tidak aman untuk memulihkan basis data; pilih folder milik root: "
                "--scratch FOLDER",
                f"{part} can be exchanged by other users, so it is no safe place to restore a database; choose a folder of root's: "
                "--scratch FOLDER",
            )
        )
    if len(os.fsencode(base / f"{PREFIX}12345678" / SOCKET)) > LONGEST_SOCKET:
        raise Problem(
            Text(
                f"alamat {base} terlalu panjang untuk soket PostgreSQL; pilih yang lebih pendek: --scratch FOLDER",
                f"the path {base} is too long for a socket of PostgreSQL; choose a shorter one: --scratch FOLDER",
            )
        )
    base.chmod(0o711)  # whatever the umask: others pass, and see nothing
    return base


@contextlib.contextmanager
def locked(base: Path) -> Iterator[None]:
    """Hold the lock of `base`. Raises Problem if another test runs."""
    handle = os.open(base / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                Text(
                    "uji pemulihan lain sedang berjalan di server ini; tunggu sampai selesai",
                    "another restore test runs on this server; wait until it ends",
                )
            ) from None
        yield
    finally:
        os.close(handle)


def sweep(base: Path) -> int:
    """End what earlier tests left running and remove what they left lying; returns how many folders there were."""
    left = [path for path in base.glob(f"{PREFIX}*") if path.is_dir() and not path.is_symlink()]
    for path in left:
        remove(path)
    return len(left)


def remove(folder: Path) -> None:
    """End all programs of a test and remove its folder. Raises Problem if something stays."""
    for _ in range(3):  # a dying server may still write
        end_all_in(folder)
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
    raise Problem(
        Text(
            f"{folder} tidak dapat dihapus; di dalamnya ada salinan basis data: hapus sendiri",
            f"{folder} cannot be removed; it holds a copy of the database: remove it by hand",
        )
    )


@contextlib.contextmanager
def folder_in(base: Path, server: Account, reader: Account, *, keep: bool) -> Iterator[Path]:
    """A new folder of the server's, in which others can only pass. Removed at the end, whatever happens, unless kept."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    done = False
    try:
        if server.name:
            os.chown(folder, server.uid, server.gid)
        folder.chmod(0o711)
        for account in (server, reader):
            _reaches(account, folder)
        yield folder
        done = True
    finally:
        if not (keep and done):
            remove(folder)


def _reaches(account: Account, folder: Path) -> None:
    try:
        code = account.start(["test", "-x", str(folder)], Path("/")).wait(timeout=10)
    except OSError as error:
        raise Problem(os_words(error)) from error
    if code:
        raise Problem(
            Text(
                f"pengguna {account.name} tidak dapat masuk ke {folder.parent}; pilih folder yang dapat dilewatinya: "
                "--scratch FOLDER",
                f"the user {account.name} cannot enter {folder.parent}; choose a folder that they can pass: --scratch FOLDER",
            )
        )
