"""What an answer for a page is: the page, a refusal of the prober, an error, or none. Used by the facts of pages; no fact of
its own.

Law: a refusal (a web firewall's 403, a challenge) is neither the page nor a failure of the site.
"""

from __future__ import annotations

import re

from checks.fact import Missing
from checks.facts.page_text import Document, read
from checks.outside import Visit
from checks.text import Text

REFUSED = frozenset({401, 403, 405, 406, 418, 429, 451})
CHALLENGE = re.compile(
    r"just a moment|attention required|checking your browser|enable javascript and cookies|request rejected"
    r"|requested url was rejected|incapsula|_imp_apg_r_|akses ditolak|access denied|ddos protection|web application firewall"
    r"|security check|verify you are (a )?human|are you a robot|permintaan (anda )?ditolak|support id",
    re.IGNORECASE,
)
SHORT = 1500  # characters of text: a page of refusal says little else


def refusal(visit: Visit) -> str:
    """How the instance refuses the prober ("403", "503 challenge"); empty: it does not. A refusal is not a failure."""
    if visit.trouble:
        return ""
    if visit.status in REFUSED:
        return str(visit.status)
    mitigated = "cf-mitigated" in visit.headers
    if mitigated or (CHALLENGE.search(visit.text[:20_000]) and len(read(visit.text, visit.url).text) < SHORT):
        return f"{visit.status} challenge"
    return ""


TROUBLES = {
    "name": Text("nama tidak dikenal DNS", "DNS knows no such name"),
    "refused": Text("koneksi ditolak: tidak ada yang mendengarkan", "connection refused: nobody listens"),
    "silent": Text("tidak ada jawaban lengkap dalam batas waktu", "no whole answer in time"),
    "tls": Text("TLS gagal", "TLS fails"),
    "broken": Text("jawaban terputus atau bukan HTTP", "the answer breaks off or is no HTTP"),
    "loop": Text("pengalihan berputar atau terlalu banyak", "redirects go round or are too many"),
    "inward": Text("pengalihan menuju alamat yang tidak publik", "a redirect leads to an address that is not public"),
}


def document(visit: Visit) -> Document:
    """The page that was seen. Raises Missing where none was: no answer, a refusal, an error, something else than HTML."""
    if visit.trouble:
        raise Missing(TROUBLES[visit.trouble])
    if how := refusal(visit):
        raise Missing(
            Text(f"situs menjawab, tetapi menolak prober ({how})", f"the site answers, but refuses the probe ({how})")
        )
    if visit.status != 200:
        raise Missing(Text(f"halaman menjawab {visit.status}", f"the page answers {visit.status}"))
    found = read(visit.text, visit.url)
    if not found.elements or not (found.blocks or found.title or found.loaded):
        raise Missing(Text("jawaban bukan halaman HTML", "the answer is no HTML page"))
    return found
