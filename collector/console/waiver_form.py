"""The form that asks for a waiver.

Laws:
- An end is mandatory: the end of a day in WIB, tomorrow at the earliest, a year from today at the latest.
- It offers only targets that the account may see, and only checks of this release.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks.text import words
from collector.accounts.models import Account
from collector.console.access import visible
from collector.console.reference import catalogue
from collector.console.templatetags.console import language
from collector.registry.models import Target
from collector.surveillance.models import Waiver

LONGEST = timedelta(days=365)
DAY = timedelta(days=1)


class WaiverForm(forms.Form):
    """Target, check, subject, why, and until when. `cleaned_data["expires_at"]` is the moment it ends."""

    target = forms.ModelChoiceField(Target.objects.none(), label=_("Objek"))
    check = forms.ChoiceField(label=_("Pemeriksaan"))
    subject = forms.CharField(
        label=_("Subjek"), max_length=300, required=False,
        help_text=_("Kosong: semua subjek pemeriksaan ini (semua mount, semua basis data)."),
    )  # fmt: skip
    justification = forms.CharField(
        label=_("Alasan"), min_length=20, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Mengapa ini tidak dapat dipenuhi sekarang, apa yang melindungi sementara ini, dan rencana perbaikannya. "
            "Paling sedikit 20 huruf."
        ),
    )  # fmt: skip
    expires = forms.DateField(
        label=_("Berlaku sampai"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"], help_text=_("Sampai akhir hari itu (WIB), paling lama satu tahun dari hari ini."),
    )  # fmt: skip

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = visible(Target, account).filter(retired_at__isnull=True)
        target: Any = self.fields["target"]
        target.queryset = targets
        chosen = (self.data.get("target") if self.is_bound else self.initial.get("target")) or ""
        if account.sees_all or targets.filter(pk=chosen).exists():  # thousands to choose from help nobody
            target.widget = forms.HiddenInput()
        check: Any = self.fields["check"]
        check.choices = [("", "—")] + [(one.code, f"{one.code} {words(one.title, language())}") for one in catalogue()]
        today = timezone.localdate()
        self.fields["expires"].widget.attrs |= {
            "min": (today + DAY).isoformat(), "max": (today + LONGEST).isoformat(),
        }  # fmt: skip

    def clean_expires(self) -> date:
        """A day between tomorrow and a year from today."""
        said: date = self.cleaned_data["expires"]
        today = timezone.localdate()
        if said <= today:
            raise forms.ValidationError(gettext("Tanggal ini harus setelah hari ini."))
        if said > today + LONGEST:
            raise forms.ValidationError(gettext("Pengecualian berlaku paling lama satu tahun."))
        return said

    def clean(self) -> dict[str, Any]:
        """Adds `expires_at`, and refuses what was already asked for and waits."""
        said: dict[str, Any] = super().clean() or {}
        if "expires" in said:
            said["expires_at"] = timezone.make_aware(datetime.combine(said["expires"] + DAY, time.min))
        if "target" in said and "check" in said:
            waiting = Waiver.objects.filter(
                target=said["target"], check_code=said["check"], subject=said.get("subject", ""),
                stage=Waiver.Stage.REQUESTED,
            )  # fmt: skip
            if waiting.exists():
                raise forms.ValidationError(gettext("Pengecualian yang sama sudah diajukan dan menunggu keputusan."))
        return said
