"""The collector's own key: signs the policy. A file in the state directory, mode 0600, made by `init`."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from evidence.key import PrivateKey


class NoKey(RuntimeError):
    """The collector was not initialised, or its key is damaged."""


def _path() -> Path:
    path: Path = settings.CONFIG.path("collector_key.pem")
    return path


def collector_key() -> PrivateKey:
    """The collector's key. Raises NoKey with what to do."""
    try:
        return PrivateKey.from_pem(_path().read_bytes())
    except OSError as error:
        raise NoKey(f"{_path()}: {error.strerror}; run `pantau-collector init` first") from error
    except ValueError as error:
        raise NoKey(f"{_path()}: {error}; restore it from the backup, agents know its public half") from error


def write_secret(path: Path, content: bytes) -> bool:
    """Create `path` with mode 0600. False if it is there already: secrets are never overwritten."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return True
