"""The operating system, hardened further (standard k): updates in fact made, core dumps, boot loader, partitions."""

from __future__ import annotations

from datetime import datetime

from checks.check import AVAILABILITY, CONFIDENTIALITY, DAY, INTEGRITY, LOW, MEDIUM, check
from checks.facts.boot_loader import BootLoader
from checks.facts.core_dumps import CoreDumps
from checks.facts.mounts import Mounts
from checks.facts.package_changes import PackageChanges
from checks.text import Text, Words, joined
from checks.verdict import Status, Verdict, judge


@check(
    "K-OS-03", severity=MEDIUM, aspect=INTEGRITY, every=DAY,
    source="CIS Debian 12 1.1.0 1.2.2.1; Pantau default (30 days)",
    title=Text("Paket diperbarui paling sedikit sebulan sekali", "Packages are updated at least once a month"),
    why=Text(
        "Perbaikan keamanan terbit setiap minggu; server yang sebulan tidak berubah adalah server yang tidak ditambal.",
        "Security fixes come out every week; a server on which nothing changed for a month is one that nobody patches.",
    ),
    remedy=Text(
        "Di luar jam pemasukan penawaran. Debian/Ubuntu: `apt update && apt upgrade`, lalu `apt install "
        "unattended-upgrades`. EL: `dnf upgrade`, lalu `systemctl enable --now dnf-automatic.timer`.",
        "Outside the hours of bidding. Debian/Ubuntu: `apt update && apt upgrade`, then `apt install "
        "unattended-upgrades`. EL: `dnf upgrade`, then `systemctl enable --now dnf-automatic.timer`.",
    ),
)  # fmt: skip
def updated_lately(changes: PackageChanges, now: datetime, *, days: int = 30) -> Verdict:
    expected = Text(f"<= {days} hari", f"<= {days} days")
    if not changes.days:
        return judge(False, Text("tidak ada perubahan paket dalam log", "no change of a package in the log"), expected)
    newest = max(one.day for one in changes.days)
    age = max(0, (now.date() - newest).days)
    measured = Text(
        f"perubahan paket terakhir {newest}, {age} hari lalu", f"packages last changed {newest}, {age} days ago"
    )
    return judge(age <= days, measured, expected, value=age)


@check(
    "K-OS-07", severity=LOW, aspect=CONFIDENTIALITY, every=DAY, source="CIS Debian 12 1.1.0 1.5.3",
    title=Text("Core dump dibatasi", "Core dumps are restricted"),
    why=Text(
        "Core dump berisi seluruh memori program yang mati: kata sandi, sesi, dan dokumen yang sedang diproses.",
        "A core dump holds all the memory of a program that crashed: passwords, sessions, documents in work.",
    ),
    remedy=Text(
        "Tulis `* hard core 0` di /etc/security/limits.d/60-pantau.conf dan `fs.suid_dumpable = 0` di "
        "/etc/sysctl.d/60-pantau.conf, lalu `sysctl --system`. Bila systemd-coredump terpasang, tulis `Storage=none` di "
        "bagian [Coredump] pada /etc/systemd/coredump.conf.d/60-pantau.conf.",
        "Write `* hard core 0` into /etc/security/limits.d/60-pantau.conf and `fs.suid_dumpable = 0` into "
        "/etc/sysctl.d/60-pantau.conf, then `sysctl --system`. If systemd-coredump is installed, write `Storage=none` into "
        "the section [Coredump] of /etc/systemd/coredump.conf.d/60-pantau.conf.",
    ),
)  # fmt: skip
def core_dumps_restricted(dumps: CoreDumps) -> Verdict:
    storage = f"; coredump Storage={dumps.storage}" if dumps.storage else ""
    measured = f"fs.suid_dumpable = {dumps.suid_dumpable}; * hard core {dumps.hard_limit or '-'}{storage}"
    met = dumps.suid_dumpable == 0 and dumps.hard_limit == "0" and dumps.storage in {"", "none"}
    return judge(met, measured, "fs.suid_dumpable = 0; * hard core 0; Storage=none")


