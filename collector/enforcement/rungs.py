"""The rungs of the ladder (152/2022, 2.2.a to d) and the forms of the last one."""

from __future__ import annotations

from enum import StrEnum

from checks.text import Text


class Rung(StrEnum):
    """The four acts, in order."""

    RECOMMENDATION = "recommendation"
    WARNING = "warning"
    REVOCATION = "revocation"
    TERMINATION = "termination"

    @property
    def before(self) -> Rung | None:
        """The rung that must have been in vain before this one."""
        rungs = list(Rung)
        place = rungs.index(self)
        return rungs[place - 1] if place else None

    @property
    def named(self) -> Text:
        """As the decree calls it."""
        return {
            Rung.RECOMMENDATION: Text("Saran/Rekomendasi", "Recommendation"),
            Rung.WARNING: Text("Teguran", "Warning"),
            Rung.REVOCATION: Text("Pencabutan sertifikat standarisasi", "Revocation of a certificate"),
            Rung.TERMINATION: Text("Penghentian layanan SPSE", "Termination of the SPSE service"),
        }[self]


class Form(StrEnum):
    """The forms of termination."""

    REVOKED = "revoked"
    ACCESS_TAKEN = "access_taken"
    OTHER = "other"

    @property
    def named(self) -> Text:
        """As the decree calls it."""
        return {
            Form.REVOKED: Text("Pencabutan", "Revocation"),
            Form.ACCESS_TAKEN: Text("Pengambilalihan hak akses", "Taking over of access rights"),
            Form.OTHER: Text("Bentuk lain", "Another form"),
        }[self]
