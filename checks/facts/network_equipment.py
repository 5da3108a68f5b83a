"""Routers and switches that speak SSH, as the server that watches them reads them: firmware, uplinks, saved configuration.

Laws:
- What each dialect is asked stands here, literally; it only shows, and changes nothing. Serial numbers and addresses are not kept.
- A device that did not answer, or not in its dialect, is named with the reason: never left out, never good.
- Absent where no device is declared (`[[relay]]` with `kind = "device"`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import msgspec

from checks.fact import Absent, Fact, reads
from checks.source import Source
from checks.text import Text, Words

ROUTEROS, IOS = "routeros", "ios"
DIALECTS = (ROUTEROS, IOS)
NO_DEVICE = Text("tidak ada perangkat jaringan yang dinyatakan di sini", "no network device is declared here")
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
STATE = re.compile(r"^(\S+) is (.+?), line protocol is (up|down)\b", re.MULTILINE)
WHEN = r"(\d\d:\d\d:\d\d)(?: \S+)? \w{3} (\w{3}) +(\d{1,2}) (\d{4})\b"
CHANGED = re.compile(rf"^! Last configuration change at {WHEN}", re.MULTILINE)
SAVED = re.compile(rf"^! NVRAM config last updated at {WHEN}", re.MULTILINE)
UNCHANGED = re.compile(r"^! No configuration change since last restart", re.MULTILINE)
LONGEST = 80  # characters of what a device is quoted with


@dataclass(frozen=True)
class Said:
    """What one device printed, or why nothing is known (`unread`). `uplinks`: its interfaces that must be up."""

    device: str
    text: str = ""
    unread: Words = ""
    uplinks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask(Source[tuple[Said, ...]]):
    """What every device of one dialect prints for a command of its own language. No device at all: Absent."""

    dialect: str
    command: str

    def describe(self) -> str:
        return f"network devices ({self.dialect}) {self.command}"


class Firmware(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The firmware of one device. `built`: the day its maker compiled it, None where it does not say."""

    device: str
    version: str = ""
    model: str = ""
    built: date | None = None
    unread: Words = ""


class Uplink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One declared uplink. `state`: up, down, disabled, or missing where the device has no such interface."""

    device: str
    link: str = ""
    state: str = ""
    unread: Words = ""


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The configuration of one device: when it was last changed and last written to memory that lasts, by its own clock.

    `at_once`: it writes each change at once. None: since its last start never.
    """

    device: str
    at_once: bool = False
    changed: datetime | None = None
    saved: datetime | None = None
    unread: Words = ""


class DeviceFirmware(Fact, frozen=True):
    """The firmware of all devices. Absent: there are none."""

    devices: tuple[Firmware, ...]


class DeviceUplinks(Fact, frozen=True):
    """The declared uplinks of all devices. Absent: there are no devices."""

    links: tuple[Uplink, ...]


class DeviceConfigurations(Fact, frozen=True):
    """How the configurations of all devices are kept. Absent: there are no devices."""

    devices: tuple[Kept, ...]


R = TypeVar("R", Firmware, Kept)
S = TypeVar("S")


@reads(Ask(ROUTEROS, "/system resource print"), Ask(IOS, "show version"))
def firmware(routeros: tuple[Said, ...], ios: tuple[Said, ...]) -> DeviceFirmware:
    """From what each says of its system."""
    told = [_each(said, _routeros_firmware, Firmware) for said in routeros]
    told += [_each(said, _ios_firmware, Firmware) for said in ios]
    return DeviceFirmware(tuple(_some(told)))


@reads(Ask(ROUTEROS, "/interface print terse without-paging"), Ask(IOS, "show interfaces | include line protocol"))
def uplinks(routeros: tuple[Said, ...], ios: tuple[Said, ...]) -> DeviceUplinks:
    """The states of the declared interfaces."""
    links = [link for said in routeros for link in _links(said, _routeros_states)]
    links += [link for said in ios for link in _links(said, _ios_states)]
    return DeviceUplinks(tuple(_some(links)))


@reads(
    Ask(ROUTEROS, "/system identity print"),
    Ask(IOS, "show running-config | include ^! (Last configuration|NVRAM config|No configuration)"),
)
def configurations(routeros: tuple[Said, ...], ios: tuple[Said, ...]) -> DeviceConfigurations:
    """IOS writes it when told to (`write memory`); RouterOS each change at once, so that an answer is all there is to read."""
    told = [_each(said, _routeros_kept, Kept) for said in routeros] + [_each(said, _ios_kept, Kept) for said in ios]
    return DeviceConfigurations(tuple(_some(told)))


