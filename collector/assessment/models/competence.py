"""Competence of a provider's people (152/2022, 2.1.c): who fills which position, at which level, trained in what.

The dictionary and the standards themselves are data: `collector.assessment.competence`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from collector.assessment.models.base import AppendedMixin
from collector.registry.models import OfProviderQuerySet


class OfPersonQuerySet(OfProviderQuerySet["Level"]):
    """Rows of a person."""

    path = "person__provider"


class OfTrainedQuerySet(OfProviderQuerySet["Training"]):
    """Trainings of a person."""

    path = "person__provider"


class Person(models.Model):
    """Somebody who works at an LPSE. `position`: a code of the standards of competence. `left_on`: no more since then."""

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="personnel")
    name = models.CharField(max_length=160)
    position = models.CharField(max_length=40)
    decree = models.CharField(max_length=160, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Level(AppendedMixin):
    """The level of a person in one competence, as assessed on a day. The latest holds; the earlier ones are its history."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="levels")
    competence = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    assessed_on = models.DateField()
    evidence = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-assessed_on", "-id"]


class Training(AppendedMixin):
    """A training that a person needs or had. `held_on` is None while it is planned; `follows`: the planned one it carries out."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="trainings")
    competence = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    planned_for = models.DateField()
    held_on = models.DateField(null=True)
    certificate = models.CharField(max_length=160, blank=True)
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="carried_out")
    recorded_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfTrainedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-planned_for", "-id"]
