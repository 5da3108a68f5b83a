"""Which claims of a host its public side contradicts: a host check that passes against an outside check that fails. Pure.

The collector shows such a claim as disputed: neither passed nor failed, until a person has looked.

Laws:
- A contradiction is listed only where both cannot be right unless something stands between the server and the public that
  nobody has told: another machine behind the public name, a forwarded port, a proxy's cache. That a firewall denies by default,
  say, contradicts no open port: somebody may have allowed it.
- It accuses nobody. It names both sides and asks for an examination; who is wrong, the host or the prober, is open.
- Only a failure from outside disputes, and only a pass is disputed: what a host admits needs no contradiction.
- Where an outside check speaks of many things (ports, paths), only those that the host's claim is about count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.text import Text, words
from checks.verdict import Result, Status


@dataclass(frozen=True)
class Contradiction:
    """A pass of check `host` on a server is contradicted by a failure of check `outside` on an instance that runs on it.

    `mark`: a regular expression that the English of what was measured outside must hold; empty: any failure will do.
    `reason` ends the sentence "disputed, because ...".
    """

    host: str
    outside: str
    reason: Text
    mark: str = ""


def _ports(*numbers: int) -> str:
    return rf"(?<!\d)({'|'.join(map(str, numbers))})(?!\d)"


DATABASE = _ports(5432, 5433)
APPLICATION = _ports(8080, 9009, 9090, 9909)
OLD_SERVICES = _ports(21, 23, 53, 110, 111, 139, 143, 199, 389, 445, 631, 873, 993, 995, 3128)
APPLICATION_FILES = (
    r"/(conf/application\.conf(\.bak)?|application\.conf|conf/routes|logs/spse4\.log|server\.pid)(?![\w/.])"
)
SETTINGS_FILES = r"/application\.conf(?![\w/.])"

_DATABASE_OPEN = Text(
    "port PostgreSQL menjawab dari internet, padahal menurut server hanya terjangkau dari dalam",
    "the port of PostgreSQL answers from the Internet, while the server says it can be reached from inside only",
)
_SITE_DOWN = Text(
    "halaman publik tidak menjawab, padahal menurut server aplikasi dan proxy menjawab: yang putus ada di antaranya",
    "the public page does not answer, while the server says application and proxy do: what is broken lies between them",
)
_FOREIGN = Text(
    "halaman publik memuat isi asing, padahal menurut server tidak ada berkas atau skrip yang asing",
    "the public pages hold foreign content, while the server says there is no foreign file or script",
)

CONTRADICTIONS = (
    Contradiction(
        "K-APP-02", "K-WEB-09",
        Text(
            "application.conf dapat diunduh siapa pun, padahal menurut server hanya akun aplikasi yang dapat membacanya",
            "anyone can fetch application.conf, while the server says only the application's account can read it",
        ),
        SETTINGS_FILES,
    ),
    Contradiction("K-IOC-01", "K-IOC-04", _FOREIGN),
    Contradiction("K-IOC-01", "K-IOC-05", _FOREIGN),
    Contradiction("K-IOC-02", "K-IOC-04", _FOREIGN),
    Contradiction("K-IOC-02", "K-IOC-05", _FOREIGN),
    Contradiction(
        "K-IOC-03", "K-WEB-09",
        Text(
            "sebuah halaman PHP dijalankan untuk publik, padahal menurut server tidak ada PHP",
            "a PHP page is run for the public, while the server says there is no PHP",
        ),
        r"/(phpinfo|info)\.php",
    ),
    Contradiction("K-NET-04", "K-NET-06", _DATABASE_OPEN, DATABASE),
    Contradiction(
        "K-NET-05", "K-NET-06",
        Text(
            "port yang biasa dipakai SPSE menjawab dari internet, padahal menurut server hanya terbuka di loopback",
            "a port that SPSE usually has answers from the Internet, while the server says it is open on loopback only",
        ),
        APPLICATION,
    ),
    Contradiction(
        "K-NET-08", "K-NET-06",
        Text(
            "layanan yang tidak diperlukan menjawab dari internet, padahal menurut server semuanya mati",
            "a service that is not needed answers from the Internet, while the server says all of them are off",
        ),
        OLD_SERVICES,
    ),
    Contradiction("K-PG-02", "K-NET-06", _DATABASE_OPEN, DATABASE),
    Contradiction(
        "K-TIME-02", "K-TIME-06",
        Text(
            "jam situs publik meleset, padahal menurut server jamnya tepat",
            "the public site's clock is off, while the server says its clock is right",
        ),
    ),
    Contradiction(
        "K-WEB-02", "K-WEB-09",
        Text(
            "halaman status atau info server web terbuka bagi publik, padahal menurut server modulnya nonaktif",
            "the web server's status or info page is open to the public, while the server says those modules are off",
        ),
        r"/server-(status|info)",
    ),
    Contradiction(
        "K-WEB-07", "K-WEB-09",
        Text(
            "berkas dari folder aplikasi tersaji bagi publik, padahal menurut server folder itu tidak tersaji",
            "files of the application's folder are served to the public, while the server says that folder is not",
        ),
        APPLICATION_FILES,
    ),
    Contradiction("L-AVL-03", "L-AVL-01", _SITE_DOWN),
    Contradiction("L-AVL-03", "L-AVL-02", _SITE_DOWN),
    Contradiction(
        "L-AVL-05", "L-AVL-02",
        Text(
            "daftar tender menjawab galat, padahal menurut server basis datanya menerima koneksi",
            "the list of tenders answers with an error, while the server says its database accepts connections",
        ),
        r"^5\d\d\b",
    ),
    Contradiction("L-AVL-06", "L-AVL-01", _SITE_DOWN),
)  # fmt: skip


def contradicts(host: str) -> tuple[str, ...]:
    """The outside checks whose failure may contradict a pass of the check `host`; empty for most."""
    return tuple(dict.fromkeys(one.outside for one in CONTRADICTIONS if one.host == host))


def disputed(host: str, status: Status, observed: Iterable[Result]) -> tuple[tuple[Contradiction, Result], ...]:
    """What contradicts a host's claim that check `host` has this `status` (its worst, over all subjects), of what was
    `observed` from outside of the instances it runs. Both should be current: that is for the caller to see to.
    """
    if status is not Status.PASS:
        return ()
    known = {one.outside: one for one in CONTRADICTIONS if one.host == host}
    return tuple(
        (known[result.check], result)
        for result in observed
        if result.status is Status.FAIL
        and result.check in known
        and re.search(known[result.check].mark, words(result.measured, "en"))
    )