@check(
    "K-OS-08", severity=LOW, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="CIS Debian 12 1.1.0 1.4.1, 1.4.2; CIS RHEL 9 1.0.0 1.4.1",
    title=Text("Boot loader dilindungi", "The boot loader is protected"),
    why=Text(
        "Siapa pun di depan konsol, juga konsol VM, dapat menyunting menu GRUB dan masuk sebagai root tanpa kata sandi.",
        "Anyone at the console, that of a VM too, can edit GRUB's menu and be root without a password.",
    ),
    remedy=Text(
        "Pastikan Anda dapat mencapai konsol. Debian/Ubuntu: `grub-mkpasswd-pbkdf2`, tulis `set superusers=\"admin\"` dan "
        "`password_pbkdf2 admin HASH` di /etc/grub.d/40_custom, tambahkan `--unrestricted` pada CLASS di /etc/grub.d/10_linux "
        "agar boot biasa tidak menanyakannya, lalu `update-grub && chmod 600 /boot/grub/grub.cfg`. EL: `grub2-setpassword`, "
        "`chmod 600 /boot/grub2/grub.cfg`.",
        "Make sure you can reach the console. Debian/Ubuntu: `grub-mkpasswd-pbkdf2`, write `set superusers=\"admin\"` and "
        "`password_pbkdf2 admin HASH` into /etc/grub.d/40_custom, add `--unrestricted` to CLASS in /etc/grub.d/10_linux so "
        "that an ordinary boot does not ask, then `update-grub && chmod 600 /boot/grub/grub.cfg`. EL: `grub2-setpassword`, "
        "`chmod 600 /boot/grub2/grub.cfg`.",
    ),
)  # fmt: skip
def boot_loader_protected(loader: BootLoader, *, maximum: int = 0o600) -> Verdict:
    loose = [f"{one.path} {one.mode:04o} uid {one.uid}" for one in loader.files if one.mode & ~maximum or one.uid]
    guarded = loader.superusers and loader.password
    password: Words = Text("kata sandi ada", "password set") if guarded else Text("tanpa kata sandi", "no password")
    tight = [f"{one.path} {one.mode:04o}" for one in loader.files]
    expected = Text(f"<= {maximum:04o} root, dengan kata sandi", f"<= {maximum:04o} root, with a password")
    return judge(guarded and not loose, joined((*(loose or tight), password)), expected)


@check(
    "K-FS-02", severity=LOW, aspect=AVAILABILITY, every=DAY,
    source="CIS Debian 12 1.1.0 1.1.2.3.1, 1.1.2.4.1, 1.1.2.6.1",
    title=Text("/home, /var, dan /var/log di sistem berkas sendiri", "/home, /var and /var/log are on file systems of their own"),
    why=Text(
        "Dokumen atau log yang memenuhi disk ikut menghentikan basis data dan sistem operasi bila semuanya berbagi satu tempat.",
        "Documents or logs that fill the disk stop database and operating system too where all share one place.",
    ),
    remedy=Text(
        "Rencanakan saat memasang ulang atau menambah disk: buat volume (`lvcreate -L 50G -n var VG`, `mkfs.xfs /dev/VG/var`), "
        "salin isinya saat layanan berhenti (`rsync -aHAX /var/ /mnt/`), daftarkan di /etc/fstab, lalu boot ulang. Cadangkan "
        "dahulu.",
        "Plan it with a new installation or disk: make a volume (`lvcreate -L 50G -n var VG`, `mkfs.xfs /dev/VG/var`), copy the "
        "contents while services are stopped (`rsync -aHAX /var/ /mnt/`), enter it in /etc/fstab, then reboot. Back up first.",
    ),
)  # fmt: skip
def own_file_systems(mounts: Mounts, *, paths: tuple[str, ...] = ("/home", "/var", "/var/log")) -> Verdict:
    lacking = [path for path in paths if path not in mounts.mounts]
    told = ", ".join(lacking)
    measured = (
        Text(f"bukan sistem berkas sendiri: {told}", f"no file system of its own: {told}")
        if lacking
        else ", ".join(paths)
    )
    return judge(not lacking, measured, ", ".join(paths), value=len(lacking))
