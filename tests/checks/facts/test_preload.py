from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.preload import foreign_modules, preload
from checks.source import FileText


def taint(name: str, flags: str) -> FileText:
    return FileText(f"/sys/module/{name}/taint", f"{flags}\n")


def test_no_file_and_only_comments_preload_nothing() -> None:
    assert preload(()).libraries == ()
    assert preload((FileText("/etc/ld.so.preload", "# nothing\n\n"),)).libraries == ()


def test_every_library_is_named() -> None:
    text = "/usr/lib/libhide.so:/lib/b.so  /lib/c.so # comment\n/lib/b.so\n"

    assert preload((FileText("/etc/ld.so.preload", text),)).libraries == (
        "/usr/lib/libhide.so",
        "/lib/b.so",
        "/lib/c.so",
    )


def test_only_modules_that_the_kernel_calls_foreign_are_named() -> None:
    seen = foreign_modules("ext4 1 0 - Live 0x0\n", (taint("ext4", ""), taint("hide", "OE"), taint("nvidia", "POE")))

    assert seen.modules == ("hide (OE)", "nvidia (POE)")


def test_modules_without_their_flags_are_missing() -> None:
    with pytest.raises(Missing):
        foreign_modules("ext4 1 0 - Live 0x0\n", ())
