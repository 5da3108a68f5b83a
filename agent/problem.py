"""What went wrong, for the person who must mend it: in both languages until somebody is there to read it.

Law: an exception is rendered where it is shown, in the language of the reader. A log line (`str`) is English.
"""

from __future__ import annotations

import errno

from checks.text import Text, Words, words

INDONESIAN = {
    errno.EACCES: "izin ditolak",
    errno.EPERM: "tindakan tidak diizinkan",
    errno.ENOENT: "berkas atau direktori ini tidak ada",
    errno.EEXIST: "berkas ini sudah ada",
    errno.EISDIR: "ini sebuah direktori",
    errno.ENOTDIR: "ini bukan direktori",
    errno.ENOSPC: "tidak ada ruang tersisa pada disk",
    errno.EDQUOT: "kuota disk terlampaui",
    errno.EROFS: "sistem berkas hanya dapat dibaca",
    errno.EIO: "disk gagal dibaca atau ditulis",
    errno.ELOOP: "terlalu banyak tautan simbolis",
    errno.EMFILE: "terlalu banyak berkas terbuka",
}
"""What the system calls its errors, for a reader of Indonesian. Others keep their English name."""


class Problem(Exception):
    """Something a person has to know. `said` is what and where, and what to do next."""

    def __init__(self, said: Words) -> None:
        super().__init__(words(said, "en"))
        self.said = said


def os_words(error: OSError) -> Words:
    """What the system refused, and on which file: "/var/lib/pantau: izin ditolak"."""
    where = f"{error.filename}: " if error.filename else ""
    english = error.strerror or str(error) or type(error).__name__
    if error.errno not in INDONESIAN:
        return where + english
    return Text(where + INDONESIAN[error.errno], where + english)
