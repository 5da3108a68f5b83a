"""The operating system: supported, updated, restarted, and confined by the kernel (standard k)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from checks.check import CONFIDENTIALITY, DAY, HIGH, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.mandatory_access import MandatoryAccess
from checks.facts.os_release import OsRelease
from checks.facts.package_signing import PackageSigning
from checks.facts.reboot import Reboot
from checks.facts.sysctl import Sysctl
from checks.facts.updates import Updates
from checks.security.releases import SUPPORTED_UNTIL
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge, unknown, warned


@check(
    "K-OS-01", severity=HIGH, aspect=INTEGRITY, every=DAY,
    source="Indeks KAMI VI.19; ISO/IEC 27002:2022 8.8; Pantau default",
    title=Text("Rilis sistem operasi masih didukung", "Operating system release is still supported"),
    why=Text(
        "Setelah masa dukungan berakhir, celah yang diumumkan ke publik tidak lagi ditambal di server ini.",
        "Once support has ended, holes that everybody can read about are no longer mended on this server.",
    ),
    remedy=Text(
        "Rencanakan pindah ke rilis yang didukung. Debian/Ubuntu: `do-release-upgrade` (Ubuntu) atau ganti nama rilis di "
        "/etc/apt lalu `apt full-upgrade`. EL 7: migrasi ke AlmaLinux/Rocky 8 atau 9 dengan `leapp`, atau pasang server baru "
        "dan pindahkan SPSE. Cadangkan basis data lebih dahulu.",
        "Plan the move to a supported release. Debian/Ubuntu: `do-release-upgrade` (Ubuntu), or change the release name in "
        "/etc/apt and run `apt full-upgrade`. EL 7: migrate to AlmaLinux/Rocky 8 or 9 with `leapp`, or install a new server "
        "and move SPSE. Back up the database first.",
    ),
)  # fmt: skip
def supported_release(system: OsRelease, now: datetime, *, warn_days: int = 180, also: tuple[str, ...] = ()) -> Verdict:
    name = system.name or f"{system.id} {system.version}"
    end = end_of_support(system, (*SUPPORTED_UNTIL, *also))
    if end is None:
        return unknown(
            Text(
                f"{name}: akhir masa dukungannya tidak ada dalam daftar Pantau",
                f"{name}: Pantau's list does not have its end of support",
            )
        )
    left = (end - now.date()).days
    measured = Text(f"{name}, didukung sampai {end}", f"{name}, supported until {end}")
    expected = Text("masih didukung", "still supported")
    if 0 <= left < warn_days:
        return warned(measured, expected, value=left)
    return judge(left >= 0, measured, expected, value=left)


def end_of_support(system: OsRelease, rows: tuple[str, ...]) -> date | None:
    """The date of the last row that fits; a row for "9" fits 9.4."""
    end = None
    for row in rows:
        distribution, version, day = row.split()
        if system.id == distribution and (system.version == version or system.version.startswith(f"{version}.")):
            end = date.fromisoformat(day)
    return end


@check(
    "K-OS-02", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR,
    # No package manager says since when an update waits. So it fails at once, and is a finding after 14 days in which
    # there never was a survey without waiting updates.
    grace=14 * DAY,
    source="CIS Debian 12 1.1.0 1.2.2.1; CIS RHEL 9 1.0.0 1.9; Pantau default",
    title=Text("Tidak ada pembaruan keamanan tertunda", "No security update is pending"),
    why=Text(
        "Penyerang memakai celah dalam hitungan hari setelah perbaikannya terbit, karena perbaikan itu sendiri "
        "menunjukkan celahnya.",
        "Attackers use a hole within days after its fix appears, because the fix itself shows where it is.",
    ),
    remedy=Text(
        "Di luar jam pemasukan penawaran, karena layanan yang diperbarui dimulai ulang. Debian/Ubuntu: `apt update && "
        "apt upgrade`, dan pasang `unattended-upgrades`. EL: `dnf upgrade --security`, dan aktifkan "
        "`dnf-automatic.timer`.",
        "Outside the hours of bidding, because services that are updated restart. Debian/Ubuntu: `apt update && apt "
        "upgrade`, and install `unattended-upgrades`. EL: `dnf upgrade --security`, and enable `dnf-automatic.timer`.",
    ),
)  # fmt: skip
def security_updates(updates: Updates, now: datetime, *, list_days: int = 14, other_days: int = 16) -> Verdict:
    """Where the distribution rates its advisories, those not rated urgent may wait `other_days` longer."""
    expected = Text("tidak ada yang tertunda", "none pending")
    age = (now - datetime.fromtimestamp(updates.lists_at, UTC)).total_seconds() / DAY
    if not updates.security:
        if age > list_days:
            return unknown(
                Text(
                    f"Daftar paket sudah {age:.0f} hari tidak diperbarui; jalankan `apt update` atau `dnf makecache`",
                    f"The package lists are {age:.0f} days old; run `apt update` or `dnf makecache`",
                )
            )
        return judge(True, Text("0 paket", "0 packages"), expected, value=0)
    names = ", ".join(updates.names) + (", ..." if updates.security > len(updates.names) else "")
    measured: Words = Text(f"{updates.security} paket: {names}", f"{updates.security} packages: {names}")
    if updates.urgent is not None:
        measured = Text(
            f"{updates.security} ({updates.urgent} mendesak): {names}",
            f"{updates.security} ({updates.urgent} urgent): {names}",
        )
    waited = (now - updates.oldest).total_seconds() / DAY if updates.oldest else float("inf")
    if updates.urgent == 0 and waited <= other_days:
        return warned(measured, expected, value=updates.security)
    return judge(False, measured, expected, value=updates.security)


@check(
    "K-OS-04", severity=MEDIUM, aspect=INTEGRITY, every=6 * HOUR, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("Kernel terbaru sudah berjalan", "The newest kernel installed is the one that runs"),
    why=Text(
        "Kernel yang sudah diperbaiki baru melindungi server setelah dipakai; sampai boot ulang, celah lama masih terbuka.",
        "A mended kernel protects only once it runs; until the reboot the old hole stays open.",
    ),
    remedy=Text(
        "Jadwalkan boot ulang di luar jam pemasukan penawaran, umumkan, lalu `systemctl reboot`.",
        "Schedule a reboot outside the hours of bidding, announce it, then `systemctl reboot`.",
    ),
)  # fmt: skip
def reboot_pending(reboot: Reboot, now: datetime, *, days: int = 7) -> Verdict:
    expected = Text(f"paling lama {days} hari tertunda", f"pending for at most {days} days")
    if reboot.since is None:
        return judge(True, f"kernel {reboot.running}", expected, value=0)
    waited = max(0.0, (now - datetime.fromtimestamp(reboot.since, UTC)).total_seconds() / DAY)
    what = f"kernel {reboot.running}" + (f" -> {reboot.newest}" if reboot.newest else "; /run/reboot-required")
    measured = Text(f"{what}, tertunda {waited:.0f} hari", f"{what}, pending for {waited:.0f} days")
    if waited <= days:
        return warned(measured, expected, value=round(waited, 1))
    return judge(False, measured, expected, value=round(waited, 1))


@check(
    "K-OS-05", severity=HIGH, aspect=INTEGRITY, every=DAY,
    source="CIS Debian 12 1.1.0 1.2.1.1; CIS RHEL 9 1.0.0 1.2.2",
    title=Text("Tanda tangan paket wajib diverifikasi", "Package signatures are enforced"),
    why=Text(
        "Tanpa verifikasi, siapa pun di antara server dan repositori dapat menyisipkan program yang dijalankan sebagai root.",
        "Without verification anybody between the server and its repository can slip in programs that run as root.",
    ),
    remedy=Text(
        "Debian/Ubuntu: hapus `trusted=yes`/`Trusted: yes` dan AllowUnauthenticated di /etc/apt, pasang kunci repositori "
        "dengan `signed-by`. EL: tulis `gpgcheck=1` di /etc/dnf/dnf.conf dan di setiap repositori.",
        "Debian/Ubuntu: remove `trusted=yes`/`Trusted: yes` and AllowUnauthenticated from /etc/apt, install the "
        "repository's key with `signed-by`. EL: write `gpgcheck=1` in /etc/dnf/dnf.conf and in every repository.",
    ),
)  # fmt: skip
def signed_packages(signing: PackageSigning) -> Verdict:
    all_signed = Text(f"{signing.sources} sumber, semua diverifikasi", f"{signing.sources} sources, all verified")
    measured: Words = "; ".join(signing.unsigned) or all_signed
    return judge(not signing.unsigned, measured, Text("semua sumber diverifikasi", "all sources are verified"))


@check(
    "K-OS-06", severity=MEDIUM, aspect=INTEGRITY, every=DAY,
    source="CIS Debian 12 1.1.0 1.5.1; CIS RHEL 9 1.0.0 1.5.3",
    title=Text("ASLR aktif", "Address space randomisation is on"),
    why=Text(
        "Alamat memori yang acak membuat satu celah program jauh lebih sulit dijadikan pengambilalihan server.",
        "Random memory addresses make it far harder to turn one program's flaw into control of the server.",
    ),
    remedy=Text(
        "Tulis `kernel.randomize_va_space = 2` di /etc/sysctl.d/60-pantau.conf, lalu `sysctl --system`.",
        "Write `kernel.randomize_va_space = 2` into /etc/sysctl.d/60-pantau.conf, then `sysctl --system`.",
    ),
)  # fmt: skip
def address_randomisation(sysctl: Sysctl) -> Verdict:
    value = sysctl.values.get("kernel.randomize_va_space", "")
    return judge(value == "2", f"kernel.randomize_va_space = {value}", "2")


@check(
    "K-MAC-01", severity=HIGH, aspect=CONFIDENTIALITY, every=HOUR,
    source="CIS RHEL 9 1.0.0 1.6.1.4, 1.6.1.5; CIS Debian 12 1.1.0 1.3.1.1-1.3.1.4",
    title=Text("SELinux/AppArmor enforcing", "SELinux or AppArmor is enforcing"),
    why=Text(
        "Bila layanan web diambil alih, SELinux atau AppArmor menahan penyerang di dalam batas layanan itu. SPSE berjalan "
        "baik dengan SELinux enforcing; mematikannya hanya kebiasaan panduan lama.",
        "When the web service is taken over, SELinux or AppArmor holds the attacker inside that service. SPSE runs well "
        "with SELinux enforcing; switching it off is only a habit of old guides.",
    ),
    remedy=Text(
        "Debian/Ubuntu: `apt install apparmor apparmor-utils`, `aa-enforce` untuk profil yang complain, lalu boot ulang. "
        "EL: tulis `SELINUX=enforcing` di /etc/selinux/config; bila sebelumnya disabled, boot dahulu dengan permissive, "
        "`fixfiles -F onboot`, periksa `ausearch -m avc`, lalu `setenforce 1`.",
        "Debian/Ubuntu: `apt install apparmor apparmor-utils`, `aa-enforce` for profiles that only complain, then reboot. "
        "EL: write `SELINUX=enforcing` in /etc/selinux/config; if it was disabled, first boot permissive, "
        "`fixfiles -F onboot`, look at `ausearch -m avc`, then `setenforce 1`.",
    ),
)  # fmt: skip
def mandatory_access(control: MandatoryAccess) -> Verdict:
    if control.selinux == "enforcing":
        if control.selinux_at_boot not in ("", "enforcing"):
            later = f"SELINUX={control.selinux_at_boot}"
            return warned(f"SELinux enforcing; /etc/selinux/config: {later}", "SELINUX=enforcing")
        return judge(True, "SELinux enforcing", "enforcing")
    if control.apparmor and control.enforcing:
        measured = f"AppArmor: {control.enforcing} enforce, {len(control.complaining)} complain"
        if control.complaining:
            return warned(f"{measured} ({', '.join(control.complaining[:5])})", "0 complain")
        return judge(True, measured, "enforcing")
    apparmor = "0 enforce" if control.apparmor else "disabled"
    return judge(False, f"SELinux {control.selinux}; AppArmor {apparmor}", "enforcing")
