"""Service of notices: sent, received, confirmed by the provider, corrected; and what the provider did about an act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from collector.accounts.models import Role
from collector.enforcement import ladder_acts, notice
from collector.enforcement.acts.actions import changed, locked, to_register
from collector.enforcement.acts.performing import Deed, FileDigest, Said, doing, reasoned, told
from collector.enforcement.deadline import Kind
from collector.enforcement.deadlines import compute
from collector.enforcement.models import Action, Statement
from collector.enforcement.models.transition import Machine
from collector.enforcement.unlawful import demand


def send(said: Said, action: int, channel: notice.Channel, at: datetime) -> Action:
    """An officer records that the notice was sent."""
    with doing(said, Role.OFFICER) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            after = notice.send(notice_of(row), channel, at, said.now)
            row.sent_at, row.channel = after.sent_at, channel.value
            deed.moved(
                Machine.ACTION, row, "send", provider=row.case.provider_id, before={"sent_at": None},
                after={"sent_at": at, "channel": channel.value},
            )  # fmt: skip
    return row


def receive(said: Said, action: int, on: date, proof: str, file: FileDigest) -> Action:
    """An officer records receipt: the day, what proves it, and the digest of the proof."""
    with doing(said, Role.OFFICER) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            after = notice.receive(notice_of(row), on, proof, file.sha256, said.account.pk, said.now)
            _received(deed, row, after, "receive", [file], "diterima")
    return row


def acknowledge(said: Said, action: int) -> Action:
    """The provider confirms that it has the notice, today."""
    with doing(said, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            after = notice.acknowledge(notice_of(row), said.account.pk, str(said.account), said.now)
            _received(deed, row, after, "acknowledge", [], "dikonfirmasi penyedia")
    return row


def correct_receipt(said: Said, action: int, on: date, proof: str, file: FileDigest) -> Action:
    """Another person than who recorded it corrects the day of receipt, with a reason. Deadlines are computed anew."""
    with doing(said, Role.OFFICER, Role.APPROVER) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            reasoned(said)
            after = notice.correct(notice_of(row), on, proof, file.sha256, said.account.pk, said.now)
            _received(deed, row, after, "correct_receipt", [file], "tanggal terima dikoreksi")
    return row


def follow_up(said: Said, action: int, text: str, files: Collection[FileDigest] = ()) -> Action:
    """The provider says what it did about an act, with the digests of its evidence. An officer settles the items."""
    with doing(said, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            demand(bool(text.strip()), "Tuliskan tindak lanjutnya.", "Write down what was done.")
            provider = row.case.provider_id
            Statement.objects.create(
                provider_id=provider, action=row, text=text.strip(), files=told(files), by=said.account, at=said.now
            )
            deed.moved(
                Machine.ACTION, row, "follow_up", provider=provider, before={}, after={"follow_up": text.strip()},
                evidence=files, reason=text.strip(),
            )  # fmt: skip
    return row


def notice_of(row: Action) -> notice.Notice:
    """As the machine has it."""
    return notice.Notice(
        row.issued_at, row.sent_at, notice.Channel(row.channel) if row.channel else None, row.received_on, row.proof,
        str(row.proof_file.get("sha256", "")), row.receipt_by_id,
    )  # fmt: skip


def _received(
    deed: Deed, row: Action, after: notice.Notice, verb: str, files: Collection[FileDigest], cause: str
) -> None:
    before, on = row.received_on, after.received_on
    if on is None:
        raise ValueError("a receipt without a day")
    row.received_on, row.proof, row.receipt_by = on, after.proof, deed.said.account
    row.proof_file = told(files)[0] if files else {}
    due = compute(row, deed.said.now, cause)
    improve = due.get(Kind.IMPROVEMENT)
    row.received_on = before  # what the ladder is asked about stands as before
    receipt = ladder_acts.Receive(row.pk, on, due[Kind.OBJECTION].due_at, improve.due_at if improve else None)

    def write(action: Action) -> None:
        action.received_on = on

    changed(deed, row, verb, receipt, after=write)
    to_register(deed, row)
