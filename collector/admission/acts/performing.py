"""How an act of admission is performed.

Laws:
- State, transition and act of the audit trail are one transaction: none is there without the others.
- What an act is about is locked before it is looked at. Who acts on what another changed since the page was shown is told:
  `Overtaken`.
- A form is performed once: a second submission with its key changes nothing and gives what the first one made.
- Locks are taken in one order: institution, provider or application, agreement, then the ledger, then the end of the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Annotated, Any, TypeVar

import msgspec
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction

from checks.column import UNSEEN
from collector.accounts.act_chain import plain
from collector.accounts.audit import record
from collector.accounts.models import Role
from collector.admission.models import Application, Transition
from collector.enforcement.acts.performing import Said, Versioned
from collector.enforcement.unlawful import Overtaken, Unlawful, demand

M = TypeVar("M", bound=models.Model)
Machine = Transition.Machine


class FileSaid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that the caller took in: name, date of the document, size in bytes, SHA-256 (hex), and where the caller stored it."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    dated: date
    size: Annotated[int, msgspec.Meta(ge=1)]
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    stored: Annotated[str, msgspec.Meta(max_length=255, pattern=r"^[^\x00-\x1f]*$")] = ""

    def told(self) -> dict[str, Any]:
        """As it is kept, its name without folders. Raises Unlawful where it is no such file."""
        name = tidy(self.name.replace("\\", "/").rpartition("/")[2], 255)
        kept: dict[str, Any] = msgspec.to_builtins(valid(msgspec.structs.replace(self, name=name)))
        return kept


S = TypeVar("S", bound=msgspec.Struct)


def valid(said: S) -> S:
    """`said`, its bounds looked at: a struct that was made in code was never. Raises Unlawful."""
    try:
        return msgspec.convert(msgspec.to_builtins(said), type(said))
    except msgspec.ValidationError as error:
        raise Unlawful(f"Isian tidak sah ({error}).", f"This cannot be taken: {error}.") from error


@dataclass
class Deed:
    """One act under way. `to_ledger` is what shall be entered in registers; `to_trail` what only writes acts: before our own."""

    said: Said
    to_ledger: list[Callable[[], object]] = field(default_factory=list)
    to_trail: list[Callable[[], object]] = field(default_factory=list)
    _acts: list[Callable[[], object]] = field(default_factory=list)
    _keyed: bool = False

    def lock(self, model: type[M], key: object) -> M:
        """The row, locked, if the account may see it. Raises DoesNotExist."""
        manager: Any = model._default_manager
        rows = manager.visible_to(self.said.account)
        found: M = manager.select_for_update(of=("self",)).get(pk=rows.values("pk").get(pk=key)["pk"])
        return found

    def repeated(self, machine: Machine) -> int | None:
        """The key of what this very form made before; None: it is new. Call it with the lock held."""
        if not self.said.key:
            return None
        before = Transition.objects.filter(by=self.said.account, key=self.said.key).first()
        if before is not None and before.machine != machine:
            raise PermissionDenied  # a key of another form
        return before.subject if before is not None else None

    def fresh(self, machine: Machine, row: Versioned) -> bool:
        """Go on? False: this form was performed before. Raises Overtaken. Call it with the lock held."""
        if (made := self.repeated(machine)) is not None:
            if made != row.pk:
                raise PermissionDenied  # a key of a form about something else
            return False
        if self.said.seen is not None and row.version != self.said.seen:
            last = Transition.objects.filter(machine=machine, subject=row.pk).select_related("by").first()
            raise Overtaken(*((str(last.by), last.at, last.act) if last else ("Pantau", self.said.now, "")))
        return True

    def moved(
        self, machine: Machine, row: Versioned, act: str, *, provider: int | None, application: Application | None,
        before: Mapping[str, object], after: Mapping[str, object], evidence: Collection[FileSaid] = (),
    ) -> None:  # fmt: skip
        """Save `row` with its next version, write the transition, and have the act recorded at the end."""
        row.version += 1
        row.save()
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        was = {name: plain(before[name]) for name in sorted(changed & set(before))}
        became = {name: plain(after[name]) for name in sorted(changed & set(after))}
        files = [file.told() for file in evidence]
        said, subject, why = self.said, str(row), lines(self.said.reason)
        Transition.objects.create(
            machine=machine, subject=row.pk, provider_id=provider, application=application, act=act, by=said.account,
            at=said.now, reason=why, before=was, after=became, evidence=files,
            key="" if self._keyed else said.key,
        )  # fmt: skip
        self._keyed = True
        if files:
            became["evidence"] = [plain(one.sha256) for one in evidence]
        told = partial(record, provider=provider, reason=why, before=was, after=became, now=said.now)
        self._acts.append(partial(told, said.account, f"{machine.value}.{act}", subject))

    def finish(self) -> None:
        """The ledger first, the audit trail last."""
        for write in (*self.to_ledger, *self.to_trail, *self._acts):
            write()


@contextmanager
def doing(said: Said, *roles: str) -> Iterator[Deed]:
    """One transaction of an act by somebody with one of `roles`. Raises PermissionDenied."""
    if said.account.role not in roles or not said.account.is_active:
        raise PermissionDenied
    try:
        with transaction.atomic():
            deed = Deed(said)
            yield deed
            deed.finish()
    except IntegrityError as error:
        raise Unlawful(
            "Sudah ada yang bernama atau bernomor sama; muat ulang halaman.",
            "There is one of this name or number already; load the page again.",
        ) from error


def tidy(text: str, most: int) -> str:
    """`text` in one line without hidden characters. Raises Unlawful where it is longer than `most`."""
    made = " ".join(UNSEEN.sub(" ", text).split())
    demand(len(made) <= most, f"Lebih dari {most} karakter: {made[:40]}…", f"More than {most} characters: {made[:40]}…")
    return made


def lines(text: str) -> str:
    """`text` without hidden characters, its lines kept."""
    return "\n".join(UNSEEN.sub(" ", line).rstrip() for line in text.splitlines()).strip()


def needed(text: str, most: int, what: str, english: str) -> str:
    """The same of what may not be empty."""
    made = tidy(text, most)
    demand(bool(made), f"Isikan {what}.", f"Fill in the {english}.")
    return made


APPLICANTS = (Role.OFFICER, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD)
"""Officers record what an institution that has no accounts yet sent on paper; they are on the applicant's side then."""
HEADS = (Role.OFFICER, Role.PROVIDER_HEAD)
REVIEWERS = (Role.OFFICER, Role.APPROVER)
