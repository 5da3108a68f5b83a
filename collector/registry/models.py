"""Institutions, providers, instances, servers, agents, enrolment tokens.

Laws:
- One agent is one key. A key is never reused; a revoked key stays revoked.
- A token is kept as its hash only, works once, expires, and is bound to a provider.
- A retired server stays retired: a machine that comes back is enrolled as a new server.
- An account sees the rows of its own provider, or all of them: `visible_to`, on every manager here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.key import PublicKey

if TYPE_CHECKING:
    from collector.accounts.models import Account


def server_id() -> str:
    """A new random server id."""
    return f"srv-{secrets.token_hex(8)}"


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


class OfProviderQuerySet(models.QuerySet[M]):
    """Rows that belong to a provider through `path`."""

    path = "provider"

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see."""
        return self if account.sees_all else self.filter(**{self.path: account.provider_id})


class Instance(models.Model):
    """One SPSE installation with its public URL. The tenant of the product."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="instances")
    name = models.CharField(max_length=200)
    public_url = models.URLField(blank=True)

    objects = OfProviderQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Server(models.Model):
    """One machine of a system provider. May carry several instances."""

    id = models.CharField(primary_key=True, max_length=40, default=server_id)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="servers")
    instances = models.ManyToManyField(Instance, related_name="servers", blank=True)
    hostname = models.CharField(max_length=255)
    registered_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField(max_length=500, blank=True)

    twin = False  # no column: whether another server of its provider has this name; lists that show names set it

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering = ["hostname", "id"]

    def __str__(self) -> str:
        return self.hostname

    @property
    def short_id(self) -> str:
        """Enough of the id to tell two servers of one name apart."""
        return str(self.pk)[:12]


class AgentQuerySet(OfProviderQuerySet[M]):
    """Agents."""

    path = "server__provider"

    def of_servers(self) -> Self:
        """All but the collector's own key."""
        return self.filter(server__isnull=False)

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see."""
        return super().visible_to(account).of_servers()


class Agent(models.Model):
    """A credential: one Ed25519 key, of one server. The collector's own key, which seals its registers, has none."""

    key_id = models.CharField(primary_key=True, max_length=64)
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
        """Its server. Raises ValueError for the collector's own key, which has none."""
        if self.server is None:
            raise ValueError(f"{self} is the collector's own key and has no server")
        return self.server

    @property
    def key(self) -> PublicKey:
        """The public key."""
        return PublicKey.from_raw(bytes(self.public_key))


class RegisterEntry(models.Model):
    """What a person entered in a register about one server. The latest entry holds, the earlier ones are its history.

    `content` is the fact of that register as JSON; `digest` names the ledger's entry that carries it.
    """

    server = models.ForeignKey(Server, on_delete=models.PROTECT, related_name="register_entries")
    register = models.CharField(max_length=60)
    content = models.JSONField()
    reason = models.TextField(blank=True)
    entered_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)

    objects = AgentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["server", "register", "-id"], name="latest_register_entry")]


class Token(models.Model):
    """A one-time permission to enrol one agent. The token itself is shown once and never kept."""

    digest = models.CharField(max_length=64, unique=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="tokens")
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
