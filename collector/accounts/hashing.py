"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    """Argon2id with OWASP's first choice: 19 MiB, two passes, one lane. Django's own 100 MiB and eight lanes per attempt would let
    a handful of strangers at the login page take the memory of a collector.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
