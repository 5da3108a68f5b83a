"""Files and file systems: mounts, permissions of account files, files that anybody may change (standard k)."""

# ruff: noqa: S108 - /tmp is what is judged here

from __future__ import annotations

from collections.abc import Iterator

from checks.baseline import drift
from checks.check import CONFIDENTIALITY, DAY, HIGH, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.account_files import AccountFiles
from checks.facts.mounts import Mounts
from checks.facts.suid_files import ApprovedSuidFiles, SuidFiles
from checks.facts.world_writable import WorldWritable
from checks.security.approval import look_then_approve
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge


@check(
    "K-FS-01", severity=MEDIUM, aspect=INTEGRITY, every=DAY,
    source="CIS Debian 12 1.1.0 1.1.2.1.2-1.1.2.1.4",
    title=Text("/tmp dipasang nodev,nosuid,noexec", "/tmp is mounted nodev,nosuid,noexec"),
    why=Text(
        "/tmp dapat ditulisi siapa saja, termasuk layanan web; dengan opsi ini program yang ditaruh penyerang di sana "
        "tidak dapat dijalankan.",
        "Anybody may write to /tmp, the web service included; with these options a program put there cannot be run.",
    ),
    remedy=Text(
        "`systemctl enable tmp.mount` (Debian/Ubuntu: salin dahulu dari /usr/share/systemd/tmp.mount ke /etc/systemd/system), "
        "dengan `Options=mode=1777,strictatime,nosuid,nodev,noexec`; atau baris `tmpfs /tmp tmpfs "
        "mode=1777,nodev,nosuid,noexec 0 0` di /etc/fstab. Lalu boot ulang di luar jam layanan: memasangnya sekarang "
        "menyembunyikan berkas dan soket yang sedang dipakai. Bila SPSE memerlukan /tmp yang executable, arahkan "
        "`-Djava.io.tmpdir` ke tempat lain.",
        "`systemctl enable tmp.mount` (Debian/Ubuntu: first copy it from /usr/share/systemd/tmp.mount to /etc/systemd/system), "
        "with `Options=mode=1777,strictatime,nosuid,nodev,noexec`; or the line `tmpfs /tmp tmpfs "
        "mode=1777,nodev,nosuid,noexec 0 0` in /etc/fstab. Then reboot outside service hours: mounting it now hides "
        "files and sockets that are in use. If SPSE needs an executable /tmp, point `-Djava.io.tmpdir` elsewhere.",
    ),
)  # fmt: skip
def tmp_options(mounts: Mounts, *, options: tuple[str, ...] = ("nodev", "nosuid", "noexec")) -> Verdict:
    tmp = mounts.mounts.get("/tmp")
    expected = f"/tmp: {','.join(options)}"
    if tmp is None:
        return judge(False, Text("/tmp bukan sistem berkas tersendiri", "/tmp is no file system of its own"), expected)
    lacking = [option for option in options if option not in tmp.options]
    present = [option for option in options if option in tmp.options]
    return judge(not lacking, f"/tmp {tmp.kind}: {','.join(present) or '-'}", expected)


@check(
    "K-FS-03", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY,
    source="CIS Debian 12 1.1.0 7.1.1-7.1.8",
    title=Text("Berkas akun sistem terlindung", "Account files are protected"),
    why=Text(
        "Siapa yang dapat menulis /etc/passwd dapat menjadi root; siapa yang dapat membaca /etc/shadow dapat menebak semua "
        "kata sandi.",
        "Whoever can write /etc/passwd can become root; whoever can read /etc/shadow can guess every password offline.",
    ),
    remedy=Text(
        "`chown root:root /etc/passwd /etc/group && chmod 0644 /etc/passwd /etc/group`. Debian/Ubuntu: "
        "`chown root:shadow /etc/shadow /etc/gshadow && chmod 0640 /etc/shadow /etc/gshadow`. EL: "
        "`chown root:root /etc/shadow /etc/gshadow && chmod 0000 /etc/shadow /etc/gshadow`. Sama untuk berkas "
        "cadangan (akhiran -).",
        "`chown root:root /etc/passwd /etc/group && chmod 0644 /etc/passwd /etc/group`. Debian/Ubuntu: "
        "`chown root:shadow /etc/shadow /etc/gshadow && chmod 0640 /etc/shadow /etc/gshadow`. EL: "
        "`chown root:root /etc/shadow /etc/gshadow && chmod 0000 /etc/shadow /etc/gshadow`. The same for the backups (with -).",
    ),
)  # fmt: skip
def account_files(accounts: AccountFiles) -> Iterator[Verdict]:
    for file in accounts.files:
        if "shadow" in file.path:
            met, expected = file.within(0o640, ("root", "shadow")), "<= 0640 root:shadow"
        else:
            met, expected = file.within(0o644, ("root",)), "<= 0644 root:root"
        yield judge(met, file.words, expected, subject=file.path)


