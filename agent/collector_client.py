"""Speaking with the collector over HTTPS.

Laws:
- Only an answer in the collector's own form counts. A proxy's friendly 200 with HTML is a broken road, not an answer.
- Two directions of blame: `Unreachable` (the road; try again) and `RefusedByCollector` (the answer; mend something first).
- TLS certificates are always verified, against the system's authorities or the private one that was configured.
- What comes back is bounded, and taken as it is: no compression is asked for, so no few bytes can become gigabytes.
"""

from __future__ import annotations

import email.utils
import gzip
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
import requests

from agent.problem import Problem
from agent.settings import Settings, without_password
from checks import SOFTWARE
from checks.text import Text, Words
from evidence.enrolment import Enrolled
from evidence.envelope import (
    MEDIA_TYPE,
    PACKED_MEDIA_TYPE,
    Envelope,
    NotAnEnvelope,
    pack_envelopes,
    read_envelope,
)

T = TypeVar("T")

MOST_ANSWER = 4 << 20  # bytes
LONGEST_AFTER = 3600.0  # seconds; who asks for more does not mean it, or is not the collector


class Unreachable(Problem):
    """No answer of the collector arrived. `after`: seconds the collector asked to wait, if it did."""

    def __init__(self, said: Words, after: float | None = None) -> None:
        super().__init__(said)
        self.after = after


class RefusedByCollector(Problem):
    """The collector's own refusal: its word and its sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Acknowledgement(msgspec.Struct, frozen=True):
    """What the collector says of one envelope. Members that a later collector adds are ignored."""

    status: str
    digest: str = ""
    reason: str = ""
    detail: str = ""


class _Entries(msgspec.Struct, frozen=True):
    entries: list[Acknowledgement]


class _Enrolled(Enrolled, frozen=True, forbid_unknown_fields=False):
    """The token is spent when this arrives: members that a later collector adds must not cost it."""


@dataclass(frozen=True)
class _Answered:
    """One whole answer."""

    status: int
    kind: str
    url: str
    content: bytes

    def decode(self, kind: type[T]) -> T:
        """The body as `kind`. Raises Unreachable: what the collector did not write came from somewhere on the road."""
        try:
            return msgspec.json.decode(self.content, type=kind)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise self.foreign(error) from error

    def unreachable(self, indonesian: str, english: str) -> Unreachable:
        """What is wrong with this answer."""
        kind, size = self.kind[:60], len(self.content)
        return Unreachable(
            Text(
                f"jawaban {self.status} ({kind}, {size} byte) dari {self.url} {indonesian}",
                f"the answer {self.status} ({kind}, {size} bytes) of {self.url} {english}",
            )
        )

    def foreign(self, error: Exception) -> Unreachable:
        """It is not in the collector's form."""
        return self.unreachable(f"bukan dari collector: {error}", f"is not the collector's: {error}")


