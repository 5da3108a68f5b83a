"""Entries and the cursors of those who read them.

Laws:
- Entries are appended only. No code changes or deletes one.
- The original payload bytes and signature are kept; together with the payload type they give the envelope back.
- The door writes reports and equivocations only; REGISTER and SURVEY are sealed and appended by the collector itself.
- One report per (agent, stream, sequence). Other bytes under the same sequence are kept once, as EQUIVOCATION: they
  are signed by the same key, and are evidence against it.
"""

from __future__ import annotations

import zstandard
from django.db import models

from evidence.envelope import Envelope, Signature, Verified


class Kind(models.IntegerChoices):
    """What an entry is."""

    REPORT = 1
    EQUIVOCATION = 2
    REGISTER = 3  # what people entered in a register, sealed by the collector itself
    SURVEY = 4  # what the collector itself saw of a provider, sealed by it too


class Entry(models.Model):
    """An envelope in the ledger. `id` is its position. `payload` is compressed (zstd)."""

    agent = models.ForeignKey("registry.Agent", on_delete=models.PROTECT, db_index=False)
    target = models.ForeignKey("registry.Target", on_delete=models.PROTECT, db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Kind.choices, default=Kind.REPORT)
    stream = models.CharField(max_length=40)
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField()
    payload_type = models.CharField(max_length=100)
    payload = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "stream", "sequence", "kind"], name="one_entry_per_sequence")
        ]
        indexes = [models.Index(fields=["target", "id"], name="entry_by_target")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.stream}/{self.sequence}"

    @property
    def raw(self) -> Verified:
        """The payload as it was signed."""
        return Verified(zstandard.ZstdDecompressor().decompress(bytes(self.payload)))

    @property
    def envelope(self) -> Envelope:
        """The envelope as it arrived."""
        return Envelope(self.raw, self.payload_type, (Signature(bytes(self.signature), self.agent_id),))

    @property
    def late(self) -> float:
        """Seconds between the survey and its receipt."""
        return (self.received_at - self.taken_at).total_seconds()


class Cursor(models.Model):
    """How far one consumer has read: the id of the last entry it has dealt with, and how many it could not deal with."""

    consumer = models.CharField(primary_key=True, max_length=40)
    position = models.BigIntegerField(default=0)
    passed_over = models.BigIntegerField(default=0)
