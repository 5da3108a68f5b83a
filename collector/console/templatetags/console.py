"""How the console shows words, moments, shares and standings. Every colour comes with a sign and a word."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext, gettext_lazy

from checks.standard import LETTERS
from checks.text import Language, Text, Words
from checks.text import words as in_language
from checks.words import SEVERITY_WORDS, STANDING_SIGNS, STANDING_WORDS, STATUS_SIGNS, STATUS_WORDS
from collector.registry.models import Target

register = template.Library()

SIGNS: Mapping[str, str] = dict(
    [*STATUS_SIGNS.items(), *STANDING_SIGNS.items(), ("stale", "…"), ("waived", "§"), ("disputed", "≠")]
)
SHARED: Mapping[str, Text] = dict([*STATUS_WORDS.items(), *STANDING_WORDS.items(), *SEVERITY_WORDS.items()])
WORDS = {
    "stale": gettext_lazy("Kedaluwarsa"),
    "waived": gettext_lazy("Dikecualikan"),
    "disputed": gettext_lazy("Dipersoalkan"),
    "automated": gettext_lazy("Diperiksa otomatis"),
    "self_assessment": gettext_lazy("Penilaian mandiri"),
    "not_checkable": gettext_lazy("Tidak dapat diperiksa mesin"),
    "confidentiality": gettext_lazy("Kerahasiaan"),
    "integrity": gettext_lazy("Integritas"),
    "availability": gettext_lazy("Ketersediaan"),
    "requested": gettext_lazy("Diajukan"),
    "approved": gettext_lazy("Disetujui"),
    "rejected": gettext_lazy("Ditolak"),
}


def language() -> Language:
    """The active language."""
    return "en" if get_language() == "en" else "id"


@register.filter
def words(value: Words) -> str:
    """A `Words` in the active language."""
    return in_language(value, language())


@register.filter
def said(word: str) -> str:
    """A standing, status, severity, kind or stage in the active language."""
    if shared := SHARED.get(str(word)):
        text = shared.in_(language())
        return text[:1].upper() + text[1:]
    return str(WORDS.get(str(word), word))


@register.filter
def sign(word: str) -> str:
    """The sign of a standing or status: never colour alone."""
    return SIGNS.get(str(word), "")


@register.filter
def pill(word: str) -> SafeString:
    """A standing or status as a coloured pill with its sign and word."""
    return format_html(
        '<span class="pill is-{}"><b aria-hidden="true">{}</b>{}</span>', str(word), sign(word), said(word)
    )


@register.filter
def cells(standings: tuple[str, ...]) -> SafeString:
    """Standings of the standards a to q as cells of the matrix."""
    spoken = language()
    return mark_safe("".join(cell(letter, one, spoken) for letter, one in zip(LETTERS, standings, strict=True)))  # noqa: S308


@lru_cache(maxsize=17 * 4 * 2)
def cell(letter: str, standing: str, _spoken: Language) -> SafeString:
    """One cell in the active language. There are few, and 850 on a page."""
    return format_html(
        '<td role="cell" class="cell is-{}" data-letter="{}"><span role="img" aria-label="{}: {}">{}</span></td>',
        standing, letter, letter, said(standing), sign(standing),
    )  # fmt: skip


@register.filter
def severity(word: str) -> SafeString:
    """A severity as a tag."""
    return format_html('<span class="severity is-{}">{}</span>', str(word), said(word))


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    """A moment in WIB, with its ISO form for machines; a dash for none."""
    if value is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', value.astimezone(UTC).isoformat(timespec="seconds"), wib(value))


@register.filter
def ago(value: datetime | None) -> str | SafeString:
    """How long ago a moment was, with the moment itself in the tooltip; a dash for none."""
    if value is None:
        return "–"
    just_now = (timezone.now() - value).total_seconds() < 60
    told = gettext("baru saja") if just_now else gettext("%(since)s lalu") % {"since": timesince(value, depth=1)}
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.astimezone(UTC).isoformat(timespec="seconds"), wib(value), told,
    )  # fmt: skip


@register.filter
def last_day(value: datetime) -> SafeString:
    """The last day before an exclusive end, in WIB: what ends at midnight ended with the day before."""
    last = timezone.localtime(value - timedelta(microseconds=1))
    machines = value.astimezone(UTC).isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', machines, wib(value), date_format(last, "j M Y"))


def wib(value: datetime) -> str:
    """A moment as people write it in Jakarta."""
    return f"{date_format(timezone.localtime(value), 'j M Y H:i')} WIB"


@register.filter
def share(value: float | None) -> str:
    """0.934 as "93%"; a dash for none. Rounded down: what is not complete is never shown as 100%."""
    return "–" if value is None else f"{int(value * 100 + 1e-9)}%"


@register.filter
def precise(value: float | None) -> str:
    """0.99957 as "99,95%"; a dash for none. Rounded down, as `share`."""
    return "–" if value is None else f"{number_format(int(value * 10_000 + 1e-7) / 100, 2)}%"


@register.filter
def ceiling(value: float) -> str:
    """0.0001 as "1%": rounded up, so that a little of what is missing is never shown as none."""
    return f"{math.ceil(value * 100 - 1e-9)}%"


@register.filter
def bar(value: float | None) -> SafeString:
    """A share as a small bar with its figure."""
    if value is None:
        return format_html('<span class="quiet">{}</span>', "–")
    return format_html(
        '<span class="bar"><meter min="0" max="100" value="{}" aria-label="{}"></meter> {}</span>',
        int(value * 100), gettext("Cakupan"), share(value),
    )  # fmt: skip


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds in the largest unit that says enough."""
    if seconds is None:
        return "–"
    size = abs(seconds)
    if size < 10:
        return gettext("%(n)s detik") % {"n": number_format(round(seconds, 2) if seconds % 1 else int(seconds))}
    if size < 120:
        return gettext("%(n)s detik") % {"n": round(seconds)}
    if size < 7200:
        return gettext("%(n)s menit") % {"n": round(seconds / 60)}
    if size < 172800:
        return gettext("%(n)s jam") % {"n": round(seconds / 3600)}
    return gettext("%(n)s hari") % {"n": round(seconds / 86400)}


