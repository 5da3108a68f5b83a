from __future__ import annotations

from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.fact import Absent
from checks.facts.php import Php, present
from tests.checks.trees import plant


def test_php_is_seen_by_its_programs_and_modules(tmp_path: Path) -> None:
    host = LocalHost(str(tmp_path))
    source = present.sources[0]
    with pytest.raises(Absent):
        host.read(source)
    plant(tmp_path, "/usr/local/bin/php-config")
    with pytest.raises(Absent):
        present(host.read(source))
    plant(tmp_path, "/usr/sbin/php-fpm8.2")
    plant(tmp_path, "/etc/apache2/mods-enabled/php8.2.load")
    assert present(host.read(source)) == Php(("/usr/sbin/php-fpm8.2", "/etc/apache2/mods-enabled/php8.2.load"))
