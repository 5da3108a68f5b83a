"""Continuity (standard 12): what has to be backed up, recovery sites, and exercises."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Choice, Registered, Row, column
from checks.source import Register
from checks.target import Target
from checks.text import Text


class DataKind(Choice):
    """What kind of data is to be backed up."""

    DATABASE = "database", "Basis data", "Database"
    DOCUMENTS = "documents", "Dokumen", "Documents"
    CONFIGURATION = "configuration", "Konfigurasi", "Configuration"
    OTHER = "other", "Lainnya", "Other"


class BackupDuty(Row, frozen=True):
    """One thing that has to be backed up: the name of a database or the path of a folder, on which server, how often."""

    kind: Annotated[DataKind, column("Jenis", "Kind")]
    name: Annotated[str, column("Basis data atau folder", "Database or folder")]
    host: Annotated[str, column("Nama host server", "Host name of the server")]
    hours: Annotated[int | None, column("Paling lama (jam)", "At the latest (hours)", least=1, most=8784)] = None
    holder: Annotated[str, column("Penanggung jawab", "Responsible")] = ""
    place: Annotated[str, column("Tempat cadangan", "Where the backup lies")] = ""
    note: Annotated[str, column("Catatan", "Note")] = ""


class BackupRegister(Registered, frozen=True):
    """The list of data to be backed up. Absent: nobody keeps it yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register data yang dicadangkan", "Register of data to be backed up")
    most_rows: ClassVar[int] = 1000

    rows: tuple[BackupDuty, ...] = ()


class RecoverySite(Row, frozen=True):
    """One server that takes over: its host name, and that of the server whose place it takes."""

    name: Annotated[str, column("Nama DRC", "Recovery site")]
    host: Annotated[str, column("Nama host server DRC", "Host name of the recovery server")]
    replaces: Annotated[str, column("Menggantikan server", "Takes the place of server")]
    location: Annotated[str, column("Lokasi", "Location")] = ""
    operator: Annotated[str, column("Pengelola", "Operator")] = ""
    hours: Annotated[int | None, column("Target pulih (jam)", "Time to recover (hours)", least=0, most=8784)] = None
    agreement: Annotated[str, column("No. perjanjian", "Agreement number")] = ""


class RecoverySites(Registered, frozen=True):
    """Recovery sites (DRC); without rows: declared that there is none. Absent: nobody keeps the register yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register DRC", "Register of recovery sites")

    rows: tuple[RecoverySite, ...] = ()


class ExerciseKind(Choice):
    """How far an exercise went."""

    TABLETOP = "tabletop", "Simulasi di atas meja", "Table-top"
    RESTORE = "restore", "Pemulihan dari cadangan", "Restore from backup"
    FAILOVER = "failover", "Pindah ke DRC", "Failover to the recovery site"


class Exercise(Row, frozen=True):
    """One exercise of continuity that was held."""

    held: Annotated[date, column("Tanggal", "Date")]
    kind: Annotated[ExerciseKind, column("Jenis", "Kind")]
    scenario: Annotated[str, column("Skenario", "Scenario")]
    leader: Annotated[str, column("Ketua tim", "Leader")] = ""
    result: Annotated[str, column("Hasil", "Result")] = ""
    lessons: Annotated[str, column("Pelajaran dan tindak lanjut", "Lessons and follow-up")] = ""
    document: Annotated[str, column("Berkas atau tautan", "File or link")] = ""


class ContinuityExercises(Registered, frozen=True):
    """Exercises of continuity. Absent: nobody keeps the register yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register uji kelangsungan", "Register of continuity exercises")

    rows: tuple[Exercise, ...] = ()


@reads(Register("backup_register", BackupRegister))
def backup_register(entered: BackupRegister) -> BackupRegister:
    return entered


@reads(Register("recovery_sites", RecoverySites))
def recovery_sites(entered: RecoverySites) -> RecoverySites:
    return entered


@reads(Register("continuity_exercises", ContinuityExercises))
def continuity_exercises(entered: ContinuityExercises) -> ContinuityExercises:
    return entered
