"""Does each SPSE installation answer over HTTP, asked on this host behind the proxy?

Laws:
- That nobody answers is a reading, not a failure to read: it is what the check is for.
- Only this host is asked: what application.conf says of address and path is not believed blindly.
"""

from __future__ import annotations

import ipaddress
import re

from checks.fact import After, Fact, Missing, reads
from checks.facts.listeners import Listeners
from checks.facts.spse_instances import SpseInstance, SpseInstances
from checks.source import MEBIBYTE, Answer, Command, FileText, Glob, Http, Source, Usage
from checks.text import Text

SECONDS = 8
ENDED = (0, 7, 18, 28, 35, 47, 52, 56, 63)  # curl: fine, refused, cut short, too late, reset, too large
MARK = "#pantau-status "
PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")
NOTHING = Glob("/dev/null/none")
MOST_PORTS = 200


class SpseAnswers(Fact, frozen=True):
    """HTTP status of each SPSE installation's home page, in the order of SpseInstances; 0: nobody answered in time.

    Where no way to ask was at hand, `statuses` is empty and `listening` are the TCP ports on which this host listens.
    Absent: as SpseInstances.
    """

    statuses: tuple[int, ...] = ()
    listening: tuple[int, ...] = ()


def url(instance: SpseInstance, path: str = "") -> str:
    """Where `instance` is asked for its own page `path` ("" is its home). Raises Missing where that is not this host."""
    host = _loopback(instance)
    if not PATH.fullmatch(instance.path):
        raise Missing(
            Text(
                f"{instance.name}: http.path bukan awal alamat yang wajar",
                f"{instance.name}: http.path is no beginning of an address",
            )
        )
    return f"http://{host}:{instance.port}{instance.path}{path}" + ("/" if not (instance.path or path) else "")


def _loopback(instance: SpseInstance) -> str:
    """The loopback address of `instance` as it stands in a URL."""
    if instance.address in {"", "0.0.0.0", "::", "localhost"}:  # noqa: S104 - compared, never bound
        return "127.0.0.1"
    if instance.address == "::1":
        return "[::1]"
    try:
        if ipaddress.IPv4Address(instance.address).is_loopback:
            return instance.address
    except ValueError:
        pass
    raise Missing(
        Text(
            f"{instance.name}: http.address bukan alamat loopback; Pantau hanya bertanya kepada host ini sendiri",
            f"{instance.name}: http.address is no loopback address; Pantau asks only this host itself",
        )
    )


def ask(position: int, path: str = "", *, alone: bool = False) -> After[SpseInstances, Answer | tuple[FileText, ...]]:
    """The answer of the installation at `position`; an empty reading if there is none there.

    `alone`: the others do not answer; Missing where they could not be asked at all.
    """

    def make(spse: SpseInstances) -> Source[Answer | tuple[FileText, ...]]:
        if len(spse.instances) > 2:
            raise Missing(
                Text(
                    "Lebih dari dua instans SPSE ditanya sekaligus",
                    "More than two SPSE installations are asked together",
                )
            )
        for one in spse.instances if alone else ():
            url(one, path)
        if position >= len(spse.instances):
            return NOTHING
        return Http(url(spse.instances[position], path), timeout=SECONDS, max_bytes=8 * MEBIBYTE)

    return After(SpseInstances, f"http GET http://127.0.0.1:{{http.port}}{{http.path}}{path}", make)


def ask_all(path: str = "", *, body: bool = False) -> After[SpseInstances, str]:
    """All installations in one command: for each its body (if wanted) and a line with its status, 0 if none."""
    options = ("--silent", "--noproxy", "*", "--globoff", "--max-time", str(SECONDS), "--write-out")

    def make(spse: SpseInstances) -> Command:
        argv: tuple[str, ...] = ("curl", *options, f"\\n{MARK}%{{http_code}}\\n")
        for instance in spse.instances:
            argv += (url(instance, path),) if body else ("--output", "/dev/null", url(instance, path))
        seconds = (SECONDS + 1.0) * len(spse.instances)
        return Command(argv, ok=ENDED, timeout=seconds, max_bytes=8 * MEBIBYTE)

    return After(SpseInstances, f"command curl http://127.0.0.1:{{http.port}}{{http.path}}{path}", make)


def split(printed: str) -> list[tuple[int, str]]:
    """(status, body) for each installation, from what `ask_all` printed."""
    found: list[tuple[int, str]] = []
    body: list[str] = []
    for line in printed.splitlines():
        if line.startswith(MARK) and re.fullmatch(r"\d{3}", line.removeprefix(MARK)):
            found.append((int(line.removeprefix(MARK)), "\n".join(body)))
            body = []
        else:
            body.append(line)
    if not found:
        raise Missing(Text("curl tidak menyebut status", "curl told no status"))
    return found


@reads(ask(0), ask(1))
def asked(first: Answer | tuple[FileText, ...], second: Answer | tuple[FileText, ...]) -> SpseAnswers:
    return SpseAnswers(tuple(one.status for one in (first, second) if isinstance(one, Answer)))


@reads(ask_all())
def asked_with_curl(printed: str) -> SpseAnswers:
    return SpseAnswers(tuple(status for status, _ in split(printed)))


@reads(ask(0, alone=True))
def first_alone(answer: Answer | tuple[FileText, ...]) -> SpseAnswers:
    """The second does not answer, and there is no curl to say so."""
    return SpseAnswers(alone(answer, first=True))


@reads(ask(1, alone=True))
def second_alone(answer: Answer | tuple[FileText, ...]) -> SpseAnswers:
    """The first does not answer, and there is no curl to say so."""
    return SpseAnswers(alone(answer, first=False))


def alone(answer: Answer | tuple[FileText, ...], *, first: bool) -> tuple[int, int]:
    """The statuses of two installations of which only the first or the second answers. Raises Missing where it does not."""
    if not isinstance(answer, Answer):
        raise Missing(Text("hanya satu instans SPSE", "there is only one SPSE installation"))
    return (answer.status, 0) if first else (0, answer.status)


@reads(Usage(Listeners), given=SpseInstances)
def not_asked(reading: Listeners) -> SpseAnswers:
    """Reached only when nobody answered and there is no curl to tell why."""
    return SpseAnswers(listening=tcp_ports(reading))


def tcp_ports(reading: Listeners) -> tuple[int, ...]:
    """The TCP ports on which this host listens. Raises Missing where that list tells nothing."""
    ports = sorted({one.port for one in reading.listeners if one.protocol == "tcp"})
    if not ports or len(ports) > MOST_PORTS:
        raise Missing(
            Text(
                f"{len(ports)} port terbuka tidak memberi tahu apa pun tentang SPSE",
                f"{len(ports)} listening ports tell nothing of SPSE",
            )
        )
    return tuple(ports)
