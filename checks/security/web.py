"""The web server in front of SPSE (standard k): Apache httpd and nginx, as configured.

Laws:
- What an unread part of the configuration could turn round is unknown, neither passed nor failed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from checks.check import CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, INTEGRITY, LOW, MEDIUM, check
from checks.facts.tls_keys import TlsKeys
from checks.facts.web_directives import Served, WebServer
from checks.facts.web_server import WebServers
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge, unknown, warned

NO_WEB = Status.NOT_APPLICABLE
RELOAD = Text(
    "lalu muat ulang. Apache di Debian/Ubuntu: `apachectl configtest && systemctl reload apache2`; Apache di EL: "
    "`apachectl configtest && systemctl reload httpd`; nginx: `nginx -t && systemctl reload nginx`.",
    "then reload. Apache on Debian/Ubuntu: `apachectl configtest && systemctl reload apache2`; Apache on EL: "
    "`apachectl configtest && systemctl reload httpd`; nginx: `nginx -t && systemctl reload nginx`.",
)


def then_reload(indonesian: str, english: str) -> Text:
    """A remedy that ends with checking and reloading the web server."""
    return Text(f"{indonesian}, {RELOAD.id}", f"{english}, {RELOAD.en}")


def judge_server(server: WebServer, met: bool, measured: Words, expected: Words, *, sure: bool = False) -> Verdict:
    """The verdict for one server; unknown where a file that was not read could decide otherwise, unless `sure`."""
    if server.unread and not sure:
        files = ", ".join(server.unread[:3])
        return unknown(
            Text(
                f"Konfigurasi yang disertakan tidak terbaca: {files}", f"Included configuration was not read: {files}"
            ),
            subject=server.product,
        )
    return judge(met, measured, expected, subject=server.product)


@check(
    "K-WEB-01", severity=LOW, aspect=CONFIDENTIALITY, every=DAY, absent=NO_WEB,
    source="CIS Apache 2.4 1.5.0 8.1; CIS NGINX 1.0.0 2.5.1",
    title=Text("Versi server web disembunyikan", "The web server hides its version"),
    why=Text(
        "Nomor versi pada setiap jawaban memberi tahu penyerang celah mana yang patut dicoba lebih dahulu.",
        "A version number in every answer tells an attacker which hole to try first.",
    ),
    remedy=then_reload(
        "Apache: tulis `ServerTokens Prod` di /etc/apache2/conf-enabled/security.conf (Debian/Ubuntu) atau "
        "/etc/httpd/conf.d/pantau.conf (EL). nginx: tulis `server_tokens off;` di blok http",
        "Apache: write `ServerTokens Prod` into /etc/apache2/conf-enabled/security.conf (Debian/Ubuntu) or "
        "/etc/httpd/conf.d/pantau.conf (EL). nginx: write `server_tokens off;` into the http block",
    ),
)  # fmt: skip
def version_hidden(web: WebServers) -> Iterator[Verdict]:
    for server in web.servers:
        option, wanted = ("ServerTokens", "Prod") if server.product == "apache" else ("server_tokens", "off")
        hidden = server.tokens in {"prod", "productonly", "off"}
        measured = f"{option} {server.tokens}"
        if web.header and server.product in web.header.lower():
            measured += f"; Server: {web.header[:80]}"
            hidden = hidden and not re.search(r"\d", web.header)
        yield judge_server(server, hidden, measured, f"{option} {wanted}")


@check(
    "K-WEB-02", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_WEB,
    source="CIS Apache 2.4 1.5.0 2.3-2.8, 5.8; CIS NGINX 1.0.0 2.1.4",
    title=Text(
        "TRACE, daftar direktori, serta modul status dan info nonaktif",
        "TRACE, directory listings and the status and info modules are off",
    ),
    why=Text(
        "Masing-masing membuka isi server yang tidak dibutuhkan SPSE: daftar berkas, konfigurasi, dan permintaan orang lain.",
        "Each shows something SPSE does not need to show: lists of files, the configuration, other people's requests.",
    ),
    remedy=then_reload(
        "Debian/Ubuntu: `a2dismod -f status info autoindex userdir dav`; EL: beri tanda # pada baris LoadModule-nya di "
        "/etc/httpd/conf.modules.d/. Tulis `TraceEnable Off`. nginx: hapus `autoindex on;` dan `stub_status`",
        "Debian/Ubuntu: `a2dismod -f status info autoindex userdir dav`; EL: comment out their LoadModule lines in "
        "/etc/httpd/conf.modules.d/. Write `TraceEnable Off`. nginx: remove `autoindex on;` and `stub_status`",
    ),
)  # fmt: skip
def nothing_extra(
    web: WebServers, *, unwanted: tuple[str, ...] = ("autoindex", "dav", "info", "status", "userdir")
) -> Iterator[Verdict]:
    for server in web.servers:
        found = [f"mod_{name}" if server.product == "apache" else name for name in server.modules if name in unwanted]
        found += ["TraceEnable on"] if server.trace else []
        found += [f"autoindex on ({place})" for place in server.listings if server.product == "nginx"]
        expected = Text("semua nonaktif", "all off")
        yield judge_server(server, not found, ", ".join(found) or expected, expected, sure=bool(found))


@check(
    "K-WEB-06", severity=MEDIUM, aspect=INTEGRITY, every=HOUR, absent=NO_WEB,
    source="CIS NGINX 1.0.0 5.2.4-5.2.5; Peraturan BSSN 4/2021 Pasal 27 ayat (12) huruf g",
    title=Text("Pembatasan laju permintaan aktif", "The rate of requests is limited"),
    why=Text(
        "Tanpa pembatasan, satu alamat dapat menebak kata sandi tanpa henti atau melumpuhkan SPSE menjelang batas waktu.",
        "Without a limit one address can guess passwords without end, or bring SPSE down just before a deadline.",
    ),
    remedy=then_reload(
        "Apache di Debian/Ubuntu: `apt install libapache2-mod-evasive`; Apache di EL (EPEL): `dnf install mod_evasive`. "
        "nginx: `limit_req_zone $binary_remote_addr zone=spse:10m rate=20r/s;` dan `limit_req zone=spse burst=60;`",
        "Apache on Debian/Ubuntu: `apt install libapache2-mod-evasive`; Apache on EL (EPEL): `dnf install mod_evasive`. "
        "nginx: `limit_req_zone $binary_remote_addr zone=spse:10m rate=20r/s;` and `limit_req zone=spse burst=60;`",
    ),
)  # fmt: skip
def rate_limited(web: WebServers) -> Iterator[Verdict]:
    for server in web.servers:
        wanted = "mod_evasive / mod_qos" if server.product == "apache" else "limit_req / limit_conn"
        measured: Words = ", ".join(server.limits) or Text("tidak ada", "none")
        yield judge_server(server, bool(server.limits), measured, wanted, sure=bool(server.limits))


@check(
    "K-WEB-07", severity=CRITICAL, aspect=CONFIDENTIALITY, every=HOUR, absent=NO_WEB,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (11) huruf e; Pantau default",
    title=Text("Penyimpanan dokumen tidak dapat diakses via URL", "The document store is not served by URL"),
    why=Text(
        "Dokumen penawaran yang terjangkau lewat URL dapat diunduh tanpa login; folder aplikasi memuat application.conf. "
        "Panduan pemasangan yang beredar justru menganjurkan `Alias /file_prod`.",
        "Bid documents within reach of a URL can be fetched without a login; the application folder holds "
        "application.conf. The installation guides in circulation recommend just this: `Alias /file_prod`.",
    ),
    remedy=then_reload(
        "Hapus baris Alias, root atau alias yang menunjuk ke folder dokumen atau aplikasi; SPSE sendiri yang menyajikan "
        "dokumen sesudah memeriksa hak",
        "Remove the Alias, root or alias lines that point into the document store or the application; SPSE itself hands "
        "out documents after checking who asks",
    ),
)  # fmt: skip
def documents_not_served(
    web: WebServers, *,
    stores: tuple[str, ...] = ("/home/file", "/home/file_prod", "/home/file_latihan", "/home/appserv", "/export/home/appserv"),
    urls: tuple[str, ...] = ("/file_prod", "/file_latihan"),
) -> Iterator[Verdict]:  # fmt: skip
    for server in web.servers:
        bad = [one for one in server.served if _reaches(one, stores, urls)]
        measured: Words = ", ".join(f"{one.url} -> {one.path}" for one in bad[:5])
        if not bad and server.served_total > len(server.served):
            yield unknown(
                Text("Terlalu banyak Alias untuk diperiksa", "Too many Aliases to look at"), subject=server.product
            )
            continue
        none = Text(
            "tidak ada Alias/root ke folder dokumen atau aplikasi", "no Alias/root into documents or application"
        )
        yield judge_server(server, not bad, measured or none, none, sure=bool(bad))


def _reaches(one: Served, stores: tuple[str, ...], urls: tuple[str, ...]) -> bool:
    """Does this Alias or root lead to, into or above a store? SPSE's own `public` folder may be served."""
    path = posixpath.normpath(one.path) if one.path.startswith("/") else ""
    if path.endswith("/public") or "/public/" in path:
        return False
    below = any(path == store or path.startswith(store + "/") for store in stores)
    above = bool(path) and any(store.startswith(path.rstrip("/") + "/") for store in stores)
    return below or above or any(url in one.url for url in urls)


