"""Mandatory access control: SELinux or AppArmor, as the running kernel enforces it."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.source import File, FileText, Glob
from checks.text import Text

MOST = 20


class MandatoryAccess(Fact, frozen=True):
    """`selinux` is enforcing, permissive or disabled; `selinux_at_boot` what /etc/selinux/config says for the next boot.

    AppArmor: whether the kernel runs it, how many profiles enforce, and the names of those that only complain.
    Never absent where the kernel says which security modules it runs.
    """

    selinux: str
    selinux_at_boot: str = ""
    apparmor: bool = False
    enforcing: int = 0
    complaining: tuple[str, ...] = ()


NEITHER = Text(
    "kernel tidak memperlihatkan SELinux maupun AppArmor (kontainer, atau securityfs tidak dipasang)",
    "the kernel shows neither SELinux nor AppArmor (a container, or securityfs is not mounted)",
)


@reads(
    File("/sys/kernel/security/lsm"),
    Glob("/sys/fs/selinux/enforce"),
    Glob("/etc/selinux/config"),
    Glob("/sys/kernel/security/apparmor/profiles"),
    root=True,
    absent=NEITHER,
)
def running(
    modules: str, enforce: tuple[FileText, ...], config: tuple[FileText, ...], profiles: tuple[FileText, ...]
) -> MandatoryAccess:
    active = modules.strip().split(",")
    if "capability" not in active:
        raise Missing(
            Text(
                "/sys/kernel/security/lsm tidak menyebut modul keamanan",
                "/sys/kernel/security/lsm names no security modules",
            )
        )
    text = "\n".join(file.text for file in profiles)
    modes = re.findall(r"^(\S.*) \((enforce|complain|kill|prompt|unconfined)\)$", text, re.MULTILINE)
    if len(modes) != len(text.splitlines()):
        raise Missing(Text("daftar profil AppArmor tidak dapat dibaca", "the list of AppArmor profiles cannot be read"))
    return MandatoryAccess(
        _selinux(enforce),
        _at_boot(config),
        apparmor="apparmor" in active,
        enforcing=sum(mode in ("enforce", "kill", "prompt") for _, mode in modes),
        complaining=tuple(name for name, mode in modes if mode == "complain")[:MOST],
    )


@reads(File("/etc/selinux/config"), Glob("/sys/fs/selinux/enforce"), Glob("/selinux/enforce"), absent=NEITHER)
def old_kernel(config: str, enforce: tuple[FileText, ...], older: tuple[FileText, ...]) -> MandatoryAccess:
    """EL 6 and 7: the kernel does not list its modules."""
    at_boot = _at_boot((FileText("/etc/selinux/config", config),))
    selinux = _selinux(enforce + older)
    if selinux == "disabled" and at_boot != "disabled":
        raise Missing(
            Text(
                "SELinux dikonfigurasi tetapi tidak terlihat di kernel; apakah sistem ini sedang berjalan?",
                "SELinux is configured but the kernel does not show it; is this a running system?",
            )
        )
    return MandatoryAccess(selinux, at_boot)


def _selinux(enforce: tuple[FileText, ...]) -> str:
    said = enforce[0].text.strip() if enforce else ""
    if said not in ("", "0", "1"):
        raise Missing(Text("/sys/fs/selinux/enforce tidak dapat dibaca", "/sys/fs/selinux/enforce cannot be read"))
    return {"1": "enforcing", "0": "permissive"}.get(said, "disabled")


def _at_boot(config: tuple[FileText, ...]) -> str:
    found = re.findall(r"^[ \t]*SELINUX=[ \t]*(\w+)", "\n".join(file.text for file in config), re.MULTILINE)
    if config and not found:
        raise Missing(Text("/etc/selinux/config tidak mengatur SELINUX", "/etc/selinux/config does not set SELINUX"))
    return found[-1].lower() if found else ""
