from __future__ import annotations

from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent
from checks.facts.script_folders import ScriptFolders, is_store, usual_places
from checks.source import FileStat
from tests.checks.trees import plant


def folder(path: str, kind: str = "directory") -> FileStat:
    return FileStat(path, kind, 0o755, 0, 0, 4096, 0.0)


def of(root: Path) -> ScriptFolders:
    fact = Survey(LocalHost(str(root))).outcome(ScriptFolders).fact
    assert isinstance(fact, ScriptFolders)
    return fact


def test_folders_of_spse_of_the_web_and_of_documents_are_told_apart(tmp_path: Path) -> None:
    plant(tmp_path, "/home/appserv/spse/webapp/conf/application.conf", "application.mode=prod\nhttp.port=9090\n")
    plant(tmp_path, "/var/www/html/index.html")
    plant(tmp_path, "/home/file/file_prod/x")

    assert of(tmp_path) == ScriptFolders(("/home/appserv/spse",), ("/var/www",), ("/home/file",))


def test_what_the_web_server_serves_is_looked_at_unless_it_is_too_wide(tmp_path: Path) -> None:
    plant(tmp_path, "/usr/sbin/nginx")
    for path in ("/data/situs/x", "/home/a/x", "/usr/share/phpmyadmin/x", "/home/file_prod/x"):
        plant(tmp_path, path)
    plant(
        tmp_path,
        "/etc/nginx/nginx.conf",
        "http { server { listen 80; root /data/situs; location /a { root /; } location /b { alias /home; }\n"
        "location /c { alias /usr/share/phpmyadmin; } location /d { alias /home/file_prod; } } }",
    )
    found = of(tmp_path)

    assert (found.web, found.stores) == (("/data/situs",), ("/home/file_prod",))
    assert found.left_out == ("/home", "/usr/share/phpmyadmin")


def test_a_host_without_such_folders_has_nothing_to_look_at() -> None:
    with pytest.raises(Absent, match="no folder of SPSE"):
        usual_places.parse((folder("/"), folder("/var/www", "file")))


@pytest.mark.parametrize("path", ["/home/file", "/home/file/x", "/data/file_prod", "/data/file_latihan/2026"])
def test_document_stores_are_known_by_place_or_name(path: str) -> None:
    assert is_store(path)
    assert not is_store("/home/files")
