"""Files that an intruder plants (standard k): scripts where none should be, and known web shells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.check import CRITICAL, HOUR, INTEGRITY, MINUTE, check
from checks.facts.scripts import Scripts, Walk
from checks.facts.web_shells import WebShells
from checks.text import Text, Words, joined
from checks.verdict import Status, Verdict, judge, unknown

TOLD = 5  # paths named in one result
NONE = Text("tidak ada", "none")
SECURE = Text(
    "Jangan langsung dihapus: salin dahulu ke luar server dengan `cp -a BERKAS /root/bukti/` dan catat `stat BERKAS`; cari "
    "siapa yang menaruhnya dalam log akses web pada waktu itu, lalu laporkan sebagai insiden.",
    "Do not delete it at once: first copy it off the server with `cp -a FILE /root/evidence/` and note `stat FILE`; look "
    "in the web access log of that time for who put it there, then report an incident.",
)


@check(
    "K-IOC-01", severity=CRITICAL, aspect=INTEGRITY, every=HOUR, absent=Status.NOT_APPLICABLE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (9) huruf b, ayat (11) huruf d; Pantau default (30 days)",
    title=Text(
        "Tidak ada skrip asing di folder web, aplikasi, dan dokumen",
        "No foreign script in web, application or document folders",
    ),
    why=Text(
        "SPSE tidak menaruh PHP, JSP, atau program di folder ini; yang muncul di sana hampir selalu diunggah oleh penyusup, "
        "dan satu berkas saja sudah cukup untuk menguasai server.",
        "SPSE puts no PHP, JSP or program into these folders; what turns up there was nearly always uploaded by an "
        "intruder, and one file is enough to take over the server.",
    ),
    remedy=Text(
        f"{SECURE.id} Cari sendiri dengan `find FOLDER -xdev -iname '*.php' -o -iname '*.jsp'`; di penyimpanan dokumen "
        "Pantau hanya menghitung. Skrip buatan sendiri: pindahkan ke /usr/local/sbin. Aplikasi web lain di server yang sama: "
        "daftarkan foldernya melalui kebijakan, dan lebih baik pindahkan ke server lain.",
        f"{SECURE.en} Find them with `find FOLDER -xdev -iname '*.php' -o -iname '*.jsp'`; in document stores Pantau only "
        "counts. Scripts of your own: move them to /usr/local/sbin. Another web application on the same server: have its "
        "folder listed by policy, and better move it to another server.",
    ),
)  # fmt: skip
def no_planted_script(
    found: Scripts, now: datetime, *, days: int = 30, known: tuple[str, ...] = ()
) -> Iterator[Verdict]:
    """`known`: folders in which scripts are expected. Of Play's own kinds, those changed alone in the last `days` count."""
    if found.applications is not None:
        yield _judged("SPSE", found.applications, _lately(found.lone, now - timedelta(days=days)), known)
    if found.web is not None:
        yield _judged("web", found.web, None, known)
    if found.stores is not None:
        yield _judged(_DOCUMENTS, found.stores, None, known)


_DOCUMENTS = "dokumen"


def _lately(lone: Walk | None, since: datetime) -> Walk | None:
    """`lone` as far as it was changed after `since`."""
    if lone is None or lone.newest is None or lone.newest < since:
        return None
    latest = tuple(one for one in lone.latest if one.changed >= since)
    return Walk(lone.folders, lone.complete, {"": len(latest)}, lone.newest, latest)


def _judged(subject: str, walk: Walk, lone: Walk | None, known: tuple[str, ...]) -> Verdict:
    scripts = [one for part in (walk, lone) if part for one in part.latest]
    strange = [one.path for one in scripts if not any(_within(one.path, folder) for folder in known)]
    files = walk.files + (lone.files if lone else 0)
    if files and all(any(_within(folder, one) for one in known) for folder in walk.folders):
        files = 0
    elif known and scripts and not strange:
        if files > len(scripts):
            return unknown(
                Text(
                    f"{len(scripts)} berkas terbaru di folder yang terdaftar; {files - len(scripts)} lainnya tidak disebut",
                    f"the latest {len(scripts)} files are in listed folders; {files - len(scripts)} others are not named",
                ),
                subject=subject,
            )
        files = 0
    if files:
        return judge(False, _told(walk, lone, strange, files), NONE, subject=subject, value=files)
    places = ", ".join(walk.folders[:3])
    if not walk.complete:
        return unknown(
            Text(f"{places}: tidak selesai dibaca dalam 20 detik", f"{places}: not read through within 20 s"),
            subject=subject,
        )
    return judge(True, Text(f"tidak ada di {places}", f"none in {places}"), NONE, subject=subject, value=0)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _told(walk: Walk, lone: Walk | None, strange: list[str], files: int) -> Words:
    kinds = ", ".join(f"{number} .{suffix}" for suffix, number in walk.suffixes.items())
    newest = max(one for part in (walk, lone) if part and (one := part.newest))
    when = Text(f"terbaru {newest:%Y-%m-%d %H:%M} UTC", f"newest {newest:%Y-%m-%d %H:%M} UTC")
    more = files - min(len(strange), TOLD)
    rest: tuple[Words, ...] = (Text(f"dan {more} lainnya", f"and {more} more"),) if strange and more > 0 else ()
    what: tuple[Words, ...] = (kinds,) if kinds else ()
    place: tuple[Words, ...] = () if strange else (", ".join(walk.folders[:3]),)
    return joined((*what, when, *place, *strange[:TOLD], *rest))


@check(
    "K-IOC-02", severity=CRITICAL, aspect=INTEGRITY, every=5 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (9) huruf b; Pantau default",
    title=Text("Tidak ada tanda web shell pada skrip", "No script carries the signs of a web shell"),
    why=Text(
        "Web shell memberi siapa pun yang tahu alamatnya kendali atas server melalui peramban; pola kodenya dapat dikenali.",
        "A web shell gives whoever knows its address control of the server through a browser; its code has telling patterns.",
    ),
    remedy=Text(
        f"{SECURE.id} Sementara itu tolak alamatnya di server web (`location = /ALAMAT {{ return 403; }}` pada nginx, "
        "`<Location /ALAMAT> Require all denied` pada Apache), dan ganti semua kata sandi yang ada di server.",
        f"{SECURE.en} Meanwhile refuse its address in the web server (`location = /ADDRESS {{ return 403; }}` in nginx, "
        "`<Location /ADDRESS> Require all denied` in Apache), and change every password kept on the server.",
    ),
)  # fmt: skip
def no_web_shell(found: WebShells, *, known: tuple[str, ...] = ()) -> Verdict:
    """`known`: paths that were looked into and are harmless."""
    strange = [path for path in found.paths if path not in known]
    total = found.total - (len(found.paths) - len(strange))
    if total:
        more = total - min(len(strange), TOLD)
        rest: tuple[Words, ...] = (Text(f"dan {more} lainnya", f"and {more} more"),) if more else ()
        return judge(False, joined((*strange[:TOLD], *rest)), NONE, value=total)
    places = ", ".join(found.folders[:3])
    measured = Text(
        f"tidak ada dalam {found.searched} skrip di {places}", f"none in {found.searched} scripts in {places}"
    )
    return judge(True, measured, NONE, value=0)
