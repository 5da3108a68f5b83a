"""Is there a PHP interpreter? SPSE needs none."""

from __future__ import annotations

from checks.fact import Absent, Fact, reads
from checks.source import FileStat, Stat
from checks.text import Text

PLACES = (
    "/usr/bin/php",
    "/usr/bin/php[0-9]*",
    "/usr/bin/php-cgi*",
    "/usr/sbin/php-fpm*",
    "/usr/local/bin/php*",
    "/usr/local/sbin/php-fpm*",
    "/usr/lib/apache2/modules/libphp*.so",
    "/etc/apache2/mods-enabled/php*.load",
    "/usr/lib*/httpd/modules/libphp*.so",
    "/opt/remi/php*/root/usr/bin/php",
    "/opt/lampp/bin/php*",
)
NO_INTERPRETER = ("phpize", "php-config", "phpquery", "phpenmod", "phpdismod")
KEPT = 20


class Php(Fact, frozen=True):
    """Paths that show a PHP interpreter, at most 20. Absent: none of the usual places has one."""

    paths: tuple[str, ...]


@reads(Stat(PLACES))
def present(stats: tuple[FileStat, ...]) -> Php:
    paths = tuple(one.path for one in stats if not any(name in one.path for name in NO_INTERPRETER))
    if not paths:
        raise Absent(
            Text(
                "ada alat untuk membangun PHP, tetapi tidak ada interpreternya",
                "there are tools to build PHP, but no interpreter",
            )
        )
    return Php(paths[:KEPT])
