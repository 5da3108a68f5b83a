"""Numbers of certificates by LKPP's scheme: "{sequence:04d}/SERT-LPSE/{letter}/{month}/{year}". Pure.

Fields: sequence (of the year), letter (a to q, as a capital), standard (1 to 17), month (Roman), year.
Law: a scheme names the sequence and the year, so that no two certificates bear one number; it names nothing else.
"""

from __future__ import annotations

import re
from datetime import date
from string import Formatter

from checks.standard import LETTERS
from collector.assessment.unlawful import Unlawful

FIELDS = frozenset({"sequence", "letter", "standard", "month", "year"})
SPEC = re.compile(r"(?:0?[1-9]d)?", re.ASCII)
LITERAL = re.compile(r"[\w ./()-]*")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MOST = 120  # characters


def check_scheme(scheme: str) -> None:
    """Raises Unlawful if `scheme` cannot number certificates."""
    named = []
    try:
        for literal, field, spec, conversion in Formatter().parse(scheme):
            if not LITERAL.fullmatch(literal) or conversion:
                raise ValueError(literal)
            if field is not None:
                if field not in FIELDS or not SPEC.fullmatch(spec or ""):
                    raise ValueError(field)
                if spec and field not in {"sequence", "standard", "year"}:
                    raise ValueError(field)
                named.append(field)
    except ValueError as error:
        known = ", ".join(sorted(FIELDS))
        raise Unlawful(
            f"Pola nomor salah pada {str(error)!r}; yang dikenal: {known}.",
            f"The scheme is wrong at {str(error)!r}; it knows {known}.",
        ) from error
    if not {"sequence", "year"} <= set(named) or len(scheme) > MOST - 20:
        raise Unlawful(
            "Pola nomor harus memuat {sequence} dan {year}, paling panjang 100 karakter.",
            "The scheme must name {sequence} and {year}, in 100 characters at most.",
        )


def certificate_number(scheme: str, sequence: int, letter: str, issued: date) -> str:
    """The number of the certificate of standard `letter` that is the `sequence`th of its year. Raises Unlawful."""
    check_scheme(scheme)
    return scheme.format(
        sequence=sequence, letter=letter.upper(), standard=LETTERS.index(letter) + 1, month=ROMAN[issued.month - 1],
        year=issued.year,
    )  # fmt: skip
