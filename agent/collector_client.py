"""Speaking with the collector over HTTPS.

Laws:
- Only an answer in the collector's own form counts. A proxy's friendly 200 with HTML is a broken road, not an answer.
- Two directions of blame: `Unreachable` (the road; try again) and `RefusedByCollector` (the answer; mend something first).
- TLS certificates are always verified, against the system's authorities or the private one that was configured.
"""

from __future__ import annotations

import email.utils
import gzip
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import requests

from agent.settings import Settings
from checks import SOFTWARE
from evidence.enrolment import Enrolled
from evidence.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE, Envelope, NotAnEnvelope, read_envelope

MOST_ANSWER = 4 << 20  # bytes


class Unreachable(Exception):
    """No answer of the collector arrived. `after`: seconds the collector asked to wait, if it did."""

    def __init__(self, detail: str, after: float | None = None) -> None:
        super().__init__(detail)
        self.after = after


class RefusedByCollector(Exception):
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


@dataclass
class CollectorClient:
    """One collector. `clock_offset`: this host's clock minus the collector's at the last answer, in seconds (to 1 s)."""

    url: str
    settings: Settings
    clock_offset: float | None = None
    _session: requests.Session = field(default_factory=requests.Session)

    def push(self, envelopes: Sequence[bytes]) -> list[Acknowledgement]:
        """Push sealed reports; one acknowledgement each, in order. Raises Unreachable or RefusedByCollector."""
        batch = len(envelopes) > 1
        body = gzip.compress(b"\n".join(envelopes) if batch else envelopes[0], compresslevel=6, mtime=0)
        kind = BATCH_MEDIA_TYPE if batch else MEDIA_TYPE
        answer = self._request("POST", "/v1/reports", body, {"Content-Type": kind, "Content-Encoding": "gzip"})
        try:
            entries = msgspec.json.decode(answer.content, type=_Entries).entries
        except msgspec.DecodeError as error:
            raise Unreachable(f"{_what(answer)} is not the collector's: {error}") from error
        if len(entries) != len(envelopes):
            if entries and answer.status_code >= 400:
                raise RefusedByCollector(entries[0].reason, entries[0].detail)
            raise Unreachable(f"{_what(answer)} acknowledges {len(entries)} of {len(envelopes)} reports")
        return entries

    def enrol(self, envelope: Envelope) -> Enrolled:
        """Enrol with a sealed enrolment. Raises Unreachable or RefusedByCollector."""
        answer = self._request("POST", "/v1/enrolments", envelope.encode(), {"Content-Type": MEDIA_TYPE})
        self._raise_refusal(answer)
        try:
            return msgspec.json.decode(answer.content, type=Enrolled)
        except msgspec.DecodeError as error:
            raise Unreachable(f"{_what(answer)} is not the collector's: {error}") from error

    def policy(self) -> Envelope:
        """The signed policy in force; still to be verified. Raises Unreachable or RefusedByCollector."""
        answer = self._request("GET", "/v1/policy", None, {})
        self._raise_refusal(answer)
        try:
            return read_envelope(answer.content)
        except NotAnEnvelope as error:
            raise Unreachable(f"{_what(answer)} is not the collector's: {error}") from error

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> requests.Response:
        proxies = {"http": self.settings.proxy, "https": self.settings.proxy} if self.settings.proxy else None
        url = self.url.rstrip("/") + path
        try:
            answer = self._session.request(
                method, url, data=body, headers={**headers, "User-Agent": SOFTWARE.replace(" ", "/")},
                timeout=self.settings.timeout, allow_redirects=False, proxies=proxies, stream=True,
                verify=self.settings.ca or True,
            )  # fmt: skip
            content = answer.raw.read(MOST_ANSWER + 1, decode_content=True)
            answer.close()
        except requests.exceptions.SSLError as error:
            raise Unreachable(
                f"{url}: the certificate is not trusted ({_root(error)}); set `ca` to the private CA's PEM file"
            ) from error
        except requests.exceptions.ProxyError as error:
            raise Unreachable(
                f"{url}: the proxy {self.settings.proxy or 'of the environment'} fails: {_root(error)}"
            ) from error
        except (requests.exceptions.RequestException, OSError) as error:
            raise Unreachable(f"{url}: {_root(error)}") from error
        except Exception as error:
            if type(error).__module__.startswith("urllib3"):
                raise Unreachable(f"{url}: {_root(error)}") from error
            raise
        if len(content) > MOST_ANSWER:
            raise Unreachable(f"{url} answered more than {MOST_ANSWER} bytes")
        answer._content = content
        if answer.status_code in {429, 502, 503, 504} or answer.is_redirect:
            raise Unreachable(f"{url} answered {answer.status_code}", _seconds(answer.headers.get("Retry-After", "")))
        if said := answer.headers.get("Date"):
            self._note_clock(said)
        return answer

    def _raise_refusal(self, answer: requests.Response) -> None:
        if answer.status_code < 400:
            return
        try:
            entry = msgspec.json.decode(answer.content, type=_Entries).entries[0]
        except (msgspec.DecodeError, IndexError) as error:
            raise Unreachable(f"{_what(answer)} is not the collector's") from error
        raise RefusedByCollector(entry.reason, entry.detail)

    def _note_clock(self, said: str) -> None:
        try:
            self.clock_offset = round(time.time() - email.utils.parsedate_to_datetime(said).timestamp() - 0.5, 1)
        except ValueError:
            return


def _what(answer: requests.Response) -> str:
    kind = answer.headers.get("Content-Type", "no type")
    return f"the answer {answer.status_code} ({kind}, {len(answer.content)} bytes) of {answer.url}"


def _seconds(said: str) -> float | None:
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None


def _root(error: BaseException) -> str:
    """The innermost reason of an error of `requests`, in one line."""
    while True:
        inner = getattr(error, "reason", None) or error.__cause__ or (error.args[0] if error.args else None)
        if not isinstance(inner, BaseException) or inner is error:
            return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        error = inner