def _each(said: Said, parse: Callable[[Said], R], kind: type[R]) -> R:
    if said.unread:
        return kind(said.device, unread=said.unread)
    try:
        return parse(said)
    except ValueError:
        return kind(said.device, unread=_not_understood(said.text))


def _some(found: Sequence[S]) -> Sequence[S]:
    if not found:
        raise Absent(NO_DEVICE)
    return found


def _not_understood(text: str) -> Text:
    first = next(iter(text.strip().splitlines()), "-")[:LONGEST]
    return Text(f"jawabannya tidak dimengerti: {first}", f"its answer is not understood: {first}")


def _routeros_firmware(said: Said) -> Firmware:
    rows = dict(re.findall(r"^ *([a-z-]+): (.*?)\s*$", said.text, re.MULTILINE))
    if "version" not in rows:
        raise ValueError("no version")
    found = re.match(r"(?:(\d{4})-(\d\d)-(\d\d)|([A-Za-z]{3})/(\d\d)/(\d{4}))", rows.get("build-time", ""))
    built = None
    if found and found[1]:
        built = date(int(found[1]), int(found[2]), int(found[3]))
    elif found:
        built = date(int(found[6]), _month(found[4]), int(found[5]))
    return Firmware(said.device, rows["version"][:LONGEST], rows.get("board-name", "")[:LONGEST], built)


def _ios_firmware(said: Said) -> Firmware:
    version = re.search(r"\bVersion ([^\s,]+)", said.text)
    if version is None or "Cisco" not in said.text:
        raise ValueError("no version")
    built = re.search(r"^Compiled \w{3} (\d{1,2})-(\w{3})-(\d\d)\b", said.text, re.MULTILINE)
    model = re.search(r"^[Cc]isco (\S+) .*bytes of (?:physical )?memory", said.text, re.MULTILINE)
    return Firmware(
        said.device,
        version[1][:LONGEST],
        model[1][:LONGEST] if model else "",
        date(_century(int(built[3])), _month(built[2]), int(built[1])) if built else None,
    )


def _links(said: Said, states: Callable[[str], dict[str, str]]) -> list[Uplink]:
    if said.unread:
        return [Uplink(said.device, unread=said.unread)]
    if not said.uplinks:
        undeclared = Text("uplink-nya tidak dinyatakan di pengaturan", "its uplink is not declared in the settings")
        return [Uplink(said.device, unread=undeclared)]
    found = states(said.text)
    if not found:
        return [Uplink(said.device, unread=_not_understood(said.text))]
    return [Uplink(said.device, name, found.get(name, "missing")) for name in said.uplinks]


def _routeros_states(text: str) -> dict[str, str]:
    """Flags: D dynamic, X disabled, R running, S slave."""
    rows = re.findall(r'^ *\d+ +([A-Z ]*?) *(?:comment=.*? )?name=("[^"]*"|\S+) ', text, re.MULTILINE)
    return {name.strip('"'): "disabled" if "X" in flags else "up" if "R" in flags else "down" for flags, name in rows}


def _ios_states(text: str) -> dict[str, str]:
    return {
        name: "disabled" if admin == "administratively down" else "up" if (admin, line) == ("up", "up") else "down"
        for name, admin, line in STATE.findall(text)
    }


def _routeros_kept(said: Said) -> Kept:
    if not re.search(r"^ *name: ", said.text, re.MULTILINE):
        raise ValueError("no name")
    return Kept(said.device, at_once=True)


def _ios_kept(said: Said) -> Kept:
    changed, saved = CHANGED.search(said.text), SAVED.search(said.text)
    if not (changed or saved or UNCHANGED.search(said.text)):
        raise ValueError("no change")
    return Kept(said.device, changed=_moment(changed), saved=_moment(saved))


def _moment(found: re.Match[str] | None) -> datetime | None:
    if found is None:
        return None
    hour, minute, second = map(int, found[1].split(":"))
    return datetime(int(found[4]), _month(found[2]), int(found[3]), hour, minute, second)


def _month(name: str) -> int:
    if name.lower() not in MONTHS:
        raise ValueError(name)
    return MONTHS[name.lower()]


def _century(year: int) -> int:
    return year + (2000 if year < 80 else 1900)
