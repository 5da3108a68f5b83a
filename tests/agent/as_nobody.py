"""Do something as the user nobody: in a forked child, because root may read everything."""

from __future__ import annotations

import os
import pickle
import pwd
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")


def as_nobody(work: Callable[[], T]) -> T:
    """What `work` returns or raises, done without privilege. Skips where this process has none to drop."""
    if os.geteuid() != 0:
        return work()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        pytest.skip("there is no user nobody")
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            said: object = (True, work())
        except BaseException as error:  # noqa: BLE001 - raised again in the parent
            said = (False, error)
        try:
            os.write(sender, pickle.dumps(said))
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver, "rb") as file:
        well, value = pickle.loads(file.read())
    os.waitpid(child, 0)
    if not well:
        raise value
    return value  # type: ignore[no-any-return]
