"""Institutions and providers; what is surveyed of them: targets; who reports: agents and their enrolment tokens.

A target is what reports and findings are about: a server, an instance, or a provider itself. `Server` and `Instance` are
targets of one kind.

Laws:
- One agent is one key. A key is never reused; a revoked key stays revoked.
- A token is kept as its hash only, works once, expires, and is bound to a provider, or to the name of a prober.
- A retired target stays retired: a machine that comes back is enrolled as a new server.
- An account sees the rows of its own provider, or all of them: `visible_to`, on every manager here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checks.target import Target as TargetKind
from evidence.key import PublicKey

if TYPE_CHECKING:
    from collector.accounts.models import Account


class Institution(models.Model):
    """A ministry, agency, or regional government (K/L/Pemda)."""

    class Kind(models.TextChoices):
        """What kind of institution."""

        MINISTRY = "ministry", _("Kementerian")
        AGENCY = "agency", _("Lembaga")
        PROVINCE = "province", _("Provinsi")
        REGENCY = "regency", _("Kabupaten")
        CITY = "city", _("Kota")

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


M = TypeVar("M", bound=models.Model)


class ProviderQuerySet(models.QuerySet[M]):
    """Providers."""

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see."""
        return self if account.sees_all else self.filter(pk=account.provider_id)


class Provider(models.Model):
    """An LPSE: the unit of an institution that runs the service, as service provider or system provider."""

    class Kind(models.TextChoices):
        """Only a system provider has servers of its own (152/2022, 2.1.a.4)."""

        SYSTEM = "system", _("Penyedia sistem")
        SERVICE = "service", _("Penyedia layanan")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="providers")
    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SYSTEM)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def itself(self) -> Target:
        """The target that stands for the provider itself; made when first asked for."""
        return Target.objects.get_or_create(
            provider=self, kind=Target.Kind.PROVIDER, defaults={"id": f"prv-{self.slug}"[:40], "name": self.name}
        )[0]


