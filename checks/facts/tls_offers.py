"""Obsolete TLS that the public site still accepts: protocol versions and cipher suites.

Law: a refusal counts only beside a handshake that succeeds: where nothing is accepted nothing was learnt.
"""

from __future__ import annotations

from checks.fact import Fact, reads
from checks.outside import Handshake, Hello, Offered, Tls

NAMES = {0x0300: "SSLv3", 0x0301: "TLSv1.0", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2"}
# Suites that servers of SSL 3.0 to TLS 1.1 know: AES and 3DES in CBC mode with ECDSA, RSA and DHE, then RC4.
OLD_SUITES = (
    0xC014, 0xC00A, 0xC013, 0xC009, 0x0039, 0x0033, 0x0035, 0x002F, 0xC012, 0xC008, 0x0016, 0x000A, 0xC011, 0xC007, 0x0005, 0x0004,
)  # fmt: skip
WEAK = {  # numbers and names of the IANA registry of TLS cipher suites
    0xC011: "ECDHE_RSA_WITH_RC4_128_SHA", 0xC007: "ECDHE_ECDSA_WITH_RC4_128_SHA", 0x0005: "RSA_WITH_RC4_128_SHA",
    0x0004: "RSA_WITH_RC4_128_MD5", 0xC012: "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", 0xC008: "ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
    0x0016: "DHE_RSA_WITH_3DES_EDE_CBC_SHA", 0x000A: "RSA_WITH_3DES_EDE_CBC_SHA", 0x0015: "DHE_RSA_WITH_DES_CBC_SHA",
    0x0009: "RSA_WITH_DES_CBC_SHA", 0x0014: "DHE_RSA_EXPORT_WITH_DES40_CBC_SHA", 0x0008: "RSA_EXPORT_WITH_DES40_CBC_SHA",
    0x0006: "RSA_EXPORT_WITH_RC2_CBC_40_MD5", 0x0003: "RSA_EXPORT_WITH_RC4_40_MD5", 0x003B: "RSA_WITH_NULL_SHA256",
    0x0002: "RSA_WITH_NULL_SHA", 0x0001: "RSA_WITH_NULL_MD5", 0xC010: "ECDHE_RSA_WITH_NULL_SHA",
    0xC006: "ECDHE_ECDSA_WITH_NULL_SHA", 0x0034: "DH_anon_WITH_AES_128_CBC_SHA", 0x003A: "DH_anon_WITH_AES_256_CBC_SHA",
    0x006C: "DH_anon_WITH_AES_128_CBC_SHA256", 0x00A6: "DH_anon_WITH_AES_128_GCM_SHA256",
    0x00A7: "DH_anon_WITH_AES_256_GCM_SHA384", 0xC018: "ECDH_anon_WITH_AES_128_CBC_SHA",
    0xC019: "ECDH_anon_WITH_AES_256_CBC_SHA", 0xC016: "ECDH_anon_WITH_RC4_128_SHA", 0x0018: "DH_anon_WITH_RC4_128_MD5",
    0x001B: "DH_anon_WITH_3DES_EDE_CBC_SHA",
}  # fmt: skip


class TlsVersions(Fact, frozen=True):
    """`modern` is what a browser of today gets; `obsolete` of SSLv3, TLSv1.0 and TLSv1.1 what the server accepts too.

    Absent: nobody answers TLS there.
    """

    modern: str
    obsolete: tuple[str, ...]


class WeakCiphers(Fact, frozen=True):
    """`modern` is the cipher that a browser of today gets; `accepted` the suite that the server chose when only weak ones were
    offered (RC4, 3DES, DES, EXPORT, NULL, anonymous), with its protocol version; empty: none. Absent: as TlsVersions.
    """

    modern: str
    accepted: str


@reads(Tls(), Hello(0x0300, OLD_SUITES), Hello(0x0301, OLD_SUITES), Hello(0x0302, OLD_SUITES))
def versions(modern: Handshake, ssl3: Offered, tls10: Offered, tls11: Offered) -> TlsVersions:
    asked = ((0x0300, ssl3), (0x0301, tls10), (0x0302, tls11))
    accepted = {NAMES[one.version] for _, one in asked if 0x0300 <= one.version <= 0x0302}
    return TlsVersions(modern.version, tuple(name for name in NAMES.values() if name in accepted))


@reads(Tls(), Hello(0x0303, tuple(WEAK)))
def ciphers(modern: Handshake, weak: Offered) -> WeakCiphers:
    """A server that answers with a suite nobody offered speaks no TLS that can be judged; it is told as it is."""
    if not weak.version:
        return WeakCiphers(modern.cipher, "")
    name = WEAK.get(weak.suite, f"{weak.suite:#06x}")
    return WeakCiphers(modern.cipher, f"{NAMES.get(weak.version, f'{weak.version:#06x}')} {name}")