@check(
    "K-WEB-10", severity=LOW, aspect=INTEGRITY, every=DAY, absent=NO_WEB,
    source="CIS Apache 2.4 1.5.0 9.5-9.6, 10.4; CIS NGINX 1.0.0 5.2.1-5.2.2; Pantau default",
    title=Text("Batas waktu dan ukuran permintaan ditetapkan", "Time and size of requests are limited"),
    why=Text(
        "Tanpa batas, permintaan yang lambat atau sangat besar menghabiskan koneksi; batas yang terlalu kecil menolak "
        "dokumen penawaran yang sah.",
        "Without limits slow or huge requests use up all connections; limits that are too small refuse proper bids.",
    ),
    remedy=then_reload(
        "Apache: aktifkan mod_reqtimeout, tulis `LimitRequestBody 1073741824` dan `ProxyTimeout 600`. nginx: tulis "
        "`client_max_body_size 1g;` dan `proxy_read_timeout 600s;`",
        "Apache: enable mod_reqtimeout, write `LimitRequestBody 1073741824` and `ProxyTimeout 600`. nginx: write "
        "`client_max_body_size 1g;` and `proxy_read_timeout 600s;`",
    ),
)  # fmt: skip
def requests_limited(web: WebServers, *, body: int = 800_000_000, seconds: int = 600) -> Iterator[Verdict]:
    for server in web.servers:
        is_apache = server.product == "apache"
        sizes = {name: _amount(value) for name, value in server.sizes.items()}
        names = ("limitrequestbody", "secrequestbodylimit") if is_apache else ("client_max_body_size",)
        limits = [size for name in names if (size := sizes.get(name, 0)) > 0]
        wait = sizes.get("proxytimeout", sizes.get("timeout", 60)) if is_apache else sizes.get("proxy_read_timeout", 60)
        said = "LimitRequestBody / SecRequestBodyLimit" if is_apache else "client_max_body_size"
        missing = [] if limits else [said]
        missing += ["mod_reqtimeout"] if is_apache and "reqtimeout" not in server.modules else []
        measured = f"body {min(limits) if limits else '-'}; proxy timeout {wait} s"
        expected = f"body >= {body}; proxy timeout >= {seconds} s"
        if missing:
            lacks = ", ".join(missing)
            measured_: Words = Text(f"{measured}; tidak ada: {lacks}", f"{measured}; missing: {lacks}")
            yield judge_server(server, False, measured_, expected)
        elif server.proxies and (min(limits) < body or wait < seconds) and not server.unread:
            yield warned(measured, expected, subject=server.product)
        else:
            yield judge_server(server, True, measured, expected)


