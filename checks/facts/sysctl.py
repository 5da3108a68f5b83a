"""Kernel parameters, as the running kernel has them."""

from __future__ import annotations

from checks.fact import Fact, Missing, reads
from checks.source import File, FileText, Glob
from checks.text import Text

ROOT = "/proc/sys/"
KEPT = {
    "net.ipv4": ("ip_forward", "tcp_syncookies", "icmp_echo_ignore_broadcasts", "icmp_ignore_bogus_error_responses"),
    "net.ipv4.conf": (
        "accept_redirects", "secure_redirects", "send_redirects", "accept_source_route", "rp_filter", "log_martians",
    ),
    "net.ipv6.conf": ("accept_redirects", "accept_source_route", "accept_ra", "forwarding", "disable_ipv6"),
}  # fmt: skip


class Sysctl(Fact, frozen=True):
    """Parameters by their sysctl names, with their values as the kernel prints them. Never absent.

    Per-interface parameters are given for "all" and "default". No net.ipv6 names: the kernel has no IPv6.
    """

    values: dict[str, str]


@reads(
    File("/proc/sys/kernel/randomize_va_space"),
    # The patterns name no file that only root may read, or that gives an error when read (stable_secret).
    Glob("/proc/sys/net/ipv4/[it]*[ds]"),
    Glob("/proc/sys/net/ipv4/conf/[ad][le][lf]*/*_*"),
    Glob("/proc/sys/net/ipv6/conf/[ad][le][lf]*/[adf][cio][crs]*"),
)
def sysctl(
    aslr: str, ipv4: tuple[FileText, ...], ipv4_conf: tuple[FileText, ...], ipv6_conf: tuple[FileText, ...]
) -> Sysctl:
    values = {"kernel.randomize_va_space": aslr.strip()}
    for file in (*ipv4, *ipv4_conf, *ipv6_conf):
        name = file.path.removeprefix(ROOT).replace("/", ".")
        family, _, rest = name.rpartition(".")
        family = family.removesuffix(".all").removesuffix(".default")
        if rest in KEPT.get(family, ()) and len(file.text) < 32:
            values[name] = file.text.strip()
    if not values["kernel.randomize_va_space"].isdigit() or "net.ipv4.ip_forward" not in values:
        raise Missing(Text("parameter di /proc/sys tidak dapat dibaca", "/proc/sys has no readable parameters"))
    return Sysctl(values)
