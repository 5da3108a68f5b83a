"""Service of a notice: sent, received with proof (152/2022, 2.3: the window runs from receipt). Pure.

Laws:
- A notice is sent after its act was issued, and received no earlier than the day it was sent. Nothing lies in the future.
- Receipt has proof: words (who took it, how) and the digest of a file. The provider's own confirmation in the console is proof
  of today's receipt.
- A receipt is corrected by another person than the one who recorded it; both days stay in the history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from checks.calendar import today
from collector.enforcement.unlawful import demand


class Channel(StrEnum):
    """How a notice was sent."""

    LETTER = "letter"
    COURIER = "courier"
    EMAIL = "email"
    CONSOLE = "console"


@dataclass(frozen=True)
class Notice:
    """Where the notice of one act stands."""

    issued_at: datetime | None = None
    sent_at: datetime | None = None
    channel: Channel | None = None
    received_on: date | None = None
    proof: str = ""
    proof_digest: str = ""
    recorded_by: int | None = None


def send(notice: Notice, channel: Channel, at: datetime, now: datetime) -> Notice:
    """It was sent at `at`. Raises Unlawful."""
    demand(notice.issued_at is not None, "Tindakannya belum diterbitkan.", "The act was not issued yet.")
    demand(notice.sent_at is None, "Surat sudah dikirim.", "The notice was sent already.")
    demand(at <= now, "Waktu pengiriman ada di masa depan.", "The time of sending is in the future.")
    demand(
        notice.issued_at is not None and today(at) >= today(notice.issued_at),
        "Surat dikirim sebelum tindakannya diterbitkan.", "The notice was sent before the act was issued.",
    )  # fmt: skip
    return replace(notice, sent_at=at, channel=channel)


def receive(notice: Notice, on: date, proof: str, digest: str, by: int, now: datetime) -> Notice:
    """It was received on the day `on`. Raises Unlawful."""
    demand(
        notice.received_on is None,
        "Penerimaan sudah dicatat; gunakan koreksi.",
        "Receipt is recorded; correct it instead.",
    )
    return _received(notice, on, proof, digest, by, now)


def acknowledge(notice: Notice, by: int, name: str, now: datetime) -> Notice:
    """The provider's own person `by` confirms that it has the notice today. Raises Unlawful."""
    said = f"Dikonfirmasi di konsol oleh {name}"
    return receive(notice, today(now), said, "", by, now)


def correct(notice: Notice, on: date, proof: str, digest: str, by: int, now: datetime) -> Notice:
    """The day of receipt was wrong. Raises Unlawful."""
    demand(notice.received_on is not None, "Penerimaan belum dicatat.", "No receipt is recorded.")
    demand(
        by != notice.recorded_by,
        "Koreksi dilakukan oleh orang lain.",
        "Another person than who recorded it corrects it.",
    )
    demand(bool(digest.strip()), "Lampirkan bukti penerimaan.", "Attach the proof of receipt.")
    return _received(notice, on, proof, digest, by, now)


def _received(notice: Notice, on: date, proof: str, digest: str, by: int, now: datetime) -> Notice:
    demand(notice.sent_at is not None, "Surat belum dikirim.", "The notice was not sent yet.")
    demand(
        notice.sent_at is not None and on >= today(notice.sent_at),
        "Tanggal terima lebih awal dari tanggal kirim.", "It was received before it was sent.",
    )  # fmt: skip
    demand(on <= today(now), "Tanggal terima ada di masa depan.", "The day of receipt is in the future.")
    demand(bool(proof.strip()), "Tuliskan bukti penerimaannya.", "Write down what proves receipt.")
    return replace(notice, received_on=on, proof=proof.strip(), proof_digest=digest.strip(), recorded_by=by)
