"""Who may come to a server, and when: remote access windows (standard 10) and visits to the server room (standard 9)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Registered, Row, column
from checks.source import Register
from checks.text import Text


class AccessWindow(Row, frozen=True):
    """One permission to log in from afar: for whom, with which account ("*": any), from when until when."""

    person: Annotated[str, column("Nama", "Name")]
    account: Annotated[str, column("Akun (atau *)", "Account (or *)")]
    opens: Annotated[datetime, column("Dibuka", "Opens")]
    closes: Annotated[datetime, column("Ditutup", "Closes")]
    purpose: Annotated[str, column("Keperluan", "Purpose")]


class RemoteAccessRegister(Registered, frozen=True):
    """Permitted remote access to one server. Absent: nobody keeps it yet."""

    title: ClassVar[Text] = Text("Register akses jarak jauh", "Register of remote access")

    rows: tuple[AccessWindow, ...] = ()


class Visit(Row, frozen=True):
    """One visit to the room in which the server stands."""

    person: Annotated[str, column("Nama", "Name")]
    opens: Annotated[datetime, column("Masuk", "In")]
    closes: Annotated[datetime, column("Keluar", "Out")]
    purpose: Annotated[str, column("Keperluan", "Purpose")]
    escort: Annotated[str, column("Pendamping", "Escort")] = ""


class ServerRoomRegister(Registered, frozen=True):
    """Visits to the server room. Absent: nobody keeps it yet."""

    title: ClassVar[Text] = Text("Register ruang server", "Register of the server room")

    rows: tuple[Visit, ...] = ()


@reads(Register("remote_access_register", RemoteAccessRegister))
def remote_access_register(entered: RemoteAccessRegister) -> RemoteAccessRegister:
    return entered


@reads(Register("server_room_register", ServerRoomRegister))
def server_room_register(entered: ServerRoomRegister) -> ServerRoomRegister:
    return entered