@check(
    "K-FS-04", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR, absent=Status.NOT_APPLICABLE,
    source="CIS Debian 12 1.1.0 7.1.11",
    title=Text("Tidak ada berkas world-writable pada direktori SPSE/web", "No world-writable files in SPSE and web directories"),
    why=Text(
        "Berkas yang dapat ditulisi semua akun dapat diganti oleh layanan mana pun yang diambil alih, tanpa perlu menjadi root.",
        "A file that every account may write can be replaced through any service that is taken over, without becoming root.",
    ),
    remedy=Text(
        "Pastikan dahulu pemiliknya akun yang menjalankan SPSE (`chown -R`), jika tidak unggahan akan gagal; lalu `find "
        "/home/appserv /home/file /var/www -perm -0002 ! -type l -exec chmod o-w {} +`. Jangan memakai `chmod 777`.",
        "First make sure they belong to the account that runs SPSE (`chown -R`), or uploads will fail; then `find "
        "/home/appserv /home/file /var/www -perm -0002 ! -type l -exec chmod o-w {} +`. Never use `chmod 777`.",
    ),
)  # fmt: skip
def world_writable(found: WorldWritable) -> Verdict:
    total = found.files + found.directories
    measured: Words = Text(f"tidak ada di {', '.join(found.paths)}", f"none in {', '.join(found.paths)}")
    if total:
        where = ", ".join(found.where)
        measured = Text(
            f"{found.files} berkas, {found.directories} direktori; antara lain di {where}",
            f"{found.files} files, {found.directories} directories; among others in {where}",
        )
    return judge(not total, measured, "0", value=total)


@check(
    "K-FS-05", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR, source="CIS Debian 12 1.1.0 7.1.13",
    title=Text("Biner SUID/SGID hanya yang disetujui", "Only approved files are setuid or setgid"),
    why=Text(
        "Salinan shell dengan bit SUID, atau sudo yang diganti, menjadikan akun mana pun root kapan saja; itulah cara lama "
        "penyusup menyimpan haknya.",
        "A copy of a shell with the setuid bit, or a replaced sudo, makes any account root at any time; it is an old way for "
        "intruders to keep what they won.",
    ),
    remedy=look_then_approve(
        "Cari asalnya: `dpkg -S BERKAS` lalu `dpkg -V PAKET` (Debian/Ubuntu), atau `rpm -qf BERKAS` lalu `rpm -V PAKET` (EL). "
        "Yang tidak dikenal: simpan salinannya sebagai bukti, lalu `chmod ug-s BERKAS`, dan perlakukan sebagai insiden.",
        "See where it comes from: `dpkg -S FILE` then `dpkg -V PACKAGE` (Debian/Ubuntu), or `rpm -qf FILE` then `rpm -V "
        "PACKAGE` (EL). What nobody knows: keep a copy as evidence, then `chmod ug-s FILE`, and treat it as an incident.",
    ),
)  # fmt: skip
def suid_files(now: SuidFiles, approved: ApprovedSuidFiles | None) -> Verdict:
    """One that is gone gives nobody a right, so it needs no approval."""
    return drift(now, approved, removed=False)
