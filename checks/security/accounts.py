"""Accounts and administrator access (standard j): who is root, who may log in, who needs no password."""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.baseline import drift
from checks.check import CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, LOW, MEDIUM, check
from checks.facts.account_rights import AccountRights, ApprovedAccountRights
from checks.facts.accounts import Accounts, EmptyPasswords
from checks.facts.logins import LoginAccounts
from checks.facts.shell_timeout import ShellTimeout
from checks.facts.sudoers import Sudoers
from checks.security.approval import look_then_approve
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge, warned


@check(
    "J-ACC-01", severity=CRITICAL, aspect=CONFIDENTIALITY, every=HOUR, source="CIS Debian 12 1.1.0 5.4.2.1",
    title=Text("Hanya root ber-UID 0", "root is the only UID 0"),
    why=Text(
        "Akun lain dengan UID 0 adalah root dengan nama lain: tidak terlihat di daftar administrator, dan cara lama "
        "penyerang untuk kembali masuk.",
        "Another account with UID 0 is root under another name: no list of administrators shows it, and it is an old "
        "way for attackers to come back.",
    ),
    remedy=Text(
        "Cari dengan `awk -F: '$3 == 0' /etc/passwd`. Bila tidak dikenal, perlakukan sebagai insiden. Bila memang "
        "dipakai, beri UID sendiri dengan `vipw` (usermod menolak selama ada proses ber-UID 0), `chown -R` folder "
        "rumahnya, lalu berikan hak melalui sudo.",
        "Find it with `awk -F: '$3 == 0' /etc/passwd`. If nobody knows it, treat it as an incident. If it is in use, "
        "give it a UID of its own with `vipw` (usermod refuses while processes of UID 0 run), `chown -R` its home "
        "folder, and give it rights through sudo.",
    ),
)  # fmt: skip
def only_root_is_uid_0(accounts: Accounts) -> Verdict:
    return judge(accounts.uid_0 == ("root",), f"UID 0: {', '.join(accounts.uid_0) or '-'}", "UID 0: root")


@check(
    "J-ACC-02", severity=CRITICAL, aspect=CONFIDENTIALITY, every=HOUR,
    source="CIS Debian 12 1.1.0 7.2.2; CIS RHEL 9 1.0.0 6.2.2",
    title=Text("Tidak ada akun tanpa kata sandi", "No account has an empty password"),
    why=Text(
        "Akun dengan kolom kata sandi kosong dapat dipakai siapa saja yang mengetahui namanya.",
        "An account whose password field is empty can be used by anyone who knows its name.",
    ),
    remedy=Text(
        "Cari dengan `awk -F: '$2 == \"\" {print $1}' /etc/shadow /etc/passwd`, lalu kunci dengan `passwd -l NAMA` "
        "atau tetapkan kata sandi dengan `passwd NAMA`.",
        "Find them with `awk -F: '$2 == \"\" {print $1}' /etc/shadow /etc/passwd`, then lock with `passwd -l NAME` or "
        "set a password with `passwd NAME`.",
    ),
)  # fmt: skip
def no_empty_passwords(passwords: EmptyPasswords) -> Verdict:
    count, of = passwords.empty, passwords.accounts
    measured = Text(f"{count} dari {of} akun tanpa kata sandi", f"{count} of {of} accounts without a password")
    return judge(count == 0, measured, "0", value=count)


