"""The public site as any visitor finds it (standard k): encryption from the first request, headers, cookies, what it serves.

Laws:
- A site that refuses the prober (a WAF's 403, a challenge) has shown nothing: unknown, never passed and never failed.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import CONFIDENTIALITY, DAY, HIGH, HOUR, INTEGRITY, LOW, MEDIUM, check
from checks.facts.browser_headers import BrowserHeaders, Cookies
from checks.facts.exposed_paths import InternalPages, ServedFiles
from checks.facts.home_page import HomePage
from checks.facts.page_answer import TROUBLES
from checks.facts.plain_http import PlainHttp
from checks.text import Text, Words, joined
from checks.verdict import Verdict, judge, unknown

REFUSES = Text("situs menjawab, tetapi menolak prober", "the site answers, but refuses the probe")
RELOAD = Text(
    "Lalu uji dan muat ulang: `nginx -t && systemctl reload nginx`; Apache di Debian/Ubuntu `apachectl configtest && systemctl "
    "reload apache2`, di EL `apachectl configtest && systemctl reload httpd`.",
    "Then test and reload: `nginx -t && systemctl reload nginx`; Apache on Debian/Ubuntu `apachectl configtest && systemctl "
    "reload apache2`, on EL `apachectl configtest && systemctl reload httpd`.",
)


def refuses(how: str) -> Verdict:
    """UNKNOWN: the site answers, but not to the prober."""
    return unknown(Text(f"{REFUSES.id} ({how})", f"{REFUSES.en} ({how})"))


def _header(indonesian: str, english: str) -> Text:
    return Text(f"{indonesian} {RELOAD.id}", f"{english} {RELOAD.en}")


@check(
    "K-TLS-07", severity=MEDIUM, aspect=CONFIDENTIALITY, every=6 * HOUR,
    source="CIS NGINX 1.0.0 4.1.1; Peraturan BSSN 4/2021 Pasal 27 ayat (8) huruf b",
    title=Text("HTTP dialihkan ke HTTPS", "HTTP redirects to HTTPS"),
    why=Text(
        "Alamat yang diketik tanpa https dimulai tanpa enkripsi; kata sandi yang dikirim di sana terbaca di jalan.",
        "An address typed without https begins unencrypted; a password sent there can be read on the way.",
    ),
    remedy=_header(
        "nginx: blok server port 80 hanya berisi `return 301 https://$host$request_uri;`. Apache: VirtualHost port 80 hanya "
        "berisi `Redirect permanent / https://NAMA/`.",
        "nginx: the server block of port 80 holds only `return 301 https://$host$request_uri;`. Apache: the VirtualHost of "
        "port 80 holds only `Redirect permanent / https://NAME/`.",
    ),
)  # fmt: skip
def redirected(http: PlainHttp) -> Verdict:
    expected = Text("dialihkan ke https, atau port tertutup", "redirected to https, or the port is closed")
    if http.trouble == "refused" and not http.scheme:
        return judge(True, Text("port HTTP tertutup", "the HTTP port is closed"), expected)
    if http.scheme == "https" and http.trouble not in {"loop", "inward"}:
        return judge(True, f"-> https://{http.host}", expected)
    if http.trouble:
        return unknown(TROUBLES[http.trouble])
    if http.refusal or http.status >= 500:
        return refuses(http.refusal or str(http.status))
    shown: Words = f"{http.status} -> {http.scheme}://{http.host}" if http.scheme else Text(
        f"menjawab {http.status} tanpa enkripsi", f"answers {http.status} unencrypted"
    )  # fmt: skip
    return judge(False, shown, expected)


@check(
    "K-TLS-08", severity=LOW, aspect=CONFIDENTIALITY, every=DAY,
    source="CIS NGINX 1.0.0 4.1.8; Peraturan BSSN 4/2021 Pasal 27 ayat (8) huruf b",
    title=Text("Header HSTS disetel setengah tahun atau lebih", "The HSTS header is set for half a year or more"),
    why=Text(
        "Tanpa HSTS, penyerang di jaringan Wi-Fi dapat menahan pengunjung pada HTTP sebelum pengalihan ke HTTPS terjadi.",
        "Without HSTS an attacker on a Wi-Fi network can hold visitors on HTTP before the redirect to HTTPS happens.",
    ),
    remedy=_header(
        "nginx: tulis `add_header Strict-Transport-Security \"max-age=31536000\" always;` di blok server 443. Apache "
        "(mod_headers): tulis `Header always set Strict-Transport-Security \"max-age=31536000\"`.",
        "nginx: write `add_header Strict-Transport-Security \"max-age=31536000\" always;` into the server block of 443. Apache "
        "(mod_headers): write `Header always set Strict-Transport-Security \"max-age=31536000\"`.",
    ),
)  # fmt: skip
def hsts(headers: BrowserHeaders, *, seconds: int = 15768000) -> Verdict:
    missing = Text("tidak ada", "none") if headers.secure else Text("tidak ada: bukan HTTPS", "none: not HTTPS")
    measured: Words = missing if headers.hsts is None else f"max-age={headers.hsts}"
    return judge((headers.hsts or 0) >= seconds, measured, f"max-age >= {seconds}", value=headers.hsts)


@check(
    "K-WEB-03", severity=MEDIUM, aspect=INTEGRITY, every=DAY,
    source="CIS NGINX 1.0.0 5.3.1-5.3.5; Peraturan BSSN 4/2021 Pasal 27 ayat (13) huruf e",
    title=Text("Header keamanan peramban disetel", "Browser security headers are set"),
    why=Text(
        "Header ini menyuruh peramban menolak bingkai asing, skrip sisipan, dan tebakan jenis berkas: pertahanan terakhir.",
        "These headers have the browser refuse foreign frames, injected scripts and guessed file types: the user's last defence.",
    ),
    remedy=_header(
        "nginx: `add_header X-Frame-Options SAMEORIGIN always;`, `add_header X-Content-Type-Options nosniff always;`, "
        "`add_header Referrer-Policy strict-origin-when-cross-origin always;`, dan Content-Security-Policy yang diuji dahulu "
        "sebagai Report-Only. Apache: baris yang sama dengan `Header always set`.",
        "nginx: `add_header X-Frame-Options SAMEORIGIN always;`, `add_header X-Content-Type-Options nosniff always;`, "
        "`add_header Referrer-Policy strict-origin-when-cross-origin always;`, and a Content-Security-Policy that is first "
        "tried as Report-Only. Apache: the same lines with `Header always set`.",
    ),
)  # fmt: skip
def security_headers(
    headers: BrowserHeaders, *, weak_referrer: tuple[str, ...] = ("", "unsafe-url", "no-referrer-when-downgrade")
) -> Verdict:
    frames = headers.frames.lower()
    missing = (
        []
        if frames.startswith(("deny", "sameorigin", "frame-ancestors")) and "*" not in frames.split()
        else ["X-Frame-Options"]
    )
    missing += [] if headers.nosniff else ["X-Content-Type-Options: nosniff"]
    missing += [] if headers.policy else ["Content-Security-Policy"]
    last = headers.referrer.split(",")[-1].strip()  # browsers take the last they know
    missing += ["Referrer-Policy"] if last in weak_referrer else []
    lacks = ", ".join(missing)
    measured: Words = Text(f"tidak ada: {lacks}", f"missing: {lacks}") if missing else Text("semua ada", "all there")
    expected = "X-Frame-Options, X-Content-Type-Options, Content-Security-Policy, Referrer-Policy"
    return judge(not missing, measured, expected, value=len(missing))


@check(
    "K-WEB-08", severity=HIGH, aspect=CONFIDENTIALITY, every=6 * HOUR,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (13) huruf c; Pantau default",
    title=Text("Halaman internal SPSE tertutup bagi publik", "SPSE's internal pages are closed to the public"),
    why=Text(
        "/@status dan /metrics membuka versi, pustaka, beban, dan pada mode DEV kata sandi basis data kepada siapa pun.",
        "/@status and /metrics show versions, libraries, load and, in DEV mode, the database password to anyone.",
    ),
    remedy=_header(
        "Tutup di reverse proxy. nginx: `location ~ /(@|metrics) { allow 127.0.0.1; deny all; }`. Apache: "
        "`<LocationMatch \"/(@|metrics)\"> Require ip 127.0.0.1 </LocationMatch>`.",
        "Close them in the reverse proxy. nginx: `location ~ /(@|metrics) { allow 127.0.0.1; deny all; }`. Apache: "
        "`<LocationMatch \"/(@|metrics)\"> Require ip 127.0.0.1 </LocationMatch>`.",
    ),
)  # fmt: skip
def internal_pages(home: HomePage, pages: InternalPages) -> Verdict:
    return _closed(home, pages)


@check(
    "K-WEB-09", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (13) huruf c; Pantau default",
    title=Text(
        "Berkas cadangan, VCS, dan konfigurasi tidak tersaji", "No backup, version control or configuration files are served"
    ),
    why=Text(
        "Salinan basis data atau application.conf yang tertinggal di folder web dicari mesin otomatis dalam hitungan jam.",
        "A database dump or an application.conf left in the web folder is found by automatic scanners within hours.",
    ),
    remedy=_header(
        "Pindahkan berkas itu ke luar DocumentRoot, ganti setiap rahasia yang ada di dalamnya, lalu tolak polanya. nginx: "
        "`location ~ /\\.(git|svn|env)|\\.(sql|bak|backup|conf|gz|zip)$ { deny all; }`. Apache: "
        "`<LocationMatch \"(/\\.(git|svn|env)|\\.(sql|bak|backup|conf|gz|zip)$)\"> Require all denied </LocationMatch>`.",
        "Move the file out of the DocumentRoot, change every secret that was in it, then refuse the pattern. nginx: "
        "`location ~ /\\.(git|svn|env)|\\.(sql|bak|backup|conf|gz|zip)$ { deny all; }`. Apache: "
        "`<LocationMatch \"(/\\.(git|svn|env)|\\.(sql|bak|backup|conf|gz|zip)$)\"> Require all denied </LocationMatch>`.",
    ),
)  # fmt: skip
def served_files(home: HomePage, files: ServedFiles) -> Verdict:
    return _closed(home, files)


def _closed(home: HomePage, paths: InternalPages | ServedFiles) -> Verdict:
    """What is closed to a prober that is refused everywhere may be open to everyone else."""
    asked, expected = paths.asked, Text("tidak satu pun terbuka", "none is open")
    if paths.open:
        named = ", ".join(paths.open[:8])
        return judge(False, Text(f"terbuka: {named}", f"open: {named}"), expected, value=len(paths.open))
    if home.trouble:
        return unknown(TROUBLES[home.trouble])
    if home.refusal:
        return refuses(home.refusal)
    if paths.unclear or not asked:
        named = ", ".join(paths.unclear[:8])
        return unknown(Text(f"jawaban tidak jelas: {named}", f"the answer is not clear: {named}"))
    return judge(True, Text(f"{asked} alamat tertutup", f"{asked} addresses are closed"), expected, value=0)


@check(
    "K-APP-05", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (2) huruf e; Pantau default",
    title=Text(
        "Cookie sesi memakai Secure, HttpOnly, dan SameSite", "The session cookie has Secure, HttpOnly and SameSite"
    ),
    why=Text(
        "Tanpa ketiganya cookie sesi dapat dicuri lewat HTTP atau skrip sisipan, dan orang lain masuk sebagai pengguna itu.",
        "Without them the session cookie can be stolen over HTTP or by an injected script, and someone else is logged in.",
    ),
    remedy=_header(
        "SPSE: `application.session.secure=true` dan `application.session.httpOnly=true` di application.conf, lalu mulai ulang "
        "SPSE. Atau di reverse proxy: nginx `proxy_cookie_flags ~ secure httponly samesite=lax;`, Apache "
        "`Header always edit Set-Cookie ^(.*)$ $1;Secure;HttpOnly;SameSite=Lax`.",
        "SPSE: `application.session.secure=true` and `application.session.httpOnly=true` in application.conf, then restart "
        "SPSE. Or in the reverse proxy: nginx `proxy_cookie_flags ~ secure httponly samesite=lax;`, Apache "
        "`Header always edit Set-Cookie ^(.*)$ $1;Secure;HttpOnly;SameSite=Lax`.",
    ),
)  # fmt: skip
def session_cookies(
    cookies: Cookies, *, names: tuple[str, ...] = ("session", "sessid", "sess_", "_sess", "jsession", "phpsess")
) -> Iterator[Verdict]:
    sessions = [one for one in cookies.cookies if any(name in one.name.lower() for name in names)]
    if not sessions:
        yield unknown(
            Text("halaman depan dan login tidak memberi cookie sesi", "home and login page set no session cookie")
        )
    for one in sessions:
        missing: list[Words] = [] if one.secure else ["Secure"]
        missing += [] if one.http_only else ["HttpOnly"]
        missing += (
            [] if one.same_site in {"lax", "strict"} else [f"SameSite={one.same_site}" if one.same_site else "SameSite"]
        )
        measured: Words = (
            joined([Text("tanpa", "without"), joined(missing, ", ")], " ") if missing else "Secure, HttpOnly, SameSite"
        )
        yield judge(not missing, measured, "Secure, HttpOnly, SameSite=Lax/Strict", subject=one.name)
