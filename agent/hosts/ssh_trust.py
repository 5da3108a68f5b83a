"""Whom to believe at the other end of SSH, and how to be believed there.

Laws:
- A host is believed only if its key stands in a known_hosts file, for that name and port. Never learned, never asked about.
- A key that a `@revoked` line names is refused, whatever other lines say. `@cert-authority` lines are not understood: they make
  no host known.
- We prove who we are with keys only: an identity file, or ssh-agent, or the usual files in ~/.ssh. No passwords.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import paramiko

from agent.hosts.ssh_login import Login
from checks.fact import Missing
from checks.text import Text

USUAL_HOSTS = ("~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts")
USUAL_KEYS = ("~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa")
MOST_KEYS = 5  # sshd ends a connection after six attempts (MaxAuthTries)
RSA = ("rsa-sha2-512", "rsa-sha2-256")  # what a key of type ssh-rsa signs with


class Known:
    """The keys a host may have, and the keys nobody may have."""

    def __init__(self, keys: list[paramiko.PKey], revoked: set[str], files: str) -> None:
        self.keys = keys
        self.revoked = revoked
        self.files = files


def known_keys(file: str, hop: Login) -> Known:
    """What the known_hosts files say of `hop`. A file that was named must be readable. Raises Missing."""
    paths = [Path(file)] if file else [path for name in USUAL_HOSTS if (path := Path(name).expanduser()).exists()]
    keys: list[paramiko.PKey] = []
    revoked: set[str] = set()
    hosts = paramiko.HostKeys()
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError as error:
            said = error.strerror
            raise Missing(Text(f"known_hosts {path}: {said}", f"known_hosts {path}: {said}")) from error
        for line in lines:
            fields = line.split()
            if len(fields) < 3 or fields[0].startswith("#"):
                continue
            if fields[0] == "@revoked" and len(fields) > 3:
                revoked.add(fields[3])
            if fields[0].startswith("@"):
                continue
            try:
                entry = paramiko.hostkeys.HostKeyEntry.from_line(" ".join(fields))
            except (paramiko.SSHException, ValueError):
                continue
            if entry is not None and hosts._hostname_matches(hop.known_as, entry):
                keys.append(entry.key)
    return Known([key for key in keys if key is not None], revoked, file or ", ".join(USUAL_HOSTS))


def prefer(transport: paramiko.Transport, known: Known) -> None:
    """Ask the host for a key of a type that is known of it, as ssh(1) does."""
    options = transport.get_security_options()
    names = [name for key in known.keys for name in (RSA if key.get_name() == "ssh-rsa" else (key.get_name(),))]
    offered = tuple(options.key_types)
    first = [name for name in dict.fromkeys(names) if name in offered]
    options.key_types = (*first, *(name for name in offered if name not in first))


def check_key(key: paramiko.PKey, known: Known, hop: Login) -> None:
    """Raises Missing unless `key` is one that `hop` is known to have, with what a person has to do."""
    kind, mark = key.get_name(), key.fingerprint
    name, files = hop.known_as, known.files
    if key.get_base64() in known.revoked:
        raise Missing(
            Text(
                f"kunci host {name} dicabut (@revoked di {files}): {kind} {mark}; jangan sambungkan sebelum diselidiki",
                f"the host key of {name} is revoked (@revoked in {files}): {kind} {mark}; do not connect before it is cleared up",
            )
        )
    if key in known.keys:
        return
    there = f"`ssh-keygen -lf /etc/ssh/ssh_host_{kind.removeprefix('ssh-').partition('-')[0]}_key.pub`"
    if known.keys:
        raise Missing(
            Text(
                f"kunci host {name} BERUBAH: kini {kind} {mark}, bukan yang tercatat di {files}. Ada yang menyadap, atau server "
                f"dipasang ulang. Bandingkan di konsol server dengan {there}; bila benar: `ssh-keygen -R '{name}'` dan catat "
                "kunci yang baru",
                f"the host key of {name} has CHANGED: it is {kind} {mark} now, not the one recorded in {files}. Somebody listens "
                f"in, or the server was installed anew. Compare at the server's console with {there}; if it is right: "
                f"`ssh-keygen -R '{name}'`, then record the new key",
            )
        )
    scan = f"`ssh-keyscan -p {hop.port} {hop.host}`"
    raise Missing(
        Text(
            f"kunci host {name} tidak dikenal ({kind} {mark}); tidak ada di {files}. Bandingkan di konsol server dengan {there}, "
            f"lalu tambahkan baris dari {scan}",
            f"the host key of {name} is not known ({kind} {mark}); it is not in {files}. Compare at the server's console with "
            f"{there}, then add the line of {scan}",
        )
    )


def authenticate(transport: paramiko.Transport, hop: Login, identity: str) -> None:
    """Log in with a key. Raises Missing when none is accepted."""
    keys = _keys(identity)
    for key in keys:
        try:
            more = transport.auth_publickey(hop.user, key)
        except paramiko.AuthenticationException:
            if not transport.is_active():
                break
            continue
        if not more:
            return
        said = ", ".join(more)
        raise Missing(
            Text(
                f"{hop.user} diminta bukti lain di samping kunci ({said}); Pantau hanya memakai kunci",
                f"{hop.user} is asked for more than a key ({said}); Pantau uses keys only",
            )
        )
    tried = identity or Text("ssh-agent dan ~/.ssh/id_*", "ssh-agent and ~/.ssh/id_*")
    where = tried if isinstance(tried, Text) else Text(tried, tried)
    raise Missing(
        Text(
            f"{hop.host} tidak menerima satu pun dari {len(keys)} kunci untuk {hop.user} ({where.id}); pasang kunci publiknya "
            f"di ~{hop.user}/.ssh/authorized_keys",
            f"{hop.host} accepts none of {len(keys)} keys for {hop.user} ({where.en}); put its public key into "
            f"~{hop.user}/.ssh/authorized_keys",
        )
    )


def _keys(identity: str) -> list[paramiko.PKey]:
    if identity:
        return [_key(Path(identity).expanduser())]
    found: list[paramiko.PKey] = []
    with contextlib.suppress(OSError, paramiko.SSHException):  # no agent is running
        found += paramiko.Agent().get_keys()
    for name in USUAL_KEYS:
        path = Path(name).expanduser()
        if path.exists():
            try:
                found.append(_key(path))
            except Missing:  # with a passphrase: ssh-agent has it, or nobody
                continue
    return found[:MOST_KEYS]


def _key(path: Path) -> paramiko.PKey:
    try:
        mode = path.stat().st_mode
        if mode & 0o077:
            raise Missing(
                Text(
                    f"kunci {path} terbuka bagi pengguna lain (mode {mode & 0o7777:04o}); tutup: `chmod 600 {path}`",
                    f"the key {path} is open to other users (mode {mode & 0o7777:04o}); close it: `chmod 600 {path}`",
                )
            )
        return paramiko.PKey.from_path(path)
    except OSError as error:
        raise Missing(f"{path}: {error.strerror or error}") from error
    except (
        paramiko.PasswordRequiredException,
        TypeError,
    ) as error:  # TypeError: what cryptography says of a passphrase
        raise Missing(
            Text(
                f"kunci {path} dilindungi kata sandi; muat ke ssh-agent (`ssh-add {path}`) dan jangan sebut berkasnya",
                f"the key {path} has a passphrase; load it into ssh-agent (`ssh-add {path}`) and do not name the file",
            )
        ) from error
    except (paramiko.SSHException, ValueError) as error:
        raise Missing(Text(f"{path} bukan kunci pribadi SSH", f"{path} is no private SSH key")) from error
