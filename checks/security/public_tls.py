"""TLS of the public site as any browser finds it (standard k): the certificate, protocol versions, ciphers."""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.check import CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, MEDIUM, check
from checks.facts.public_certificate import PublicCertificate
from checks.facts.tls_offers import TlsVersions, WeakCiphers
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge, warned

NO_TLS = Status.NOT_APPLICABLE  # that there is none fails K-TLS-04
PROTOCOLS = Text(
    "nginx: tulis `ssl_protocols TLSv1.2 TLSv1.3;`. Apache: tulis `SSLProtocol -all +TLSv1.2 +TLSv1.3`. Lalu uji dan muat "
    "ulang: `nginx -t && systemctl reload nginx`; Apache di Debian/Ubuntu `apachectl configtest && systemctl reload apache2`, "
    "di EL `apachectl configtest && systemctl reload httpd`. Bila TLS berakhir di perangkat lain (WAF, load balancer), ubah "
    "di sana.",
    "nginx: write `ssl_protocols TLSv1.2 TLSv1.3;`. Apache: write `SSLProtocol -all +TLSv1.2 +TLSv1.3`. Then test and "
    "reload: `nginx -t && systemctl reload nginx`; Apache on Debian/Ubuntu `apachectl configtest && systemctl reload apache2`, "
    "on EL `apachectl configtest && systemctl reload httpd`. If TLS ends at another device (WAF, load balancer), change it "
    "there.",
)
RENEW = Text(
    "Perpanjang sertifikat sebelum berakhir. Dengan Let's Encrypt: `certbot renew`, dan periksa penjadwalnya dengan "
    "`systemctl list-timers certbot.timer` (Debian/Ubuntu) atau `systemctl list-timers certbot-renew.timer` (EL). Sertifikat "
    "beli: pasang berkas baru beserta rantainya, lalu muat ulang server web.",
    "Renew the certificate before it ends. With Let's Encrypt: `certbot renew`, and look at its schedule with "
    "`systemctl list-timers certbot.timer` (Debian/Ubuntu) or `systemctl list-timers certbot-renew.timer` (EL). A bought one: "
    "install the new file with its chain, then reload the web server.",
)


@check(
    "K-TLS-01", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY, absent=NO_TLS,
    source="CIS NGINX 1.0.0 4.1.4; Peraturan BSSN 4/2021 Pasal 27 ayat (8) huruf c",
    title=Text("Situs publik hanya menawarkan TLS 1.2 dan 1.3", "The public site offers only TLS 1.2 and 1.3"),
    why=Text(
        "SSL 3.0, TLS 1.0, dan TLS 1.1 dapat dipaksa turun dan dibaca; peramban sudah tidak membutuhkannya.",
        "SSL 3.0, TLS 1.0 and TLS 1.1 can be forced upon a connection and read; no browser needs them any more.",
    ),
    remedy=PROTOCOLS,
)  # fmt: skip
def protocols(tls: TlsVersions, *, wanted: tuple[str, ...] = ("TLSv1.2", "TLSv1.3")) -> Verdict:
    offered = [*tls.obsolete, tls.modern]
    met = not tls.obsolete and tls.modern in wanted
    return judge(met, ", ".join(offered), _only(wanted))


def _only(wanted: tuple[str, ...]) -> Text:
    names = ", ".join(wanted)
    return Text(f"hanya {names}", f"only {names}")


@check(
    "K-TLS-02", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY, absent=NO_TLS,
    source="CIS NGINX 1.0.0 4.1.5; Peraturan BSSN 4/2021 Pasal 27 ayat (8) huruf c",
    title=Text("Situs publik menolak cipher lemah", "The public site refuses weak cipher suites"),
    why=Text(
        "RC4, 3DES, NULL, dan cipher ekspor dapat dipecahkan; penyerang di tengah jalan memilihkan cipher itu bagi pengunjung.",
        "RC4, 3DES, NULL and export suites can be broken; an attacker on the road picks them for the visitor.",
    ),
    remedy=Text(
        "nginx: tulis `ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM;`. Apache: tulis "
        "`SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM`. Lalu uji konfigurasi dan muat ulang server web.",
        "nginx: write `ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM;`. Apache: write "
        "`SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM`. Then test the configuration and reload the web server.",
    ),
)  # fmt: skip
def ciphers(tls: WeakCiphers) -> Verdict:
    refused = Text(
        f"menolak RC4, 3DES, DES, EXPORT, NULL, anonim; dipakai {tls.modern}",
        f"refuses RC4, 3DES, DES, EXPORT, NULL, anonymous; uses {tls.modern}",
    )
    accepted = Text(f"menerima {tls.accepted}", f"accepts {tls.accepted}")
    expected = Text("tidak satu pun diterima", "none is accepted")
    return judge(not tls.accepted and bool(tls.modern), accepted if tls.accepted else refused, expected)


