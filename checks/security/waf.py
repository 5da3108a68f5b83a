"""The web application firewall in front of SPSE (standard k): ModSecurity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.check import DAY, HIGH, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.waf import WafEngine, WafRules
from checks.facts.web_directives import WebServer
from checks.facts.web_server import WebServers
from checks.security.web import NO_WEB, judge_server, then_reload
from checks.text import Text, Words
from checks.verdict import Verdict, judge, not_applicable, unknown

NO_WAF = Text("ModSecurity tidak ada", "there is no ModSecurity")


def _everywhere(server: WebServer) -> bool:
    """Is the engine on for the whole server, or for each of its sites, and nowhere less than on?"""
    if not server.engines or any(value != "on" for value in server.engines.values()):
        return False
    return "" in server.engines or len(server.engines) >= server.sites > 0


@check(
    "K-WEB-04", severity=HIGH, aspect=INTEGRITY, every=HOUR, absent=NO_WEB,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (12) huruf f; Pantau default",
    title=Text("WAF aktif menindak", "The web application firewall enforces"),
    why=Text(
        "ModSecurity dalam mode DetectionOnly hanya mencatat serangan; ia tidak menahannya.",
        "ModSecurity in DetectionOnly mode writes attacks down; it does not stop them.",
    ),
    remedy=then_reload(
        "Debian/Ubuntu: `apt install libapache2-mod-security2 modsecurity-crs`, `cp "
        "/etc/modsecurity/modsecurity.conf-recommended /etc/modsecurity/modsecurity.conf`; EL: `dnf install "
        "mod_security mod_security_crs`. Tulis `SecRequestBodyLimit 1073741824` (bawaannya menolak dokumen di atas 12,5 "
        "MiB), pelajari catatannya beberapa hari, lalu tulis `SecRuleEngine On`",
        "Debian/Ubuntu: `apt install libapache2-mod-security2 modsecurity-crs`, `cp "
        "/etc/modsecurity/modsecurity.conf-recommended /etc/modsecurity/modsecurity.conf`; EL: `dnf install "
        "mod_security mod_security_crs`. Write `SecRequestBodyLimit 1073741824` (by default documents above 12.5 MiB "
        "are refused), read its log for some days, then write `SecRuleEngine On`",
    ),
)  # fmt: skip
def enforcing(web: WebServers) -> Iterator[Verdict]:
    for server in web.servers:
        said = [f"SecRuleEngine {value}" + (f" ({place})" if place else "") for place, value in server.engines.items()]
        measured: Words = "; ".join(said[:5]) or NO_WAF
        yield judge_server(server, _everywhere(server), measured, "SecRuleEngine On")


@check(
    "K-WEB-05", severity=MEDIUM, aspect=INTEGRITY, every=DAY, absent=NO_WEB, source="Pantau default",
    title=Text("Mesin dan aturan WAF mutakhir", "The WAF's engine and rules are up to date"),
    why=Text(
        "Aturan lama tidak mengenal serangan baru. Kit pemasangan SPSE yang beredar memuat mod_security 2.6.5 dari tahun 2012.",
        "Old rules do not know new attacks. The installation kit in circulation carries mod_security 2.6.5 of 2012.",
    ),
    remedy=then_reload(
        "Pasang ModSecurity dan OWASP CRS dari paket distribusi (Debian/Ubuntu: `apt install libapache2-mod-security2 "
        "modsecurity-crs`; EL: `dnf install mod_security mod_security_crs`) dan perbarui bersama sistem",
        "Install ModSecurity and the OWASP CRS from packages (Debian/Ubuntu: `apt install libapache2-mod-security2 "
        "modsecurity-crs`; EL: `dnf install mod_security mod_security_crs`) and update them with the system",
    ),
)  # fmt: skip
def up_to_date(
    web: WebServers, engine: WafEngine | None, rules: WafRules | None, now: datetime,
    *, days: int = 365, oldest: tuple[int, ...] = (2, 9),
) -> Verdict:  # fmt: skip
    if not any(server.engines for server in web.servers):
        return not_applicable(NO_WAF)
    expected = Text(
        f"mesin >= {'.'.join(map(str, oldest))}; aturan <= {days} hari",
        f"engine >= {'.'.join(map(str, oldest))}; rules <= {days} days",
    )
    if engine is not None and tuple(int(part) for part in engine.version.split(".")) < oldest:
        return judge(False, f"{engine.package} {engine.version}", expected)
    if engine is None:
        return unknown(
            Text(
                "ModSecurity bukan dari paket distribusi; versinya tidak diketahui",
                "ModSecurity was not installed from a package; its version is not known",
            )
        )
    if rules is None:
        return unknown(Text("Berkas aturan tidak ditemukan di tempat biasa", "No rule files in the usual places"))
    age = (now - rules.newest).days
    measured = Text(
        f"{engine.package} {engine.version}; aturan terbaru {age} hari yang lalu",
        f"{engine.package} {engine.version}; newest rules {age} days old",
    )
    return judge(age <= days, measured, expected, value=age)