@check(
    "J-ACC-03", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, source="CIS Debian 12 1.1.0 5.4.1.5",
    title=Text("Akun yang tidak lagi dipakai sudah ditutup", "Dormant accounts are closed"),
    why=Text(
        "Akun pegawai yang sudah pindah atau vendor yang sudah selesai masih membuka pintu, dan tidak ada yang "
        "memperhatikan bila dipakai orang lain.",
        "The account of someone who moved on, or of a vendor who is done, is still a door, and nobody notices when a "
        "stranger uses it.",
    ),
    remedy=Text(
        "Lihat `lastlog -b 45`, lalu tutup akun yang tidak diperlukan: `usermod -L -e 1 -s /usr/sbin/nologin NAMA` "
        "(mengunci kata sandi sekaligus menutup login dengan kunci SSH). Agar terkunci otomatis: `useradd -D -f 45`.",
        "Look at `lastlog -b 45`, then close what is not needed: `usermod -L -e 1 -s /usr/sbin/nologin NAME` (this "
        "locks the password and also ends login by SSH key). To lock automatically: `useradd -D -f 45`.",
    ),
)  # fmt: skip
def no_dormant_accounts(logins: LoginAccounts, now: datetime, *, days: int = 45) -> Verdict:
    dormant = [use for use in logins.uses if use.at < now - timedelta(days=days)]
    never = sum(not use.logged_in for use in dormant)
    measured = Text(
        f"{len(dormant)} dari {logins.total} akun tidak dipakai lebih dari {days} hari ({never} belum pernah)",
        f"{len(dormant)} of {logins.total} accounts unused for more than {days} days ({never} never used)",
    )
    expected = Text(f"0 akun tidak dipakai lebih dari {days} hari", f"0 accounts unused for more than {days} days")
    return judge(not dormant, measured, expected, value=len(dormant))


@check(
    "J-ACC-05", severity=HIGH, aspect=CONFIDENTIALITY, every=6 * HOUR, absent=Status.NOT_APPLICABLE,
    source="CIS Debian 12 1.1.0 5.2.2-5.2.5",
    title=Text("sudo memakai kata sandi, pty, dan log", "sudo asks for a password, uses a pty and keeps a log"),
    why=Text(
        "Dengan NOPASSWD: ALL, siapa pun yang mendapat sesi atau kunci SSH seorang pegawai langsung menjadi root.",
        "With NOPASSWD: ALL, whoever gets hold of one person's session or SSH key is root at once.",
    ),
    remedy=Text(
        "Beri dahulu kata sandi kepada setiap administrator (`passwd NAMA`), jika tidak mereka kehilangan sudo. Lalu "
        "dengan `visudo` (dan `visudo -f /etc/sudoers.d/NAMA`): hapus `NOPASSWD: ALL` dan `!authenticate`, tambahkan "
        "`Defaults use_pty` dan `Defaults logfile=\"/var/log/sudo.log\"`. Akun otomatisasi: sebutkan perintahnya satu "
        "per satu.",
        "First give every administrator a password (`passwd NAME`), or they lose sudo. Then with `visudo` (and `visudo "
        "-f /etc/sudoers.d/NAME`): remove `NOPASSWD: ALL` and `!authenticate`, add `Defaults use_pty` and `Defaults "
        "logfile=\"/var/log/sudo.log\"`. For automation, name each command.",
    ),
)  # fmt: skip
def sudo_is_guarded(sudoers: Sudoers) -> Verdict:
    free = sudoers.everything_without_password
    wrong = [f"NOPASSWD: ALL ({', '.join(free)})"] if free else []
    wrong += [] if sudoers.asks else ["!authenticate"]
    wrong += [] if sudoers.use_pty else ["!use_pty"]
    expected: Words = Text("tanpa NOPASSWD: ALL, use_pty, log", "no NOPASSWD: ALL, use_pty, a log")
    if wrong:
        return judge(False, "; ".join(wrong), expected)
    if not sudoers.logged:
        return warned(
            Text("use_pty; log hanya lewat syslog, logfile tidak diatur", "use_pty; logs to syslog only, no logfile"),
            expected,
        )
    return judge(True, "use_pty; logfile", expected)


