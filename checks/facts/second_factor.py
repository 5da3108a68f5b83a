"""A second factor that PAM asks for at an SSH login: one-time codes, hardware keys, push."""

from __future__ import annotations

from checks.fact import Absent, Fact, reads
from checks.facts.password_policy import PamLine, pam_lines
from checks.source import FileText, Glob
from checks.text import Text

SECOND = frozenset({
    "pam_google_authenticator.so", "pam_oath.so", "pam_u2f.so", "pam_yubico.so", "pam_duo.so", "pam_radius_auth.so",
    "pam_privacyidea.so", "pam_otpw.so", "pam_linotp.so", "pam_twofactor.so", "pam_mfa.so",
})  # fmt: skip
DEEPEST = 4


class PamSecondFactor(Fact, frozen=True):
    """Modules for a second factor in the auth stack of sshd, followed through its includes. Absent: sshd has no PAM file."""

    modules: tuple[str, ...] = ()


@reads(Glob("/etc/pam.d/*"))
def pam_second_factor(pam: tuple[FileText, ...]) -> PamSecondFactor:
    files = {file.path.rsplit("/", 1)[-1]: pam_lines(file.text) for file in pam}
    if "sshd" not in files:
        raise Absent(Text("tidak ada berkas /etc/pam.d/sshd", "there is no file /etc/pam.d/sshd"))
    return PamSecondFactor(tuple(sorted(_modules(files, "sshd", DEEPEST))))


def _modules(files: dict[str, tuple[PamLine, ...]], name: str, depth: int) -> set[str]:
    found: set[str] = set()
    for line in files.get(name, ()):
        if line.kind in ("auth", "include"):
            if line.module in SECOND:
                found.add(line.module)
            elif depth and line.module in files:
                found |= _modules(files, line.module, depth - 1)
    return found
