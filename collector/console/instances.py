"""Instances of a provider: registering one, changing it, and the consent to try its ports.

Laws:
- Who may enrol agents may register and change instances. Only people of the provider itself consent to a port scan, with a reason,
  and take the consent back; LKPP never consents in their place.
- A public URL belongs to one instance in use.
- What is changed stands in the trail, in the same transaction.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from collector.accounts.models import PROVIDER, Account, Act
from collector.console.access import account_of, demand, visible, visible_or_404
from collector.registry.instances import NotRegistered, change, register
from collector.registry.models import Instance, Provider, Server


def may_register(account: Account) -> bool:
    """May register and change instances (of the providers it sees)."""
    return account.may_enrol


def may_consent(account: Account) -> bool:
    """May say that ports of instances (of its own provider) may be tried."""
    return account.role in PROVIDER


class ServersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # it takes none when it runs
    """Servers with their ids: names may be the same."""

    def label_from_instance(self, obj: Server) -> str:
        return f"{obj.name} ({obj.short_id})"


class InstanceForm(forms.Form):
    """What is registered of an instance. Offers only servers of its provider that are in use."""

    name = forms.CharField(label=_("Nama"), max_length=255, help_text=_("Misalnya SPSE Kabupaten Contoh."))
    url = forms.URLField(
        label=_("Alamat publik"), max_length=200, assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://spse.example.go.id/eproc4"}),
        help_text=_("Alamat halaman depan seperti dibuka masyarakat. Penguji luar membacanya setiap beberapa menit."),
    )  # fmt: skip
    servers = ServersField(
        Server.objects.none(), label=_("Berjalan di server"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Semua server yang menjalankannya: aplikasi, basis data, proxy. Klaim server dibandingkan dengan yang tampak dari luar."
        ),
    )  # fmt: skip

    def __init__(self, provider: Provider, held: Instance | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        servers: Any = self.fields["servers"]
        servers.queryset = Server.objects.filter(provider=provider, retired_at__isnull=True)
        if not servers.queryset.exists():
            del self.fields["servers"]

    def clean_url(self) -> str:
        """A web address without a user, a query or a fragment, that no other instance has."""
        said: str = self.cleaned_data["url"]
        scheme, _sep, rest = said.partition("://")
        if scheme not in {"http", "https"} or {"@", "?", "#"} & set(rest):
            raise forms.ValidationError(
                gettext("Tulis alamat http:// atau https:// tanpa nama pengguna, tanda tanya, atau tanda pagar.")
            )
        same = Instance.objects.filter(public_url=said, retired_at__isnull=True)
        if same.exclude(pk=self.held.pk if self.held else "").exists():
            raise forms.ValidationError(gettext("Alamat ini sudah terdaftar sebagai instans lain."))
        return said


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks what an instance is called and where it is, POST registers it."""
    account = account_of(request)
    provider = visible_or_404(visible(Provider, account), slug=slug)
    demand(may_register(account))
    form = InstanceForm(provider, None, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        chosen = [one.pk for one in said.get("servers", ())]
        try:
            made = register(provider, said["name"], said["url"], servers=chosen, by=account, now=timezone.now())
        except NotRegistered as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Instans didaftarkan. Penguji luar membacanya dalam satu jam."))
            return redirect("instance", target=made.pk)
    context = {"provider": provider, "form": form, "instance": None}
    return render(request, "console/instance_form.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, instance: str) -> HttpResponse:
    """GET shows what is registered, POST changes it."""
    account = account_of(request)
    one = _found(account, instance)
    demand(may_register(account) and one.retired_at is None)
    initial = {"name": one.name, "url": one.public_url, "servers": list(one.servers.values_list("pk", flat=True))}
    form = InstanceForm(one.provider, one, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        chosen = [server.pk for server in said["servers"]] if "servers" in said else None
        try:
            changed = change(one, name=said["name"], url=said["url"], servers=chosen, by=account, now=timezone.now())
        except NotRegistered as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Perubahan disimpan.") if changed else gettext("Tidak ada yang berubah."))
            return redirect("instance", target=one.pk)
    context = {"provider": one.provider, "form": form, "instance": one}
    return render(request, "console/instance_form.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, instance: str) -> HttpResponse:
    """GET says what consenting means and asks for the reason, POST gives the consent or takes it back."""
    account = account_of(request)
    one = _found(account, instance)
    demand(may_consent(account) and one.retired_at is None)
    reason = request.POST.get("reason", "").strip()
    wanted = request.POST.get("consent", "")
    if request.method == "POST" and reason and wanted in {"yes", "no"}:
        _consent(one, account, given=wanted == "yes", reason=reason)
        told = gettext("Persetujuan dicatat.") if wanted == "yes" else gettext("Persetujuan dicabut.")
        messages.success(request, told)
        return redirect("instance", target=one.pk)
    context = {"instance": one, "provider": one.provider, "asked": request.method == "POST", "reason": reason}
    return render(request, "console/consent.html", context, status=400 if request.method == "POST" else 200)


def _consent(instance: Instance, account: Account, *, given: bool, reason: str) -> None:
    """Record it, with who says so and why."""
    now = timezone.now()
    verb = "instance.consent" if given else "instance.refuse"
    with transaction.atomic():
        if change(instance, consent=given, by=account, now=now):
            Act.objects.create(
                at=now, account=account, provider=instance.provider, verb=verb,
                subject=f"{instance.name[:150]} {instance.pk}", reason=reason[:1000],
            )  # fmt: skip


def _found(account: Account, key: str) -> Instance:
    """An instance that `account` may see. Raises Http404."""
    return visible_or_404(visible(Instance, account).select_related("provider"), pk=key)
