"""A small world for tests of the collector: providers, people, and sensors whose signed reports take the real way.

    world = World.create()
    lpse = world.provider("LPSE Kota Contoh")
    sensor = world.sensor(lpse, "spse1.contoh.go.id")
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))

`deliver` is the way of production: admit -> ledger -> judge. Nothing here is a mock; only the network is left out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils.text import slugify

from checks.catalogue import catalogue
from checks.fact import Fact, Snapshot
from checks.facts.sshd import DEFAULTS, Sshd
from checks.policy import Policy, Rulebook, rulebook
from checks.standard import load
from checks.verdict import Result
from collector import SOFTWARE
from collector.accounts.models import PROVIDER, Account, Role
from collector.ingest.admit import Clock, admit
from collector.ingest.enrolled_keys import EnrolledKeys
from collector.ledger.append import Appender, Outcome
from collector.registry.enrolment import create_prober_token, create_token, enrol
from collector.registry.models import Agent, Instance, Institution, Provider, Server
from collector.surveillance.consumer import Judging
from evidence.enrolment import Enrolment
from evidence.envelope import Envelope, seal
from evidence.key import PrivateKey
from evidence.report import MEDIA_TYPE, Report, pack


def sshd(**options: str) -> Sshd:
    """An OpenSSH server that passes every check, but for `options`."""
    good = {
        "permitrootlogin": "no",
        "passwordauthentication": "no",
        "kbdinteractiveauthentication": "no",
        "maxauthtries": "4",
    }
    return Sshd({**DEFAULTS, **good, **options}, effective=True)


@dataclass
class Sensor:
    """An enrolled agent: its key and its chain of reports. `report` makes the next envelope of the chain.

    Of a prober: its chain for one instance, `target`.
    """

    agent: Agent
    key: PrivateKey
    rulebook: Rulebook
    stream: str = field(default_factory=lambda: secrets.token_hex(8))
    sequence: int = 0
    previous: str = ""
    target: str = ""

    @property
    def server(self) -> Server:
        """The server it sits on."""
        return self.agent.server

    def report(
        self,
        *facts: Fact,
        at: datetime | None = None,
        missing: dict[type[Fact], str] | None = None,
        absent: dict[type[Fact], str] | None = None,
        results: tuple[Result, ...] | None = None,
    ) -> Envelope:
        """The next report, signed. `results` None: what an honest agent finds. `at` is when the facts were read."""
        at = at or datetime.now(UTC)
        snapshot = Snapshot({type(fact): fact for fact in facts}, missing or {}, absent or {})
        codes = {
            check.code
            for check in self.rulebook.catalogue
            if check.facts and all(snapshot.covers(fact) for fact in check.facts)
        }
        read, unread, gone = pack(snapshot)
        self.sequence += 1
        report = Report(
            target=self.target or self.agent.server_id, stream=self.stream, sequence=self.sequence,
            previous=self.previous, taken_at=at, boot_id="7c1d1c4e-5f0e-4f43-9f2c-0d6f4f6b1c55", software=SOFTWARE,
            policy=self.rulebook.digest, every=60,
            clock_offset=0.04, facts=read, missing=unread, absent=gone,
            vantage=self.agent.hostname if self.target else "local",
            results=self.rulebook.results(snapshot, at, codes) if results is None else results,
        )  # fmt: skip
        envelope = seal(MEDIA_TYPE, report.encode(), self.key)
        self.previous = envelope.digest
        return envelope


@dataclass
class World:
    """Everything a test of the collector starts from. `now` is when it was made; tests go back from there, never forward."""

    now: datetime
    judging: Judging
    appender: Appender
    people: int = 0

    @classmethod
    def create(cls) -> World:
        """An empty world at the present moment."""
        return cls(datetime.now(UTC), Judging(catalogue(), load(), SOFTWARE), Appender.create())

    def ago(self, **units: float) -> datetime:
        """A moment before `now`: `ago(minutes=5)`."""
        return self.now - timedelta(**units)

    def provider(self, name: str, kind: Provider.Kind = Provider.Kind.SYSTEM) -> Provider:
        """A provider with an institution of its own."""
        institution = Institution.objects.create(name=f"Pemerintah {name}", kind=Institution.Kind.CITY)
        return Provider.objects.create(institution=institution, name=name, slug=slugify(name), kind=kind)

    def account(self, role: Role, provider: Provider | None = None, password: str | None = None) -> Account:
        """A person with `role`; who has no password cannot log in, except by the test client's `force_login`."""
        self.people += 1
        return Account.objects.create_user(
            f"{role.value}-{self.people}", password=password, role=role, provider=provider if role in PROVIDER else None
        )

    def everyone(self, provider: Provider) -> dict[Role, Account]:
        """One account of each role, those of a provider with `provider`."""
        return {role: self.account(role, provider) for role in Role}

    def sensor(self, provider: Provider, hostname: str) -> Sensor:
        """A newly enrolled agent on a new server."""
        key = PrivateKey.generate()
        enrolment = Enrolment(
            token=create_token(provider, now=self.now), public_key=key.public.raw, hostname=hostname,
            machine_id=secrets.token_hex(16), software=SOFTWARE,
        )  # fmt: skip
        agent = enrol(enrolment, now=self.now)
        return Sensor(agent, key, rulebook(self.judging.catalogue, Policy()))

    def instance(self, provider: Provider, url: str) -> Instance:
        """A registered instance at `url`."""
        made: Instance = Instance.objects.create(provider=provider, name=f"SPSE {provider}", public_url=url)
        return made

    def prober(self, name: str, *instances: Instance) -> list[Sensor]:
        """A newly enrolled prober: its chains of reports of `instances`."""
        key = PrivateKey.generate()
        enrolment = Enrolment(
            token=create_prober_token(name, now=self.now), public_key=key.public.raw, hostname=name,
            machine_id=secrets.token_hex(16), software=SOFTWARE,
        )  # fmt: skip
        agent = enrol(enrolment, now=self.now)
        return [Sensor(agent, key, rulebook(self.judging.catalogue, Policy()), target=one.pk) for one in instances]

    def deliver(self, *envelopes: Envelope, at: datetime | None = None) -> list[Outcome]:
        """Admit, append and judge `envelopes`, received at `at` (None: the present). Raises Refused."""
        clock = Clock(at or datetime.now(UTC), timedelta(hours=1), timedelta(days=60))
        keys = EnrolledKeys()
        keys.refresh()
        outcomes = self.appender.append([admit(envelope.encode(), keys.known, clock) for envelope in envelopes])
        while self.judging.step():
            pass
        return outcomes
