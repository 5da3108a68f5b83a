"""Addresses of the console. What belongs to one provider is found through what the account may see, never by address."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from collector.console import (
    agents,
    baselines,
    finding,
    language,
    overview,
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
    path("servers/<str:target>", target.show, name="server"),
    path("instances/<str:target>", target.show, name="instance"),
    path("organisations/<str:target>", target.show, name="organisation"),
    path("servers/<str:server>/retire", retirement.retire_server, name="retire"),
    path("servers/<str:server>/baselines", baselines.show, name="baselines"),
    path("servers/<str:server>/registers/<str:register>", registers.show, name="register"),
    path("servers/<str:server>/versions/<int:version>.csv", registers.export, name="register_csv"),
    path("findings/<str:finding>", finding.show, name="finding"),
    path("findings/<str:finding>/envelopes/<str:digest>", finding.envelope, name="envelope"),
    path("agents", agents.show, name="agents"),
    path("agents/token", agents.token, name="token"),
    path("agents/tokens/<int:token>/revoke", agents.revoke_token, name="revoke_token"),
    path("agents/<str:agent>/revoke", agents.revoke_agent, name="revoke_agent"),
    path("waivers", waivers.show, name="waivers"),
    path("waivers/request", waivers.request_one, name="waiver_request"),
    path("waivers/<int:waiver>", waivers.one, name="waiver"),
    path("waivers/<int:waiver>/decide", waivers.decide, name="waiver_decide"),
]