@dataclass
class CollectorClient:
    """One collector. `clock_offset`: this host's clock minus the collector's at the last answer, in seconds (to 1 s)."""

    url: str
    settings: Settings
    clock_offset: float | None = None
    _session: requests.Session = field(default_factory=requests.Session)

    def push(self, envelopes: Sequence[bytes]) -> list[Acknowledgement]:
        """Push packed envelopes; one acknowledgement each, in order. Raises Unreachable or RefusedByCollector."""
        body = gzip.compress(pack_envelopes(envelopes), compresslevel=6, mtime=0)
        headers = {"Content-Type": PACKED_MEDIA_TYPE, "Content-Encoding": "gzip"}
        answer = self._request("POST", "/v1/reports", body, headers)
        entries = answer.decode(_Entries).entries
        if len(entries) != len(envelopes):
            if entries and answer.status >= 400:
                raise RefusedByCollector(entries[0].reason, entries[0].detail)
            count, sent = len(entries), len(envelopes)
            raise answer.unreachable(f"mengakui {count} dari {sent} laporan", f"acknowledges {count} of {sent} reports")
        return entries

    def enrol(self, envelope: Envelope) -> Enrolled:
        """Enrol with a sealed enrolment. Raises Unreachable or RefusedByCollector."""
        answer = self._request("POST", "/v1/enrolments", envelope.encode(), {"Content-Type": MEDIA_TYPE})
        self._raise_refusal(answer)
        return answer.decode(_Enrolled)

    def policy(self) -> Envelope:
        """The signed policy in force; still to be verified. Raises Unreachable or RefusedByCollector."""
        return self._signed("/v1/policy")

    def instances(self) -> Envelope:
        """The signed list of instances; still to be verified. Raises Unreachable or RefusedByCollector."""
        return self._signed("/v1/instances")

    def _signed(self, path: str) -> Envelope:
        answer = self._request("GET", path, None, {})
        self._raise_refusal(answer)
        try:
            return read_envelope(answer.content)
        except NotAnEnvelope as error:
            raise answer.foreign(error) from error

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> _Answered:
        proxies = {"http": self.settings.proxy, "https": self.settings.proxy} if self.settings.proxy else None
        url = self.url.rstrip("/") + path
        try:
            answer = self._session.request(
                method, url, data=body,
                headers={**headers, "User-Agent": SOFTWARE.replace(" ", "/"), "Accept-Encoding": "identity"},
                timeout=self.settings.timeout, allow_redirects=False, proxies=proxies, stream=True,
                verify=self.settings.ca or True,
            )  # fmt: skip
            with answer:
                content = _content(answer)
        except requests.exceptions.SSLError as error:
            mend = Text("isi `ca` dengan berkas PEM dari CA privat", "set `ca` to the private CA's PEM file")
            if ca := self.settings.ca:
                mend = Text(
                    f"`ca` adalah {ca}: benarkah itu berkas PEM dari otoritas yang menandatanganinya?",
                    f"`ca` is {ca}: is it the PEM file of the authority that signed it?",
                )
            root = _root(error)
            raise Unreachable(
                Text(
                    f"{url}: sertifikat tidak dipercaya ({root}); {mend.id}",
                    f"{url}: the certificate is not trusted ({root}); {mend.en}",
                )
            ) from error
        except requests.exceptions.ProxyError as error:
            proxy, root = without_password(self.settings.proxy), _root(error)
            raise Unreachable(
                Text(
                    f"{url}: proksi {proxy or 'dari environment'} gagal: {root}",
                    f"{url}: the proxy {proxy or 'of the environment'} fails: {root}",
                )
            ) from error
        except (requests.exceptions.RequestException, OSError) as error:
            root = _root(error)
            raise Unreachable(
                Text(f"{url} tidak dapat dihubungi: {root}", f"{url} cannot be reached: {root}"),
            ) from error
        if answer.status_code in {429, 502, 503, 504} or answer.is_redirect:
            status = answer.status_code
            raise Unreachable(Text(f"{url} menjawab {status}", f"{url} answered {status}"), _after(answer))
        if (there := _moment(answer.headers.get("Date", ""))) is not None:
            # the header is cut to whole seconds: on the average it lags by half of one
            self.clock_offset = round(time.time() - there - 0.5, 1)
        return _Answered(answer.status_code, answer.headers.get("Content-Type", "no type"), url, content)

    @staticmethod
    def _raise_refusal(answer: _Answered) -> None:
        if answer.status < 400:
            return
        entries = answer.decode(_Entries).entries
        if not entries:
            raise answer.unreachable("tidak menyebut alasan", "gives no reason")
        raise RefusedByCollector(entries[0].reason, entries[0].detail)


def _content(answer: requests.Response) -> bytes:
    """The body. Raises Unreachable where it is compressed all the same, or too large."""
    if (encoding := answer.headers.get("Content-Encoding", "identity")) != "identity":
        raise Unreachable(
            Text(
                f"{answer.url} menjawab dengan pengodean {encoding[:40]!r}, yang tidak diminta siapa pun",
                f"{answer.url} answered in the encoding {encoding[:40]!r}, which nobody asked for",
            )
        )
    content = bytearray()
    for chunk in answer.iter_content(65536):
        content += chunk
        if len(content) > MOST_ANSWER:
            raise Unreachable(
                Text(
                    f"{answer.url} menjawab lebih dari {MOST_ANSWER} byte",
                    f"{answer.url} answered more than {MOST_ANSWER} bytes",
                )
            )
    return bytes(content)


def _after(answer: requests.Response) -> float | None:
    """`Retry-After` in seconds. A date in it is compared with the sender's own clock: ours may be the one that is wrong."""
    said = answer.headers.get("Retry-After", "")
    if re.fullmatch(r"[0-9]{1,10}", said):
        return min(float(said), LONGEST_AFTER)
    until, there = _moment(said), _moment(answer.headers.get("Date", ""))
    if until is None:
        return None
    return min(max(0.0, until - (time.time() if there is None else there)), LONGEST_AFTER)


def _moment(said: str) -> float | None:
    """An HTTP date in seconds since the epoch."""
    try:
        return email.utils.parsedate_to_datetime(said).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None


def _root(error: BaseException) -> str:
    """The innermost reason of an error of `requests`, in one line."""
    while True:
        inner = getattr(error, "reason", None) or error.__cause__ or (error.args[0] if error.args else None)
        if not isinstance(inner, BaseException) or inner is error:
            return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        error = inner
