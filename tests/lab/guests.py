"""Who comes to the laboratory's hosts from the site's namespace: traffic, staff over SSH as they should, and who should not.

`python -m tests.lab.guests KEYS`: KEYS is a folder with the private keys `siti` and `backdoor` and the code secret
`siti.totp`. Says "in" once everybody is in, and holds the sessions until its input ends.
"""

from __future__ import annotations

import base64
import hmac
import socket
import struct
import sys
import time
from pathlib import Path

import paramiko

PORT = 22
PACKETS = 12_000  # more than an interface must have carried to be judged
STAFF, OUTSIDE, OFFICE = "10.99.0.1", "192.88.99.1", "10.99.0.2"


def code(secret: str) -> str:
    """The one-time code of now for `secret` (Base32): RFC 6238, 6 digits, 30 seconds."""
    raw = hmac.digest(
        base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(time.time()) // 30), "sha1"
    )
    start = raw[-1] & 15
    return f"{(struct.unpack('>I', raw[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def _line(address: str, source: str) -> paramiko.Transport:
    line = paramiko.Transport(socket.create_connection((address, PORT), timeout=10, source_address=(source, 0)))
    line.start_client(timeout=10)
    return line


def _stays(line: paramiko.Transport) -> paramiko.Channel:
    """A session on a terminal of its own, as a person has one."""
    session = line.open_session(timeout=10)
    session.get_pty()
    session.exec_command("sleep 3000")
    return session


def _traffic(address: str) -> None:
    """Packets that nobody waits for (RFC 863)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        for _ in range(PACKETS):
            line.sendto(b"pantau", (address, 9))


def main(keys: Path) -> None:
    """Log in, say so, and stay."""
    _traffic("10.99.0.11")
    held: list[paramiko.Channel] = []
    line = _line("10.99.0.11", STAFF)  # the good host: a key, then a code
    left = line.auth_publickey("siti", paramiko.Ed25519Key.from_private_key_file(str(keys / "siti")))
    if left:
        secret = (keys / "siti.totp").read_text(encoding="ascii").split()[0]
        line.auth_interactive("siti", lambda title, said, prompts: [code(secret) for _ in prompts])
    held.append(_stays(line))
    for source in (STAFF, OFFICE):  # one account for everybody, with the guide's password
        line = _line("10.99.0.12", source)
        line.auth_password("admin", "admin")
        held.append(_stays(line))
    line = _line("192.88.99.13", OUTSIDE)  # whoever put the key there, from where nobody works
    line.auth_publickey("siti", paramiko.Ed25519Key.from_private_key_file(str(keys / "backdoor")))
    held.append(_stays(line))
    print("in", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
