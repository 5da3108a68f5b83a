"""How an act is performed.

Laws:
- State, transition and act of the audit trail are one transaction: none is there without the others.
- What an act is about is locked before it is looked at. Who acts on what another changed since
  the page was shown is told: `Overtaken`.
- A form is performed once: a second submission with its key changes nothing and gives what the first one made.
- Locks are taken in one order: provider or case, then the ledger, then the end of the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Protocol, TypeVar

import msgspec
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from collector.accounts.act_chain import plain
from collector.accounts.audit import record
from collector.accounts.models import Account, Role
from collector.enforcement.models import Transition
from collector.enforcement.models.transition import Machine
from collector.enforcement.unlawful import Overtaken, demand
from collector.registry.models import Provider

M = TypeVar("M", bound=models.Model)


class FileDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that somebody handed in: its name, size in bytes, and SHA-256 (hex)."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    size: Annotated[int, msgspec.Meta(ge=1)]
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]

    def told(self) -> dict[str, str | int]:
        """As it is kept."""
        return {"name": self.name, "size": self.size, "sha256": self.sha256}


def told(files: Collection[FileDigest]) -> list[dict[str, str | int]]:
    """`files` as they are kept."""
    return [file.told() for file in files]


@dataclass(frozen=True)
class Said:
    """Who acts, when, and why. `seen`: the version that the page showed (None: not asked); `key`: of the form, "" for none."""

    account: Account
    now: datetime
    reason: str = ""
    seen: int | None = None
    key: str = ""


class Versioned(Protocol):
    """A row with a state."""

    pk: Any
    version: int

    def save(self) -> None: ...


@dataclass
class Deed:
    """One act under way. `to_ledger` is what shall be entered in registers, before the acts are recorded."""

    said: Said
    to_ledger: list[Callable[[], object]] = field(default_factory=list)
    _acts: list[Callable[[], object]] = field(default_factory=list)
    _keyed: bool = False

    def lock(self, model: type[M], key: object) -> M:
        """The row, locked, if the account may see it. Raises DoesNotExist."""
        manager: Any = model._default_manager
        rows = manager.visible_to(self.said.account)
        found: M = manager.select_for_update(of=("self",)).get(pk=rows.values("pk").get(pk=key)["pk"])
        return found

    def lock_provider(self, key: object) -> Provider:
        """The provider, locked, if the account may see it. Raises DoesNotExist."""
        return self.lock(Provider, key)

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
        if self.repeated(machine) is not None:
            return False
        if self.said.seen is not None and row.version != self.said.seen:
            last = Transition.objects.filter(machine=machine, subject=row.pk).select_related("by").first()
            who = str(last.by) if last is not None and last.by is not None else "Pantau"
            raise Overtaken(who, last.at if last else self.said.now, last.act if last else "")
        return True

    def moved(
        self, machine: Machine, row: Versioned, act: str, *, provider: int | None, subject: str = "",
        before: Mapping[str, object], after: Mapping[str, object], evidence: Collection[FileDigest] = (),
        internal: bool = False, reason: str | None = None,
    ) -> None:  # fmt: skip
        """Save `row` with its next version, write the transition, and have the act recorded at the end."""
        row.version += 1
        row.save()
        self.note(
            machine, row.pk, act, provider=provider, subject=subject or str(row), before=before, after=after,
            evidence=evidence, internal=internal, reason=reason,
        )  # fmt: skip

    def note(
        self, machine: Machine, key: int, act: str, *, provider: int | None, subject: str, before: Mapping[str, object],
        after: Mapping[str, object], evidence: Collection[FileDigest] = (), internal: bool = False, reason: str | None = None,
    ) -> None:  # fmt: skip
        """Write a transition, and have the act recorded at the end."""
        why = self.said.reason if reason is None else reason
        changes = {name: (before.get(name), after.get(name)) for name in {*before, *after}}
        was = {name: plain(one) for name, (one, two) in changes.items() if one != two and name in before}
        became = {name: plain(two) for name, (one, two) in changes.items() if one != two and name in after}
        Transition.objects.create(
            machine=machine, subject=key, provider_id=provider, act=act, by=self.said.account, at=self.said.now, reason=why,
            before=was, after=became, evidence=told(evidence), internal=internal,
            key="" if self._keyed else self.said.key,
        )  # fmt: skip
        self._keyed = True
        verb = f"{machine.value}.{act}"[:40]
        if evidence:
            became["evidence"] = [one.sha256 for one in evidence]
        self._acts.append(
            lambda: record(
                self.said.account,
                verb,
                subject,
                provider=provider,
                reason=why,
                before=was,
                after=became,
                now=self.said.now,
            )
        )

    def finish(self) -> None:
        """The ledger first, the audit trail last."""
        for enter in self.to_ledger:
            enter()
        for act in self._acts:
            act()


@contextmanager
def doing(said: Said, *roles: Role) -> Iterator[Deed]:
    """One transaction of an act by somebody with one of `roles`. Raises PermissionDenied."""
    if said.account.role not in roles or not said.account.is_active:
        raise PermissionDenied
    with transaction.atomic():
        deed = Deed(said)
        yield deed
        deed.finish()


def reasoned(said: Said) -> str:
    """The reason. Raises Unlawful where there is none."""
    demand(bool(said.reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
    return said.reason.strip()
