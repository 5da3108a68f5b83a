"""Certificates of standards (152/2022, 2.1.e.5 and 2.2.c), one register for the whole country.

Laws:
- A provider holds at most one valid certificate of a standard; its number is of no other.
- Whoever proposed it did not determine it; the database holds this too.
- `token` opens the public page of one certificate and cannot be guessed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.assessment.models.base import OfStandardQuerySet
from collector.assessment.models.standing import ProviderStandard, Round


class Certificate(models.Model):
    """A certificate. `replaced`: a later determination took its place while it was valid."""

    class State(models.TextChoices):
        """Does it hold?"""

        VALID = "valid", _("Berlaku")
        REVOKED = "revoked", _("Dicabut")
        REPLACED = "replaced", _("Digantikan")

    standard = models.ForeignKey(ProviderStandard, on_delete=models.PROTECT, related_name="certificates")
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=120, unique=True)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    issued_on = models.DateField()
    signatory = models.CharField(max_length=200)
    position = models.CharField(max_length=200)
    token = models.CharField(max_length=43, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.VALID)
    state_since = models.DateTimeField()
    proposed_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    determined_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    determined_at = models.DateTimeField()
    revoked_by_action = models.CharField(max_length=64, blank=True)

    objects = OfStandardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "sequence"], name="certificates_are_numbered"),
            models.UniqueConstraint(
                fields=["standard"], condition=models.Q(state="valid"), name="one_valid_certificate_per_standard"
            ),
            models.CheckConstraint(
                name="certificate_by_two_persons", condition=~models.Q(proposed_by=models.F("determined_by"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateSequence(models.Model):
    """The last number given in a year, in one row: whoever gives the next holds it locked."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
