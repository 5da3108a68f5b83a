"""Two people at once, on two connections (real threads; on PostgreSQL too, see .ci/test.py)."""

from __future__ import annotations

import pytest

from checks.calendar import today
from collector.accounts.audit import verify_acts
from collector.admission.acts import activation, applications, slas
from collector.admission.models import Application, Review, Signature, Sla, Transition
from collector.admission.words import Side
from collector.enforcement.unlawful import Overtaken, Unlawful
from collector.registry.models import Instance, Provider
from tests.collector.admission.conftest import office_of
from tests.collector.enforcement.test_at_once import at_once
from tests.collector.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told_who() -> None:
    office = office_of(World.create())
    row = office.submitted()
    one, two = (office.said(by, seen=row.version) for by in (office.officer, office.second_officer))
    found = at_once(lambda: applications.take(one, row.pk), lambda: applications.take(two, row.pk))
    assert sorted(type(result).__name__ for result in found) == ["Application", "Overtaken"]
    told = next(result for result in found if isinstance(result, Overtaken))
    assert (told.who, told.act) == (str(Review.objects.get().taken_by), "take")
    assert verify_acts().problems == []


def test_of_two_outcomes_of_one_review_at_once_one_holds() -> None:
    office = office_of(World.create())
    row = applications.take(office.said(office.officer), office.submitted().pk)
    found = at_once(
        lambda: applications.find_complete(office.said(office.officer), row.pk),
        lambda: applications.find_incomplete(office.said(office.second_officer), row.pk, ["SK belum ada"]),
    )
    assert sorted(type(result).__name__ for result in found) == ["Application", "Unlawful"]
    assert Review.objects.get().outcome == Application.objects.get().stage


def test_of_two_who_record_one_signature_at_once_one_wins() -> None:
    office = office_of(World.create())
    row = slas.draft_for_application(office.said(office.officer), office.complete().pk, office.terms())
    day = today(office.now)
    found = at_once(
        lambda: slas.sign(office.said(office.clerk), row.pk, Side.PROVIDER, "Siti", "", day),
        lambda: slas.sign(office.said(office.officer), row.pk, Side.PROVIDER, "Siti", "", day),
    )
    assert sorted(type(result).__name__ for result in found) == ["Sla", "Unlawful"]
    assert Signature.objects.count() == 1


def test_a_double_click_makes_one_application_and_one_provider() -> None:
    office = office_of(World.create())
    said = office.said(office.clerk, key="form-a")
    found = at_once(*[lambda: applications.draft(said, office.form())] * 3)
    assert {result.pk for result in found} == {Application.objects.get().pk}  # type: ignore[attr-defined]
    applications.withdraw(office.said(office.clerk, "ulang"), Application.objects.get().pk)
    row = office.installed()
    again = office.said(office.approver, key="form-b")
    found = at_once(*[lambda: activation.activate(again, row.pk)] * 3)
    assert {result.pk for result in found} == {row.pk}  # type: ignore[attr-defined]
    assert (Provider.objects.filter(slug=row.slug).count(), Instance.objects.count()) == (1, 1)
    assert Transition.objects.filter(act="activate").count() == 1
    assert verify_acts().problems == []


def test_of_two_applications_for_one_name_at_once_one_is_refused() -> None:
    office = office_of(World.create())
    found = at_once(
        lambda: applications.draft(office.said(office.clerk), office.form()),
        lambda: applications.draft(office.said(office.officer), office.form()),
    )
    assert sorted(type(result).__name__ for result in found) == ["Application", "Unlawful"]
    assert Application.objects.count() == Sla.objects.count() + 1
    assert any(isinstance(result, Unlawful) for result in found)