@register.filter
def short(digest: str) -> str:
    """The first twelve characters of a digest or key id."""
    return f"{digest[:12]}…" if len(digest) > 12 else digest


STAGES = {"requested": "unknown", "approved": "waived", "rejected": "fail"}


@register.filter
def stage(word: str) -> SafeString:
    """Where a waiver stands, as a pill."""
    how = STAGES.get(str(word), "unknown")
    return format_html('<span class="pill is-{}"><b aria-hidden="true">{}</b>{}</span>', how, sign(how), said(word))


@register.filter
def commands(text: str) -> SafeString:
    """A text with its `commands` between backticks set as code."""
    parts = text.split("`")
    return format_html_join(
        "", "{}", (((format_html("<code>{}</code>", part) if n % 2 else part),) for n, part in enumerate(parts))
    )


@register.filter
def host(target: Target) -> SafeString:
    """A target's name; with its short id where another one of its provider has the same name; and whether it is retired."""
    twin = format_html(" <code>{}</code>", target.short_id) if target.twin else ""
    gone = format_html(' <span class="pill is-retired">{}</span>', gettext("Dipensiunkan")) if target.retired_at else ""
    return format_html("{}{}{}", target.name, twin, gone)


PAGES = {"server": "server", "instance": "instance", "provider": "organisation"}


@register.filter
def address(target: Target) -> str:
    """Where the page of a target is."""
    return reverse(PAGES[target.kind], args=[target.pk])


UNITS = {
    "finding": (gettext_lazy("1 temuan"), gettext_lazy("%(n)s temuan")),
    "result": (gettext_lazy("1 hasil"), gettext_lazy("%(n)s hasil")),
    "check": (gettext_lazy("1 pemeriksaan"), gettext_lazy("%(n)s pemeriksaan")),
    "requirement": (gettext_lazy("1 persyaratan"), gettext_lazy("%(n)s persyaratan")),
    "provider": (gettext_lazy("1 penyedia"), gettext_lazy("%(n)s penyedia")),
    "register": (gettext_lazy("1 register"), gettext_lazy("%(n)s register")),
    "row": (gettext_lazy("1 baris"), gettext_lazy("%(n)s baris")),
    "item": (gettext_lazy("1 butir"), gettext_lazy("%(n)s butir")),
    "agent": (gettext_lazy("1 agen"), gettext_lazy("%(n)s agen")),
}


@register.filter
def unit(count: int, what: str) -> str:
    """A count with what is counted: findings, results and checks are different things, and never stand as a bare number."""
    one, many = UNITS[what]
    return str(one) if count == 1 else str(many) % {"n": number_format(count, force_grouping=True)}


@register.simple_tag(takes_context=True)
def to_page(context: Context, number: int, name: str) -> str:
    """This address with another page of the list called `name`."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"
