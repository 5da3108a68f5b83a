from __future__ import annotations

from checks.availability.network_equipment import uplinks_up
from checks.facts.network_equipment import DeviceUplinks, Uplink
from checks.text import words
from checks.verdict import Status


def test_an_uplink_that_is_up_passes_all_others_fail_and_what_is_not_known_is_unknown() -> None:
    states = ("up", "down", "disabled", "missing")
    links = tuple(Uplink("r1", f"ether{number}", state) for number, state in enumerate(states, 1))
    found = list(uplinks_up(DeviceUplinks((*links, Uplink("r2", unread="ssh: refused")))))
    assert [one.status for one in found] == [Status.PASS, Status.FAIL, Status.FAIL, Status.FAIL, Status.UNKNOWN]
    assert [one.subject for one in found] == ["r1 ether1", "r1 ether2", "r1 ether3", "r1 ether4", "r2"]
    assert words(found[3].measured, "en") == "there is no such interface"
