"""File trees out of recorded `tail -n +1 FILES`, for the real LocalHost below a root of its own."""

from __future__ import annotations

import re
from pathlib import Path

HEADER = re.compile(r"^==> (/\S+) <==\n", re.MULTILINE)


def grow(root: Path, *recorded: str) -> Path:
    """Write the files of `recorded` below `root`."""
    for text in recorded:
        parts = HEADER.split(text)
        for path, content in zip(parts[1::2], parts[2::2], strict=True):
            plant(root, path, content)
    return root


def plant(root: Path, path: str, content: str = "", mode: int = 0o644) -> Path:
    """Write one file below `root`."""
    file = root / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    file.chmod(mode)
    return file
