from __future__ import annotations

from checks.facts.tls_offers import NAMES, OLD_SUITES, WEAK, ciphers, versions
from checks.outside import Handshake, Offered

MODERN = Handshake("TLSv1.3", "TLS_AES_256_GCM_SHA384", "", ())
NO = Offered(refusal="alert 70")


def test_only_what_the_server_itself_chose_counts_as_offered() -> None:
    assert versions(MODERN, NO, NO, NO).obsolete == ()
    assert versions(MODERN, NO, Offered(0x0301, 0x2F), Offered(0x0302, 0x2F)).obsolete == ("TLSv1.0", "TLSv1.1")
    assert versions(MODERN, Offered(0x0300, 4), NO, Offered(0x0301, 0x2F)).obsolete == ("SSLv3", "TLSv1.0")


def test_the_weak_suite_that_was_chosen_is_named() -> None:
    assert ciphers(MODERN, NO).accepted == ""
    assert ciphers(MODERN, Offered(0x0303, 0x000A)).accepted == "TLSv1.2 RSA_WITH_3DES_EDE_CBC_SHA"
    assert ciphers(MODERN, Offered(0x0303, 0x1234)).accepted == "TLSv1.2 0x1234"


def test_no_suite_of_today_is_called_weak() -> None:
    assert not [
        name for name in WEAK.values() if not any(w in name for w in ("RC4", "RC2", "DES", "NULL", "anon", "EXPORT"))
    ]
    assert len(set(OLD_SUITES)) == len(OLD_SUITES)
    assert list(NAMES) == sorted(NAMES)
