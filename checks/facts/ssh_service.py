"""Does the OpenSSH server of this host let anybody in: does it run, or will something start it?

Laws:
- Only what is seen not to run, not to be waited for by a socket and not to be started at boot counts as out of use.
"""

from __future__ import annotations

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.listeners import Listeners
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.visible_processes import all_of
from checks.source import FileStat, Stat, Usage
from checks.text import Text

PORT = 22
WANTS = "/etc/systemd/system"
PROGRAMS = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd")
SOCKETS = (f"{WANTS}/sockets.target.wants/ssh.socket", f"{WANTS}/sockets.target.wants/sshd.socket")
AT_BOOT = (
    f"{WANTS}/multi-user.target.wants/ssh.service",
    f"{WANTS}/multi-user.target.wants/sshd.service",
    "/etc/rc3.d/S[0-9][0-9]ssh",
    "/etc/rc3.d/S[0-9][0-9]sshd",
)
# "/" is always there: so it is the parser that says, in one sentence, that nothing was found.
FILES = Stat(("/", *PROGRAMS, *SOCKETS, *AT_BOOT))
LISTENING = Usage(Listeners)

RUNNING, SOCKET, BOOT = "running", "socket", "boot"


class SshService(Fact, frozen=True):
    """How the OpenSSH server comes to be in use: it is "running", a "socket" starts it at the first connection (Ubuntu
    since 22.10), or it stands still and is started at "boot". Absent: not installed, or installed and out of use.
    """

    use: str


@reads(PROCESSES, LISTENING, FILES)
def ssh_service(table: ProcessTable, listeners: Listeners, files: tuple[FileStat, ...]) -> SshService:
    paths = {file.path for file in files}
    if any(process.name == "sshd" or process.exe in PROGRAMS for process in table.processes):
        return SshService(RUNNING)
    all_of(table)  # Missing where others' processes are hidden: then nobody knows that it does not run
    if not paths & set(PROGRAMS):
        raise Absent(Text("server OpenSSH tidak terpasang di sini", "no OpenSSH server is installed here"))
    if paths & set(SOCKETS) or any(one.port == PORT and one.protocol == "tcp" for one in listeners.listeners):
        return SshService(SOCKET)
    if paths - {"/", *PROGRAMS}:
        return SshService(BOOT)
    raise Absent(
        Text(
            "sshd terpasang, tetapi tidak berjalan, tidak dimulai saat boot, dan tidak ditunggu soket systemd; dinilai "
            "begitu dijalankan",
            "sshd is installed, but does not run, is not started at boot and no systemd socket waits for it; it is judged "
            "as soon as it is started",
        )
    )


def stands_still(table: ProcessTable, listeners: Listeners, files: tuple[FileStat, ...]) -> bool:
    """Does sshd not run at the moment, although it is started at boot?"""
    try:
        return ssh_service(table, listeners, files) == SshService(BOOT)
    except (Absent, Missing):
        return False
