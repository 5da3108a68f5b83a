"""Bringing the database to this release, for `init` and `migrate`.

Law: a database that another version has taken further is left alone: nothing here could say what stands in it.
"""

from __future__ import annotations


class AnotherVersion(Exception):
    """The database was made by a version of Pantau that this one cannot follow; the sentence says what to do."""


def bring_up(*, plan: bool = False, verbosity: int = 1) -> None:
    """Apply the migrations of this release; with `plan` only show them. Raises AnotherVersion."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    strange = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )
    if strange:
        raise AnotherVersion(
            f"the database was made by a newer or a development version of Pantau ({', '.join(strange[:5])}). Install that "
            "version, or begin with an empty state directory (for `make run`: `make clean`)"
        )
    call_command("migrate", interactive=False, plan=plan, verbosity=verbosity)