@check(
    "J-ACC-07", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, source="CIS Debian 12 1.1.0 5.4.2.7",
    title=Text("Akun sistem tidak dapat login", "System accounts cannot log in"),
    why=Text(
        "Akun milik layanan (www-data, tomcat) hanya perlu menjalankan program; dengan shell, celah di layanan menjadi "
        "sesi login.",
        "An account of a service (www-data, tomcat) only needs to run programs; with a shell, a hole in the service "
        "becomes a login session.",
    ),
    remedy=Text(
        "`usermod -s /usr/sbin/nologin NAMA` (Debian/Ubuntu) atau `usermod -s /sbin/nologin NAMA` (EL). Akun postgres "
        "dikecualikan karena paket resminya memberi shell.",
        "`usermod -s /usr/sbin/nologin NAME` (Debian/Ubuntu) or `usermod -s /sbin/nologin NAME` (EL). The account "
        "postgres is exempt, because its own package gives it a shell.",
    ),
)  # fmt: skip
def system_accounts_have_no_shell(
    accounts: Accounts, *, allowed: tuple[str, ...] = ("sync", "shutdown", "halt", "postgres")
) -> Verdict:
    found = [name for name in accounts.system_with_shell if name not in allowed]
    measured = Text(f"dengan shell: {', '.join(found) or 'tidak ada'}", f"with a shell: {', '.join(found) or 'none'}")
    return judge(not found, measured, Text("tidak ada (nologin)", "none (nologin)"), value=len(found))


@check(
    "J-ACC-08", severity=LOW, aspect=CONFIDENTIALITY, every=DAY, source="CIS Debian 12 1.1.0 5.4.3.2",
    title=Text("Shell yang menganggur ditutup", "Idle shells end"),
    why=Text(
        "Sesi administrator yang ditinggal terbuka dapat dipakai siapa saja yang duduk di depannya.",
        "An administrator's session left open serves whoever sits down in front of it.",
    ),
    remedy=Text(
        "Tulis `readonly TMOUT=900 ; export TMOUT` di /etc/profile.d/tmout.sh; hapus pengaturan TMOUT yang lain.",
        "Write `readonly TMOUT=900 ; export TMOUT` into /etc/profile.d/tmout.sh; remove other settings of TMOUT.",
    ),
)  # fmt: skip
def shells_time_out(shell: ShellTimeout, *, maximum: int = 900) -> Verdict:
    values = ", ".join(str(seconds) for seconds in shell.seconds)
    measured: Words = f"TMOUT={values}" if values else Text("TMOUT tidak diatur", "TMOUT is not set")
    expected = Text(f"1 sampai {maximum} detik, readonly", f"1 to {maximum} seconds, readonly")
    if not shell.seconds or any(not 0 < seconds <= maximum for seconds in shell.seconds):
        return judge(False, measured, expected)
    if not shell.fixed:
        return warned(
            Text(f"TMOUT={values}, dapat dimatikan pengguna", f"TMOUT={values}, users can switch it off"), expected
        )
    return judge(True, f"TMOUT={values} readonly", expected, value=max(shell.seconds))


@check(
    "J-ACC-04", severity=HIGH, aspect=CONFIDENTIALITY, every=6 * HOUR, source="ISO/IEC 27002:2022 5.18; Pantau default",
    title=Text("Akun dan haknya hanya yang disetujui", "Only approved accounts and rights exist"),
    why=Text(
        "Akun yang tidak ada dalam daftar, atau yang diam-diam masuk kelompok sudo, tidak ditinjau siapa pun dan tidak "
        "ditutup ketika orangnya pergi.",
        "An account that no list has, or that quietly joined the group sudo, is reviewed by nobody and is not closed when "
        "its person leaves.",
    ),
    remedy=look_then_approve(
        "Lihat `getent passwd NAMA`, `id NAMA`, dan `sudo -l -U NAMA`; tanyakan siapa yang memintanya. Yang tidak diperlukan: "
        "`usermod -L -e 1 NAMA`, atau keluarkan dari kelompoknya dengan `gpasswd -d NAMA KELOMPOK`. Yang tidak dikenal: "
        "perlakukan sebagai insiden.",
        "Look at `getent passwd NAME`, `id NAME` and `sudo -l -U NAME`; ask who wanted it. What is not needed: `usermod -L -e "
        "1 NAME`, or take it out of its group by `gpasswd -d NAME GROUP`. What nobody knows: treat it as an incident.",
    ),
)  # fmt: skip
def accounts_are_approved(now: AccountRights, approved: ApprovedAccountRights | None) -> Verdict:
    """An account that is gone, or lost a right, needs no approval."""
    return drift(now, approved, removed=False)
