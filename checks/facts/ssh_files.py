"""Who may read and change the configuration and the host keys of the OpenSSH server."""

from __future__ import annotations

from checks.fact import Fact, Missing, reads
from checks.facts.permissions import Permissions, permissions
from checks.facts.ssh_service import SshService
from checks.source import File, FileStat, Stat
from checks.text import Text

MOST = 50
CONFIGURATION = "/etc/ssh/sshd_config"


class SshFiles(Fact, frozen=True):
    """Permissions of sshd_config with its drop-ins, and of private and public host keys. Absent: no OpenSSH server in use."""

    configuration: tuple[Permissions, ...]
    private_keys: tuple[Permissions, ...]
    public_keys: tuple[Permissions, ...]


@reads(
    Stat((CONFIGURATION,)),
    Stat((CONFIGURATION, "/etc/ssh/sshd_config.d/*.conf", "/etc/ssh/ssh_host_*_key", "/etc/ssh/ssh_host_*_key.pub")),
    File("/etc/group"),
    given=SshService,
)
def ssh_files(main: tuple[FileStat, ...], files: tuple[FileStat, ...], etc_group: str) -> SshFiles:
    found = permissions(files, etc_group)[:MOST]
    configuration = tuple(file for file in found if "/sshd_config" in file.path)
    if len(main) != 1 or not configuration:
        raise Missing(Text(f"{CONFIGURATION} bukan berkas biasa", f"{CONFIGURATION} is not a regular file"))
    return SshFiles(
        configuration,
        tuple(file for file in found if file.path.endswith("_key")),
        tuple(file for file in found if file.path.endswith("_key.pub")),
    )
