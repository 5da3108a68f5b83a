"""Code slipped under every program or into the kernel: /etc/ld.so.preload, and modules the kernel calls foreign."""

from __future__ import annotations

from checks.fact import Fact, Missing, reads
from checks.source import File, FileText, Glob
from checks.text import Text

MOST = 20
FOREIGN = "OEF"  # out of tree, unsigned, forced: taint flags of the kernel's documentation


class Preload(Fact, frozen=True):
    """Libraries that /etc/ld.so.preload forces into every program; none where there is no such file. Never absent.

    A rootkit that is already loaded can hide the file from this reading; a clean answer is no proof.
    """

    libraries: tuple[str, ...] = ()


class ForeignModules(Fact, frozen=True):
    """Loaded kernel modules that are out of tree, unsigned or forced, as "name (flags)". Absent: a kernel without modules."""

    modules: tuple[str, ...] = ()


@reads(Glob("/etc/ld.so.preload"))
def preload(files: tuple[FileText, ...]) -> Preload:
    words = [
        word
        for file in files
        for line in file.text.splitlines()
        for word in line.partition("#")[0].replace(":", " ").split()
    ]
    return Preload(tuple(dict.fromkeys(words))[:MOST])


@reads(File("/proc/modules"), Glob("/sys/module/*/taint"))
def foreign_modules(loaded: str, taints: tuple[FileText, ...]) -> ForeignModules:
    if loaded.strip() and not taints:
        raise Missing(
            Text(
                "/sys/module tidak menyebut asal modul yang dimuat",
                "/sys/module does not say where the loaded modules come from",
            )
        )
    found = []
    for file in taints:
        parts, flags = file.path.split("/"), file.text.strip()
        if any(flag in flags for flag in FOREIGN) and len(parts) > 3:
            found.append(f"{parts[3]} ({flags[:8]})")
    return ForeignModules(tuple(sorted(found)[:MOST]))
