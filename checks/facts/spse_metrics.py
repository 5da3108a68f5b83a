"""What SPSE says of itself at {http.path}/metrics (Prometheus text format 0.0.4).

Laws:
- Labels with paths are summed away: they are unbounded, and name packages and bidders.
- SPSE answers 403 to whoever is not in `promotheus.remoteaddr` (its own spelling); that is a reading of its own.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from datetime import UTC, datetime

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.listeners import Listeners
from checks.facts.spse_answers import ask, ask_all, split, tcp_ports
from checks.facts.spse_instances import SpseInstances
from checks.source import Answer, FileText, Usage
from checks.text import Text, Words, joined

LINE = re.compile(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*")
LABEL = re.compile(r'(\w+)="((?:\\.|[^"\\])*)"')
OLD_GENERATION = re.compile(r"Old|Tenured|ZHeap|Shenandoah")


class InstanceMetrics(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Numbers of one installation, or only `status` where it did not give them. None: it does not publish that number.

    Bytes and seconds. `heap_after_gc` is what the old generation held after its last collection; `gc_seconds` is summed
    since `started`. Requests are counted since `started` too. `jobs_queued` holds jobs that wait for their time as well.
    """

    status: int
    heap_used: float | None = None
    heap_max: float | None = None
    heap_after_gc: float | None = None
    gc_seconds: float | None = None
    started: datetime | None = None
    jobs_queued: float | None = None
    jobs_active: float | None = None
    pool_active: float | None = None
    pool_pending: float | None = None
    pool_max: float | None = None
    requests: float | None = None
    exceptions: float | None = None
    version: str = ""


class SpseMetrics(Fact, frozen=True):
    """Metrics of all SPSE installations, in the order of SpseInstances; status 0: no answer. Absent: as SpseInstances.

    `listening`: the TCP ports on which this host listens, read where somebody may not have answered, to tell one that stands
    still from one that is silent. Where no way to ask was at hand, they are all there is.
    """

    instances: tuple[InstanceMetrics, ...] = ()
    listening: tuple[int, ...] = ()


LISTENING = Usage(Listeners)
NO_ANSWER = InstanceMetrics(0)


@reads(ask(0, "/metrics"), ask(1, "/metrics"))
def scraped(first: Answer | tuple[FileText, ...], second: Answer | tuple[FileText, ...]) -> SpseMetrics:
    return SpseMetrics(numbers([(one.status, one.text) for one in (first, second) if isinstance(one, Answer)]))


@reads(ask_all("/metrics", body=True), LISTENING)
def scraped_with_curl(printed: str, listeners: Listeners) -> SpseMetrics:
    return SpseMetrics(numbers(split(printed)), tcp_ports(listeners))


@reads(ask(0, "/metrics", alone=True), LISTENING)
def first_alone(answer: Answer | tuple[FileText, ...], listeners: Listeners) -> SpseMetrics:
    """The second does not answer, and there is no curl to say so."""
    return SpseMetrics((only(answer), NO_ANSWER), tcp_ports(listeners))


@reads(ask(1, "/metrics", alone=True), LISTENING)
def second_alone(answer: Answer | tuple[FileText, ...], listeners: Listeners) -> SpseMetrics:
    """The first does not answer, and there is no curl to say so."""
    return SpseMetrics((NO_ANSWER, only(answer)), tcp_ports(listeners))


@reads(LISTENING, given=SpseInstances)
def not_asked(listeners: Listeners) -> SpseMetrics:
    """Nobody answered, and there is no curl to tell why."""
    return SpseMetrics(listening=tcp_ports(listeners))


def only(answer: Answer | tuple[FileText, ...]) -> InstanceMetrics:
    """The metrics of the only one that answers. Raises Missing where there is no such installation."""
    if not isinstance(answer, Answer):
        raise Missing(Text("hanya satu instans SPSE", "there is only one SPSE installation"))
    return read(answer.status, answer.text)


def numbers(answers: list[tuple[int, str]]) -> tuple[InstanceMetrics, ...]:
    """The metrics in each answer, without a number where it holds none. Raises Missing where that is so with all of them."""
    found: list[InstanceMetrics] = []
    reasons: list[Words] = []
    for status, text in answers:
        try:
            found.append(read(status, text))
        except Missing as error:
            reasons.append(error.reason)
            found.append(InstanceMetrics(status))
    if reasons and len(reasons) == len(found):
        raise Missing(joined(reasons))
    return tuple(found)


def read(status: int, text: str) -> InstanceMetrics:
    """The metrics in an answer. Raises Missing where a 200 holds none."""
    if status != 200:
        return InstanceMetrics(status)
    sums: dict[str, float] = defaultdict(float)
    after_gc, version = None, ""
    for line in text.splitlines():
        match = LINE.fullmatch(line) if not line.startswith("#") else None
        value = _number(match[3]) if match else None
        if match is None or value is None:
            continue
        name, labels = match[1], dict(LABEL.findall(match[2] or ""))
        if name == "application_info":
            version = labels.get("version", "")[:40]
        elif name == "jvm_memory_pool_collection_used_bytes" and OLD_GENERATION.search(labels.get("pool", "")):
            after_gc = (after_gc or 0.0) + value
        elif name.startswith(("jvm_memory_bytes", "jvm_memory_used_bytes", "jvm_memory_max_bytes")):
            sums[f"{name} {labels.get('area', '')}"] += value
        else:
            sums[name] += value
    if not any(name.startswith(("jvm_", "process_", "hikaricp_", "job_")) for name in sums):
        raise Missing(Text("/metrics tidak memuat metrik SPSE", "/metrics gave no metrics of SPSE"))
    return _metrics(sums, after_gc, version)


def _metrics(sums: dict[str, float], after_gc: float | None, version: str) -> InstanceMetrics:
    def first(*names: str) -> float | None:
        return next((sums[name] for name in names if name in sums), None)

    maximum = first("jvm_memory_bytes_max heap", "jvm_memory_max_bytes heap", "jvm_max_memory")
    used = first("jvm_memory_bytes_used heap", "jvm_memory_used_bytes heap")
    total, free = first("jvm_total_memory"), first("jvm_free_memory")
    if used is None and total is not None and free is not None:
        used = total - free
    started = first("process_start_time_seconds")
    return InstanceMetrics(
        status=200,
        heap_used=used,
        heap_max=maximum if maximum and maximum > 0 else None,
        heap_after_gc=after_gc,
        gc_seconds=first("jvm_gc_collection_seconds_sum"),
        started=datetime.fromtimestamp(round(started), UTC) if started and 0 < started < 1e11 else None,
        jobs_queued=first("job_pool_queue"),
        jobs_active=first("job_pool_active"),
        pool_active=first("hikaricp_active_connections"),
        pool_pending=first("hikaricp_pending_threads"),
        pool_max=first("hikaricp_max_connections"),
        requests=first("http_requests_total"),
        exceptions=first("http_request_exceptions_total"),
        version=version,
    )


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