class OfProviderQuerySet(models.QuerySet[M]):
    """Rows that belong to a provider through `path`."""

    path = "provider"

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see."""
        return self if account.sees_all else self.filter(**{self.path: account.provider_id})


class Target(models.Model):
    """What reports and findings are about. `name` is a server's host name, an instance's or a provider's name."""

    class Kind(models.TextChoices):
        """What kind of target."""

        SERVER = TargetKind.SERVER.value, _("Server")
        INSTANCE = TargetKind.INSTANCE.value, _("Instans SPSE")
        PROVIDER = TargetKind.PROVIDER.value, _("Penyedia")

    id = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="targets")
    name = models.CharField(max_length=255)
    public_url = models.URLField(blank=True)  # of an instance
    ports_may_be_tried = models.BooleanField(default=False)  # of an instance: its provider consents to a port scan
    instances = models.ManyToManyField("self", symmetrical=False, related_name="servers", blank=True)  # on a server
    registered_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField(max_length=500, blank=True)

    twin = False  # no column: whether another server of its provider has this name; lists that show names set it
    of_kind: ClassVar[str] = ""  # of all rows of a proxy

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["provider", "kind"], name="target_by_provider")]
        constraints = [
            models.UniqueConstraint(
                fields=["provider"],
                condition=models.Q(kind=TargetKind.PROVIDER.value),
                name="one_target_of_the_provider_itself",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As always; a new row gets its kind from its class, and an id that says it."""
        self.kind = self.of_kind or self.kind
        self.id = self.id or new_id(self.kind)
        super().save(*args, **kwargs)

    @property
    def short_id(self) -> str:
        """Enough of the id to tell two servers of one name apart."""
        return str(self.pk)[:12]


PREFIXES = {TargetKind.SERVER: "srv", TargetKind.INSTANCE: "ins", TargetKind.PROVIDER: "prv"}


def new_id(kind: str) -> str:
    """A new random id of a target of `kind`."""
    return f"{PREFIXES[TargetKind(kind)]}-{secrets.token_hex(8)}"


class OfKindManager(models.Manager.from_queryset(OfProviderQuerySet)):  # type: ignore[misc]  # made while running
    """Targets of the kind of their proxy."""

    def get_queryset(self) -> OfProviderQuerySet[Target]:
        """Only those."""
        found: OfProviderQuerySet[Target] = super().get_queryset().filter(kind=self.model.of_kind)
        return found


class Server(Target):
    """One machine of a system provider. May carry several instances."""

    of_kind: ClassVar[str] = Target.Kind.SERVER

    objects = OfKindManager()  # type: ignore[misc]  # as Django has it

    class Meta:
        proxy = True


class Instance(Target):
    """One SPSE installation with its public URL. The tenant of the product."""

    of_kind: ClassVar[str] = Target.Kind.INSTANCE

    objects = OfKindManager()  # type: ignore[misc]  # as Django has it

    class Meta:
        proxy = True


class AgentQuerySet(OfProviderQuerySet[M]):
    """Agents."""

    path = "server__provider"

    def of_servers(self) -> Self:
        """Those of servers: neither probers nor the collector's own key."""
        return self.filter(server__isnull=False)

    def at_the_door(self) -> Self:
        """Those whose reports come in at the door: all but the collector's own key."""
        return self.exclude(role=Agent.Role.COLLECTOR)

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see."""
        return super().visible_to(account).of_servers()


class Agent(models.Model):
    """A credential: one Ed25519 key. An agent's is of one server; a prober, whose `hostname` is its name, speaks of every
    instance; the collector's own key seals what people enter in its registers and what it saw itself.
    """

    class Role(models.TextChoices):
        """Who holds the key."""

        AGENT = "agent", _("Agen")
        PROBER = "prober", _("Penguji luar")
        COLLECTOR = "collector", "Collector"

    key_id = models.CharField(primary_key=True, max_length=64)
    role = models.CharField(max_length=9, choices=Role.choices, default=Role.AGENT)
    server = models.ForeignKey(Server, null=True, on_delete=models.PROTECT, related_name="agents")
    public_key = models.BinaryField(max_length=32)
    hostname = models.CharField(max_length=255)
    machine_id = models.CharField(max_length=64, blank=True)
    software = models.CharField(max_length=80)
    enrolled_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=500, blank=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        ordering = ["-enrolled_at"]

    def __str__(self) -> str:
        return f"{self.hostname} ({self.key_id[:12]}…)"

    @property
    def machine(self) -> Server:
        """Its server. Raises ValueError for probers and for the collector's own key, which have none."""
        if self.server is None:
            raise ValueError(f"{self} is of no server: it is a {self.role}")
        return self.server

    @property
    def provider(self) -> Provider | None:
        """Whose server it is of; None for probers and for the collector's own key."""
        return self.server.provider if self.server is not None else None

    @property
    def key(self) -> PublicKey:
        """The public key."""
        return PublicKey.from_raw(bytes(self.public_key))


class OfTargetQuerySet(OfProviderQuerySet[M]):
    """Rows that belong to a provider through their target."""

    path = "target__provider"


class RegisterEntry(models.Model):
    """What a person entered in a register about one target. The latest entry holds, the earlier ones are its history.

    `content` is the fact of that register as JSON; `digest` names the ledger's entry that carries it.
    """

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="register_entries")
    register = models.CharField(max_length=60)
    content = models.JSONField()
    reason = models.TextField(blank=True)
    entered_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)

    objects = OfTargetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["target", "register", "-id"], name="latest_register_entry")]


class Token(models.Model):
    """A one-time permission to enrol one agent of a provider, or the prober of this name (LKPP's, of no provider).

    The token itself is shown once and never kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="tokens")
    prober = models.CharField(max_length=63, blank=True)
    server = models.ForeignKey(Server, null=True, blank=True, on_delete=models.PROTECT)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT)

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(provider__isnull=False, prober="")
                | models.Q(provider__isnull=True) & ~models.Q(prober=""),
                name="a_token_is_of_a_provider_or_of_a_prober",
            )
        ]

    def __str__(self) -> str:
        return self.prober or str(self.provider)
