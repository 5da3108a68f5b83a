"""Whether the public reaches the site (standard l): its name, its home page, a page that needs the database.

Laws:
- A site that refuses the prober (a WAF's 403, a challenge) is not down: unknown. Users may well be served.
- One prober may stand on a broken road: that several agree is the collector's to see.
"""

from __future__ import annotations

from checks.check import AVAILABILITY, CRITICAL, HIGH, HOUR, MINUTE, check
from checks.facts.home_page import HomePage
from checks.facts.list_page import ListPage
from checks.facts.page_answer import TROUBLES
from checks.facts.page_text import host
from checks.facts.public_name import PublicName
from checks.text import Text, Words
from checks.verdict import Verdict, judge, unknown

SEEN = Text(
    "Lihat apa yang mati: `systemctl status nginx apache2 httpd`, `curl -I http://127.0.0.1:9090/`, "
    "`systemctl status postgresql`, dan `df -h`; hidupkan kembali dari bawah ke atas (PostgreSQL, SPSE, reverse proxy). Catat "
    "gangguan ini sebagai insiden.",
    "See what is dead: `systemctl status nginx apache2 httpd`, `curl -I http://127.0.0.1:9090/`, "
    "`systemctl status postgresql` and `df -h`; bring it back from the bottom up (PostgreSQL, SPSE, reverse proxy). Record the "
    "outage as an incident.",
)


def _answers(page: HomePage | ListPage, seconds: float, expected: Text) -> Verdict | None:
    """The verdict where the page was not given in time; None where it was."""
    took = f"{page.seconds:.1f}"
    if page.refusal:
        how = page.refusal
        return unknown(
            Text(f"situs menjawab, tetapi menolak prober ({how})", f"the site answers, but refuses the probe ({how})")
        )
    if page.trouble == "inward":
        return unknown(TROUBLES[page.trouble])
    if page.trouble:
        return judge(False, TROUBLES[page.trouble], expected, value=page.seconds)
    if page.status != 200:
        return judge(
            False, Text(f"{page.status} dalam {took} detik", f"{page.status} in {took} s"), expected, value=page.seconds
        )
    if page.seconds > seconds:
        return judge(False, Text(f"200 setelah {took} detik", f"200 after {took} s"), expected, value=page.seconds)
    return None


@check(
    "L-AVL-01", severity=CRITICAL, aspect=AVAILABILITY, every=MINUTE, grace=3 * MINUTE,
    source="Pantau default",
    title=Text("Halaman publik menjawab", "The public home page answers"),
    why=Text(
        "Bila halaman ini tidak menjawab, tidak seorang pun dapat mengikuti pengadaan, apa pun kata server dari dalam.",
        "If this page does not answer nobody can take part in procurement, whatever the server says from inside.",
    ),
    remedy=SEEN,
)  # fmt: skip
def home_page(home: HomePage, *, seconds: float = 10.0) -> Verdict:
    expected = Text(f"200 dalam {seconds:g} detik", f"200 within {seconds:g} s")
    if verdict := _answers(home, seconds, expected):
        return verdict
    took = f"{home.seconds:.1f}"
    return judge(True, Text(f"200 dalam {took} detik", f"200 in {took} s"), expected, value=home.seconds)


@check(
    "L-AVL-02", severity=CRITICAL, aspect=AVAILABILITY, every=5 * MINUTE, grace=15 * MINUTE,
    source="Pantau default",
    title=Text("Halaman daftar tender menjawab", "The list of tenders answers"),
    why=Text(
        "Halaman depan dapat tetap tampil selagi basis data mati; daftar tender baru tampil bila SPSE dan PostgreSQL hidup.",
        "The home page may still show while the database is dead; the list of tenders shows only if SPSE and PostgreSQL live.",
    ),
    remedy=SEEN,
)  # fmt: skip
def list_page(page: ListPage, *, seconds: float = 10.0) -> Verdict:
    expected = Text(
        f"200 dengan daftar tender dalam {seconds:g} detik", f"200 with the list of tenders within {seconds:g} s"
    )
    if page.status == 404:
        return unknown(
            Text("halaman /lelang tidak ada di alamat ini (404)", "there is no page /lelang at this address (404)")
        )
    if verdict := _answers(page, seconds, expected):
        return verdict
    took = f"{page.seconds:.1f}"
    if not page.table:
        return unknown(
            Text("200, tetapi tanpa tabel tender yang dikenal", "200, but without a table of tenders that is known")
        )
    shown = Text(f"200 dengan daftar tender dalam {took} detik", f"200 with the list of tenders in {took} s")
    return judge(True, shown, expected, value=page.seconds)


@check(
    "L-AVL-13", severity=HIGH, aspect=AVAILABILITY, every=HOUR, grace=HOUR,
    source="Pantau default",
    title=Text(
        "Nama publik mengarah ke tempat yang dikenal", "The public name leads to a place that is known"
    ),
    why=Text(
        "Nama yang hilang membuat situs tidak terjangkau; nama yang dibelokkan menyerahkan pengunjung kepada orang lain.",
        "A name that is gone makes the site unreachable; one that was turned elsewhere hands its visitors to strangers.",
    ),
    remedy=Text(
        "Periksa `dig +trace NAMA` dan `dig NAMA CNAME` terhadap catatan di pengelola domain, hapus CNAME ke layanan yang sudah "
        "tidak dipakai, dan periksa pengalihan dengan `curl -sIL https://NAMA/`.",
        "Compare `dig +trace NAME` and `dig NAME CNAME` with the records at the domain's manager, remove CNAMEs to services no "
        "longer used, and look at redirects with `curl -sIL https://NAME/`.",
    ),
)  # fmt: skip
def public_name(name: PublicName, home: HomePage, *, known: tuple[str, ...] = ("go.id", "inaproc.id")) -> Verdict:
    """Whether it is the very address that was registered the collector judges, which has the register."""
    expected = Text("alamat publik, berakhir di situs yang dikenal", "a public address that ends at a known site")
    if not name.addresses:
        return judge(False, TROUBLES["name"], expected)
    places = ", ".join(name.addresses[:4])
    if name.inward:
        inner = ", ".join(name.inward[:4])
        return unknown(
            Text(
                f"alamat {inner} tidak publik: prober berada di jaringan dalam, atau nama ini tidak untuk publik",
                f"{inner} is not public: the prober stands in the inner network, or the name is not meant for the public",
            )
        )
    where = host(home.url)
    own = where == name.name.lower()
    if not own and not any(where == one or where.endswith(f".{one}") for one in known):
        return judge(False, Text(f"dialihkan ke {where}", f"redirected to {where}"), expected)
    way: Words = places if own else f"{places} -> {where}"
    return judge(True, way, expected)
