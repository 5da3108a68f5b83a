"""GRUB: who may read its configuration, and whether its menu asks for a password. The password's hash is never kept."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Absent, Fact, Missing, reads
from checks.source import MEBIBYTE, FileStat, FileText, Glob, Stat
from checks.text import Text

FILES = ("/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/grub2/user.cfg")
EFI = "/boot/efi/EFI/*/*.cfg"  # EL 7 and 8 with UEFI keep grub.cfg and user.cfg here; others only a stub that points on
ON_EFI = re.compile(r"/boot/efi/EFI/[^/]+/(?:grub|user)\.cfg")
OF_GRUB = re.compile(r"menuentry|blscfg|linux|^GRUB2_PASSWORD=", re.MULTILINE)
EXECUTE = 0o111  # FAT has no permissions: the bits of its files are those of the mount
SUPERUSERS = re.compile(r"^[ \t]*set[ \t]+superusers=[\"']?\w", re.MULTILINE)
# EL's grub.cfg names the variable; its value stands in user.cfg
PASSWORD = re.compile(r"^[ \t]*(?:password_pbkdf2[ \t]+\S+[ \t]+|GRUB2_PASSWORD=)grub\.pbkdf2\.", re.MULTILINE)


class GrubFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of GRUB: its path, permission bits and owner."""

    path: str
    mode: int
    uid: int


class BootLoader(Fact, frozen=True):
    """GRUB's files, and whether superusers with a password guard its menu. Absent: no GRUB (a container, another loader)."""

    files: tuple[GrubFile, ...]
    superusers: bool
    password: bool


@reads(
    Stat(("/", *FILES, EFI)),
    Glob("/boot/grub/grub.cfg", max_bytes=4 * MEBIBYTE),
    Glob("/boot/grub2/*.cfg", max_bytes=4 * MEBIBYTE),
    Glob(EFI, max_bytes=4 * MEBIBYTE),
    root=True,
)
def boot_loader(
    seen: tuple[FileStat, ...],
    debian: tuple[FileText, ...],
    el: tuple[FileText, ...],
    efi: tuple[FileText, ...] = (),
) -> BootLoader:
    on_efi = {one.path: one.text for one in efi if ON_EFI.fullmatch(one.path) and OF_GRUB.search(one.text)}
    files = tuple(
        GrubFile(one.path, one.mode & ~EXECUTE if one.path in on_efi else one.mode, one.uid)
        for one in seen
        if (one.path in FILES or one.path in on_efi) and one.kind == "file"
    )
    if not files:
        raise Absent(
            Text(
                "GRUB tidak ada di sini (kontainer, atau boot loader lain)",
                "there is no GRUB here (a container, or another loader)",
            )
        )
    texts = [file.text for file in (*debian, *el)] + list(on_efi.values())
    if not any("menuentry" in text or "blscfg" in text or "linux" in text for text in texts):
        raise Missing(Text("grub.cfg tidak tampak seperti konfigurasi GRUB", "grub.cfg does not look like GRUB's"))
    return BootLoader(files, any(map(SUPERUSERS.search, texts)), any(map(PASSWORD.search, texts)))
