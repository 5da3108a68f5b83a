"""Uplinks of routers and switches (L-DEV)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import AVAILABILITY, HIGH, MINUTE, check
from checks.facts.network_equipment import DeviceUplinks
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown

STATES = {
    "up": Text("hidup", "up"),
    "down": Text("mati", "down"),
    "disabled": Text("dinonaktifkan", "disabled"),
    "missing": Text("tidak ada antarmuka ini", "there is no such interface"),
}


@check(
    "L-DEV-01", severity=HIGH, aspect=AVAILABILITY, every=5 * MINUTE, source="Pantau default", grace=15 * MINUTE,
    recovery=5 * MINUTE, absent=Status.NOT_APPLICABLE,
    title=Text("Uplink perangkat jaringan hidup", "The uplinks of network devices are up"),
    why=Text(
        "Bila uplink router mati, SPSE tidak terjangkau penyedia; bila yang mati hanya cadangannya, gangguan berikutnya "
        "memutus layanan.",
        "When the router's uplink is down, bidders cannot reach SPSE; when only the spare one is, the next fault cuts the "
        "service off.",
    ),
    remedy=Text(
        "Periksa kabel dan perangkat di ujung lain, lalu keadaan antarmukanya. RouterOS: `/interface print`. Cisco IOS: "
        "`show interfaces`. Bila padam di luar, hubungi penyedia internet dan catat gangguannya.",
        "Check the cable and the device at its other end, then the state of the interface. RouterOS: `/interface print`. "
        "Cisco IOS: `show interfaces`. If the fault is outside, call the internet provider and record the incident.",
    ),
)  # fmt: skip
def uplinks_up(uplinks: DeviceUplinks) -> Iterator[Verdict]:
    """One verdict per declared uplink."""
    for one in uplinks.links:
        if one.unread:
            yield unknown(one.unread, subject=one.device)
        else:
            yield judge(one.state == "up", STATES[one.state], STATES["up"], subject=f"{one.device} {one.link}")
