"""Every way in which the door can refuse. One member is the HTTP status, the metric label and the word in the log."""

from __future__ import annotations

from enum import Enum


class Refusal(Enum):
    """(word, HTTP status, may the sender try the same bytes again?)."""

    EMPTY = ("empty", 400, False)
    TOO_LARGE = ("too_large", 413, False)
    BAD_ENCODING = ("bad_encoding", 400, False)
    NOT_AN_ENVELOPE = ("not_an_envelope", 400, False)
    WRONG_PAYLOAD_TYPE = ("wrong_payload_type", 415, False)
    UNKNOWN_KEY = ("unknown_key", 401, False)
    REVOKED_KEY = ("revoked_key", 403, False)
    BAD_SIGNATURE = ("bad_signature", 401, False)
    NOT_A_REPORT = ("not_a_report", 422, False)
    WRONG_TARGET = ("wrong_target", 403, False)
    CLOCK = ("clock", 422, False)
    EQUIVOCATION = ("equivocation", 409, False)
    NOT_ENROLLED = ("not_enrolled", 403, False)
    INCOMPLETE = ("incomplete", 408, True)
    NOT_FOUND = ("not_found", 404, False)
    METHOD = ("method", 405, False)
    RATE = ("rate", 429, True)
    BUSY = ("busy", 503, True)

    def __init__(self, word: str, status: int, again: bool) -> None:
        self.word = word
        self.status = status
        self.again = again


class Refused(Exception):
    """Why this was not believed: a refusal and a sentence that says what, where and what to do."""

    def __init__(self, refusal: Refusal, detail: str) -> None:
        super().__init__(f"{refusal.word}: {detail}")
        self.refusal = refusal
        self.detail = detail
