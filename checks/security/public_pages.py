"""The public pages themselves (standard k): gambling put into them, shown to search engines only, or loaded from strangers.

Laws:
- One word proves nothing. A failure needs several that no procurement site uses, and something that supports them.
- What a page that was not shown might hold is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.baseline import drift
from checks.check import CRITICAL, HIGH, HOUR, INTEGRITY, MINUTE, check
from checks.facts.cloaking import Cloaking
from checks.facts.loaded_content import LoadedContent
from checks.facts.page_structure import ApprovedPageStructure, PageStructure
from checks.facts.page_text import site
from checks.facts.page_words import PageWords
from checks.text import Text, Words
from checks.verdict import Verdict, judge, unknown, warned

CLEAN = Text(
    "Anggap server ini disusupi: catat waktu, salin log dan halaman yang disisipi sebelum menghapus apa pun, lapor ke CSIRT. Cari "
    "asalnya: `grep -rlEi 'gacor|slot88|maxwin|togel' /var/www /home/appserv`, berkas terbaru dengan "
    "`find /var/www /home/appserv -newermt '-7 days' -type f`, dan aturan rewrite dengan "
    "`grep -rniE 'googlebot|http_referer' /etc/nginx /etc/apache2 /etc/httpd`. Pulihkan dari cadangan yang bersih dan ganti "
    "semua kata sandi.",
    "Take this server as broken into: note the time, copy logs and the injected pages before removing anything, report to the "
    "CSIRT. Find the origin: `grep -rlEi 'gacor|slot88|maxwin|togel' /var/www /home/appserv`, the newest files with "
    "`find /var/www /home/appserv -newermt '-7 days' -type f`, and rewrite rules with "
    "`grep -rniE 'googlebot|http_referer' /etc/nginx /etc/apache2 /etc/httpd`. Restore from a clean backup and change all "
    "passwords.",
)


@check(
    "K-IOC-04", severity=CRITICAL, aspect=INTEGRITY, every=15 * MINUTE,
    source="Pantau default",
    title=Text("Halaman publik bebas dari sisipan judi daring", "The public pages hold no online gambling"),
    why=Text(
        "Ribuan situs go.id pernah disisipi halaman judi; siapa pun yang dapat menulis di halaman ini dapat pula mengubah isi "
        "pengadaan.",
        "Thousands of go.id sites have had gambling pages put into them; whoever can write here can change procurement as well.",
    ),
    remedy=CLEAN,
)  # fmt: skip
def gambling(pages: PageWords, *, alone: int = 12, supported: int = 6) -> Verdict:
    """Fails at a score of `supported` with links or the title beside it, at `alone` without; a sure word weighs 3."""
    expected = Text("tidak ada kata judi", "no words of gambling")
    number = pages.read
    left = Text(f"; {pages.unread} tidak terbaca", f"; {pages.unread} not read") if pages.unread else Text("", "")
    if not number:
        return unknown(Text("tidak ada halaman yang terbaca", "no page was read"))
    for one in pages.suspects:
        found = ", ".join(one.words) or "-"
        measured = Text(
            f"{one.page}: {found} (skor {one.score}, {one.links} tautan)",
            f"{one.page}: {found} (score {one.score}, {one.links} links)",
        )
        if one.score >= alone or (one.score >= supported and (one.links or one.title)):
            return judge(False, measured, expected, value=one.score)
    worst = pages.suspects[0] if pages.suspects else None
    if worst is not None and worst.score >= supported:
        words = ", ".join(worst.words)
        said = Text(
            f"{worst.page}: {words} (skor {worst.score}), tanpa tautan pendukung; periksa halaman ini",
            f"{worst.page}: {words} (score {worst.score}), with no links to support it; look at this page",
        )
        return warned(said, expected, value=worst.score)
    clear = Text(f"bersih, {number} halaman dibaca{left.id}", f"clean, pages read: {number}{left.en}")
    return judge(True, clear, expected, value=worst.score if worst else 0)


@check(
    "K-IOC-05", severity=CRITICAL, aspect=INTEGRITY, every=HOUR,
    source="Pantau default",
    title=Text(
        "Mesin pencari mendapat halaman yang sama dengan pengunjung", "Search engines get the same page as visitors"
    ),
    why=Text(
        "Penyusup memperlihatkan halaman judi hanya kepada mesin pencari, agar pengelola situs tidak melihatnya.",
        "Intruders show gambling pages to search engines only, so that those who run the site do not see them.",
    ),
    remedy=CLEAN,
)  # fmt: skip
def cloaking(seen: Cloaking, *, similarity: float = 0.8, words: int = 20) -> Verdict:
    share = f"{seen.similarity:.2f}"
    expected = Text(f"kemiripan >= {similarity:g}", f"similarity >= {similarity:g}")
    if seen.hidden:
        named = ", ".join(seen.hidden)
        measured = Text(
            f"hanya bagi mesin pencari: {named} (kemiripan {share})",
            f"only for search engines: {named} (similarity {share})",
        )
        return judge(False, measured, expected, value=seen.similarity)
    if site(seen.host) != site(seen.engine_host):
        where = f"{seen.engine_host} / {seen.host}"
        return judge(
            False, Text(f"mesin pencari dialihkan: {where}", f"search engines are sent elsewhere: {where}"), expected
        )
    if min(seen.words, seen.engine_words) < words:
        few = f"{seen.words} / {seen.engine_words}"
        return unknown(
            Text(
                f"halaman terlalu pendek untuk dibandingkan ({few} kata)",
                f"the pages are too short to compare ({few} words)",
            )
        )
    measured_: Words = Text(f"kemiripan {share}", f"similarity {share}")
    return judge(seen.similarity >= similarity, measured_, expected, value=seen.similarity)


@check(
    "K-IOC-06", severity=CRITICAL, aspect=INTEGRITY, every=5 * MINUTE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (9) huruf b; Pantau default (approved baseline)",
    title=Text(
        "Halaman depan tersusun seperti yang disetujui", "The home page is made of what was approved"
    ),
    why=Text(
        "Halaman yang diubah atau disisipi penyusup tersusun lain dari yang dibuat SPSE: bagian, judul, bingkai, atau tujuan "
        "formulir yang baru.",
        "A page that an intruder has changed or put something into is made of other things than SPSE made: new parts, another "
        "title, frames, or forms that go elsewhere.",
    ),
    remedy=Text(
        "Bila perubahannya Anda kenal (rilis SPSE baru, pengumuman): catat di register perubahan, lalu setujui yang baru di "
        "konsol (halaman instans server itu, Baseline). Bila tidak: " + CLEAN.id,
        "If you know the change (a new release of SPSE, an announcement): enter it in the register of changes, then approve the "
        "new state in the console (page of the server's instance, Baseline). If not: " + CLEAN.en,
    ),
)  # fmt: skip
def home_page_structure(now: PageStructure, approved: ApprovedPageStructure | None) -> Verdict:
    return drift(now, approved, removed=False)


@check(
    "K-IOC-07", severity=HIGH, aspect=INTEGRITY, every=HOUR,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (13) huruf d; Pantau default",
    title=Text(
        "Skrip dan bingkai luar hanya dari situs yang dikenal", "Scripts and frames come only from known sites"
    ),
    why=Text(
        "Skrip dari situs asing berjalan dengan hak pengguna yang sedang masuk: ia dapat membaca kata sandi dan penawaran.",
        "A script of a foreign site runs with the rights of the user who is logged in: it can read passwords and bids.",
    ),
    remedy=Text(
        "Cari baris itu dan hapus bila tidak dikenal: `grep -rn 'src=\"http' /home/appserv/*/webapp/public /var/www`. Simpan "
        "pustaka di server sendiri; yang tetap dari CDN diberi `integrity=\"sha384-...\" crossorigin=\"anonymous\"`.",
        "Find the line and remove it if nobody knows it: `grep -rn 'src=\"http' /home/appserv/*/webapp/public /var/www`. Keep "
        "libraries on the server itself; what stays on a CDN gets `integrity=\"sha384-...\" crossorigin=\"anonymous\"`.",
    ),
)  # fmt: skip
def foreign_content(
    content: LoadedContent,
    *,
    allowed: tuple[str, ...] = (
        "go.id", "inaproc.id", "google.com", "gstatic.com", "googleapis.com", "googletagmanager.com", "google-analytics.com",
        "youtube.com", "youtube-nocookie.com", "cloudflare.com", "cloudflareinsights.com", "jsdelivr.net", "jquery.com",
        "bootstrapcdn.com", "unpkg.com", "fontawesome.com", "recaptcha.net", "datatables.net",
    ),
    digested: tuple[str, ...] = (
        "cdnjs.cloudflare.com", "jsdelivr.net", "jquery.com", "bootstrapcdn.com", "unpkg.com", "datatables.net",
    ),
) -> Iterator[Verdict]:  # fmt: skip
    expected = Text("hanya situs yang dikenal", "known sites only")
    strangers = [f"{one.kind} {one.host}" for one in content.origins if not _within(one.host, allowed)]
    if strangers:
        yield judge(False, ", ".join(strangers[:8]), expected, value=len(strangers))
    elif content.total > len(content.origins):
        yield unknown(Text("terlalu banyak situs untuk diperiksa", "too many sites to look at"))
    elif bare := [
        one.host
        for one in content.origins
        if one.kind == "script" and not one.integrity and _within(one.host, digested)
    ]:
        named = ", ".join(bare[:8])
        yield warned(Text(f"CDN tanpa integrity: {named}", f"CDN without integrity: {named}"), expected, value=0)
    else:
        own, known = content.own, len(content.origins)
        yield judge(
            True,
            Text(f"{own} milik sendiri, {known} situs dikenal", f"{own} of its own, {known} known sites"),
            expected,
            value=0,
        )


def _within(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)