def _amount(value: str) -> int:
    """A size or time as configured, in bytes or seconds; 0 if it says nothing."""
    match = re.match(r"(\d+)\s*([kmgsh]?)", value.lower())
    factor = {"k": 1 << 10, "m": 60 if "s" in value else 1 << 20, "g": 1 << 30, "h": 3600}
    return int(match[1]) * factor.get(match[2], 1) if match else 0


@check(
    "K-TLS-06", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="CIS NGINX 1.0.0 4.1.3",
    title=Text("Kunci privat TLS terlindung", "TLS private keys are protected"),
    why=Text(
        "Siapa pun yang dapat membaca kunci privat dapat menyamar sebagai situs LPSE Anda.",
        "Whoever can read the private key can pose as your LPSE.",
    ),
    remedy=Text("`chown root:root BERKAS && chmod 600 BERKAS`", "`chown root:root FILE && chmod 600 FILE`"),
)  # fmt: skip
def key_files(keys: TlsKeys, *, maximum: int = 0o600) -> Iterator[Verdict]:
    for key in keys.files:
        if key.kind == "link":
            reason = Text(
                "Tautan simbolik; sasarannya tidak diperiksa", "A symbolic link; what it leads to was not looked at"
            )
            yield unknown(reason, subject=key.path)
            continue
        measured = f"{key.mode:04o} {key.uid}:{key.gid}"
        yield judge(not key.mode & ~maximum and key.uid == 0, measured, f"<= {maximum:04o} root", subject=key.path)
