"""Addresses of the console. What belongs to one provider is found through what the account may see, never by address."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from collector.console import (
    agents,
    baselines,
    finding,
    instances,
    language,
    overview,
    probers,
    provider,
    registers,
    retirement,
    target,
    waivers,
)
from collector.console.login_form import Login

urlpatterns = [
    path("", overview.show, name="overview"),
    path("login", Login.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("language", language.switch, name="language"),
    path("providers/<slug:slug>", provider.show, name="provider"),
    path("providers/<slug:slug>/instances/new", instances.add, name="instance_add"),
    path("servers/<str:target>", target.show_server, name="server"),
    path("instances/<str:target>", target.show_instance, name="instance"),
    path("instances/<str:instance>/edit", instances.edit, name="instance_edit"),
    path("instances/<str:instance>/consent", instances.consent, name="instance_consent"),
    path("organisations/<str:target>", target.show_organisation, name="organisation"),
    path("targets/<str:target>/retire", retirement.retire_target, name="retire"),
    path("targets/<str:target>/baselines", baselines.show, name="baselines"),
    path("targets/<str:target>/registers/<str:register>", registers.show, name="register"),
    path("targets/<str:target>/registers/<str:register>/csv", registers.export, name="register_csv"),
    path("targets/<str:target>/versions/<int:version>", registers.version, name="register_version"),
    path("targets/<str:target>/versions/<int:version>/csv", registers.export_version, name="version_csv"),
    path("findings/<str:finding>", finding.show, name="finding"),
    path("findings/<str:finding>/envelopes/<str:digest>", finding.envelope, name="envelope"),
    path("agents", agents.show, name="agents"),
    path("agents/token", agents.token, name="token"),
    path("agents/tokens/<int:token>/revoke", agents.revoke_token, name="revoke_token"),
    path("agents/<str:agent>/revoke", agents.revoke_agent, name="revoke_agent"),
    path("probers", probers.show, name="probers"),
    path("probers/token", probers.token, name="prober_token"),
    path("waivers", waivers.show, name="waivers"),
    path("waivers/request", waivers.request_one, name="waiver_request"),
    path("waivers/<int:waiver>", waivers.one, name="waiver"),
    path("waivers/<int:waiver>/decide", waivers.decide, name="waiver_decide"),
]