@check(
    "K-TLS-03", severity=CRITICAL, aspect=CONFIDENTIALITY, every=6 * HOUR, absent=NO_TLS,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (8) huruf d; Pantau default",
    title=Text("Sertifikat TLS situs publik masih lama berlaku", "The public site's TLS certificate is valid for long enough"),
    why=Text(
        "Begitu sertifikat berakhir, peramban menolak situs ini dan penyedia tidak dapat memasukkan penawaran.",
        "The moment a certificate ends browsers refuse the site, and bidders cannot hand in their bids.",
    ),
    remedy=RENEW,
)  # fmt: skip
def expiry(certificate: PublicCertificate, now: datetime, *, warn_days: int = 30, fail_days: int = 7) -> Verdict:
    end = min(certificate.not_after, certificate.chain_end)
    left = (end - now) / timedelta(days=1)
    expected = Text(f"lebih dari {fail_days} hari", f"more than {fail_days} days")
    if certificate.not_before > now:
        begins = f"{certificate.not_before:%Y-%m-%d}"
        return judge(
            False, Text(f"baru berlaku mulai {begins}", f"valid only from {begins}"), expected, value=round(left, 1)
        )
    day, whose = f"{end:%Y-%m-%d}", "" if end == certificate.not_after else " (CA)"
    measured: Words = Text(f"berakhir {day}{whose}, {left:.0f} hari lagi", f"ends {day}{whose}, in {left:.0f} days")
    if left <= 0:
        measured = Text(f"berakhir {day}{whose}", f"ended {day}{whose}")
    if fail_days < left <= warn_days:
        return warned(measured, expected, value=round(left, 1))
    return judge(left > fail_days, measured, expected, value=round(left, 1))


@check(
    "K-TLS-04", severity=HIGH, aspect=CONFIDENTIALITY, every=6 * HOUR, absent=Status.FAIL,
    source="CIS NGINX 1.0.0 4.1.2; Peraturan BSSN 4/2021 Pasal 27 ayat (8) huruf d",
    title=Text(
        "Sertifikat situs publik tepercaya dan namanya cocok", "The public site's certificate is trusted and its name matches"
    ),
    why=Text(
        "Dengan sertifikat buatan sendiri pengunjung terbiasa mengabaikan peringatan, dan situs tiruan tidak terbedakan.",
        "With a self-signed certificate visitors learn to ignore the warning, and a forged site looks the same.",
    ),
    remedy=Text(
        "Pasang sertifikat dari otoritas tepercaya untuk nama publik ini beserta rantainya (`fullchain.pem`): "
        "`certbot --nginx -d NAMA` atau `certbot --apache -d NAMA`, lalu periksa dengan "
        "`openssl s_client -connect NAMA:443 -servername NAMA -verify_return_error`.",
        "Install a certificate of a trusted authority for this public name, with its chain (`fullchain.pem`): "
        "`certbot --nginx -d NAME` or `certbot --apache -d NAME`, then look with "
        "`openssl s_client -connect NAME:443 -servername NAME -verify_return_error`.",
    ),
)  # fmt: skip
def trusted(certificate: PublicCertificate) -> Verdict:
    names = ", ".join(certificate.names[:3]) or certificate.subject
    issuer = certificate.issuer
    own = certificate.self_signed
    by = Text("ditandatangani sendiri", "self-signed") if own else Text(f"dari {issuer}", f"by {issuer}")
    problem = f": {certificate.problem}" if certificate.problem else ""
    measured = Text(f"{names}, {by.id}{problem}", f"{names}, {by.en}{problem}")
    expected = Text("rantai tepercaya, nama cocok, berlaku", "a trusted chain, a name that matches, in force")
    return judge(not certificate.problem, measured, expected)


@check(
    "K-TLS-05", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_TLS,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (5) huruf a; Pantau default",
    title=Text(
        "Kunci dan tanda tangan sertifikat publik cukup kuat", "The public certificate has a strong key and signature"
    ),
    why=Text(
        "Kunci RSA di bawah 2048 bit dan tanda tangan SHA-1 atau MD5 dapat dipalsukan; peramban menolaknya.",
        "RSA keys below 2048 bits and signatures with SHA-1 or MD5 can be forged; browsers refuse them.",
    ),
    remedy=Text(
        "Buat kunci dan permintaan baru, lalu minta sertifikat baru: "
        "`openssl req -new -newkey rsa:3072 -nodes -keyout situs.key -out situs.csr -sha256`.",
        "Make a new key and request, and have a new certificate issued: "
        "`openssl req -new -newkey rsa:3072 -nodes -keyout site.key -out site.csr -sha256`.",
    ),
)  # fmt: skip
def strength(
    certificate: PublicCertificate, *, rsa: int = 2048, curve: int = 256,
    hashes: tuple[str, ...] = ("sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512", "ed25519", "ed448"),
) -> Verdict:  # fmt: skip
    least = {"RSA": rsa, "EC": curve, "Ed25519": 0, "Ed448": 0}.get(certificate.kind)
    met = least is not None and certificate.bits >= least and certificate.signature in hashes
    measured = f"{certificate.kind} {certificate.bits} bit, {certificate.signature}"
    return judge(met, measured, f"RSA >= {rsa} / EC >= {curve}, SHA-256+", value=certificate.bits)
