"""What can be known of an encrypted file without its key: what kind it is, whether it ends as it should, its checksum.

Laws:
- Only what a format really tells counts: age in binary does not show its end, OpenPGP and everything in ASCII armour do.
- What is in it is not known: that is what a restore test is for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from checks.fact import Missing
from checks.source import Command, Source
from checks.text import Text

Proof: TypeAlias = Literal["", "head", "end", "sha256"]

AGE, OPENPGP, OPENSSL = "age", "OpenPGP", "openssl enc"
WANTED: Mapping[str, str] = {".age": AGE, ".gpg": OPENPGP, ".pgp": OPENPGP, ".asc": OPENPGP, ".enc": ""}
HEADS: tuple[tuple[bytes, str], ...] = (
    (b"age-encryption.org/v1\n", AGE),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", AGE),
    (b"-----BEGIN PGP MESSAGE-----", OPENPGP),
    (b"Salted__", OPENSSL),
)
ENDS = ("-----END AGE ENCRYPTED FILE-----", "-----END PGP MESSAGE-----")
ARMOUR = b"-----BEGIN "
PACKETS = frozenset({1, 3, 9, 18, 20})  # RFC 9580: session keys, encrypted data; 20: the OCB of GnuPG 2.3
ENCRYPTED = re.compile(r"^:(aead )?encrypted (data )?packet:", re.MULTILINE)
BROKEN = ("block_filter", "no valid OpenPGP data", "length byte missing", "invalid")
PACKET = re.compile(r"# off=(\d+) ctb=\S+ tag=\d+ hlen=(\d+) plen=(\d+)( partial)?")
DIGEST = re.compile(r"\b[0-9a-fA-F]{64}\b")


def head(path: str) -> Command:
    """The first bytes, as hexadecimal numbers."""
    return Command(("od", "-An", "-v", "-tx1", "-N64", path))


def end(path: str) -> Source[str]:
    """What shows whether the file is whole: what gpg says of its packets without any key, or its last line."""
    if path.lower().endswith((".gpg", ".pgp")):
        argv = (
            "gpg",
            "--batch",
            "--no-options",
            "--no-default-keyring",
            "--homedir",
            "/nonexistent",
            "--logger-fd",
            "1",
        )
        return Command((*argv, "--list-only", "--list-packets", path), ok=(0, 2), timeout=120.0, heavy=True)
    return Command(("tail", "-c", "64", path))


def checksum(path: str) -> Command:
    """The SHA-256 of the whole file."""
    return Command(("sha256sum", path), timeout=120.0, heavy=True)


def kind(path: str, printed: str) -> tuple[str, bool]:
    """What kind of encrypted file `head` shows (empty: one that is not known), and whether that is what its name says."""
    wanted = next((wanted for suffix, wanted in WANTED.items() if path.lower().endswith(suffix)), "")
    try:
        first = bytes.fromhex("".join(printed.split()))
    except ValueError as error:
        raise Missing(Text(f"{path}: od tidak menampilkan byte", f"{path}: od printed no bytes")) from error
    found = next((name for bytes_, name in HEADS if first.startswith(bytes_)), "")
    if not found and first and _tag(first[0]) in PACKETS and wanted == OPENPGP:
        found = OPENPGP
    return found or wanted, bool(first) and (not wanted or found == wanted)


def whole(path: str, size: int, first: str, printed: str) -> bool | None:
    """Does the file end as its format says? None where the format does not show it. `first` and `printed`: of `head`, `end`."""
    armoured = first.split()[: len(ARMOUR)] == [f"{byte:02x}" for byte in ARMOUR]
    if not path.lower().endswith((".gpg", ".pgp")):
        return printed.rstrip().endswith(ENDS) if armoured else None
    if not ENCRYPTED.search(printed) or any(said in printed for said in BROKEN):
        return False
    offset, header, length, partial = PACKET.findall(printed)[-1] if PACKET.search(printed) else ("0", "0", "0", "")
    if partial:
        return True
    return None if armoured else int(offset) + int(header) + int(length) == size


def matches(computed: str, beside: str) -> bool:
    """Is the SHA-256 that was computed the one that stands in the file beside it?"""
    mine: list[str] = DIGEST.findall(computed)
    theirs: list[str] = DIGEST.findall(beside)
    if len(mine) != 1 or len(theirs) != 1:
        raise Missing(
            Text("berkas .sha256 harus memuat satu jumlah SHA-256", "the .sha256 file must hold one SHA-256 checksum")
        )
    return mine[0].lower() == theirs[0].lower()


def _tag(first: int) -> int:
    """The tag of an OpenPGP packet by its first byte; 0 where it is none."""
    if not first & 0x80:
        return 0
    return first & 0x3F if first & 0x40 else first >> 2 & 0x0F
