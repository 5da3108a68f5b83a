"""Password rules (standard j)."""

from __future__ import annotations

from checks.check import CONFIDENTIALITY, DAY, MEDIUM, check
from checks.facts.password_policy import PasswordPolicy
from checks.text import Text
from checks.verdict import Verdict, judge


@check(
    "J-ACC-06", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY,
    source="CIS Debian 12 1.1.0 5.3.3.1.1, 5.3.3.2.2, 5.3.3.3.1; Indeks KAMI VI.14, VI.16",
    title=Text("Kata sandi panjang, beragam, dan terkunci bila salah", "Passwords are long and complex, and lock after failures"),
    why=Text(
        "Tanpa batas panjang dan tanpa penguncian, kata sandi lemah ditemukan dengan mencoba terus-menerus.",
        "Without a minimum length and a lockout, weak passwords are found by simply trying on.",
    ),
    remedy=Text(
        "Debian/Ubuntu: `apt install libpam-pwquality`, `minlen = 14` di /etc/security/pwquality.conf, `deny = 5` dan "
        "`unlock_time = 900` di /etc/security/faillock.conf, aktifkan pam_faillock dan `pam_pwhistory.so remember=24` "
        "melalui /usr/share/pam-configs dan `pam-auth-update`. EL: nilai yang sama, lalu `authselect enable-feature "
        "with-faillock` dan `with-pwhistory`, `authselect apply-changes`. Biarkan satu sesi root terbuka sampai login "
        "baru terbukti berhasil: PAM yang salah mengunci semua orang.",
        "Debian/Ubuntu: `apt install libpam-pwquality`, `minlen = 14` in /etc/security/pwquality.conf, `deny = 5` and "
        "`unlock_time = 900` in /etc/security/faillock.conf, enable pam_faillock and `pam_pwhistory.so remember=24` by "
        "/usr/share/pam-configs and `pam-auth-update`. EL: the same values, then `authselect enable-feature "
        "with-faillock` and `with-pwhistory`, `authselect apply-changes`. Keep one root session open until a new login "
        "is proven to work: a mistake in PAM locks everybody out.",
    ),
)  # fmt: skip
def password_rules(
    policy: PasswordPolicy, *, minimum_length: int = 14, minimum_classes: int = 0, remember: int = 24, deny: int = 5
) -> Verdict:
    met = (
        policy.minimum_length >= minimum_length
        and policy.classes >= minimum_classes
        and policy.remember >= remember
        and 0 < policy.deny <= deny
    )
    locks_id = f"terkunci setelah {policy.deny} kali gagal" if policy.deny else "tidak pernah terkunci"
    locks_en = f"locked after {policy.deny} failures" if policy.deny else "never locked"
    measured = Text(
        f"panjang minimal {policy.minimum_length} (minlen), jenis karakter {policy.classes} (minclass), kata sandi lama "
        f"diingat {policy.remember} (remember), {locks_id} (deny)",
        f"minimum length {policy.minimum_length} (minlen), character classes {policy.classes} (minclass), old passwords "
        f"remembered {policy.remember} (remember), {locks_en} (deny)",
    )
    classes = f", minclass >= {minimum_classes}" if minimum_classes else ""
    expected = f"minlen >= {minimum_length}{classes}, remember >= {remember}, deny 1-{deny}"
    return judge(met, measured, expected)
