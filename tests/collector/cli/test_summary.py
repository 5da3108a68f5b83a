from __future__ import annotations

import pytest
from django.utils import timezone

from collector.cli.summary import show
from collector.registry.models import Server
from tests.collector.world import World, sshd


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("id", "K-SSH-01 [kritis] Tidak terpenuhi: Login root via SSH nonaktif"),
        ("en", "K-SSH-01 [critical] Not met: SSH root login is disabled"),
    ],
)
def test_failures_are_named_as_such_with_their_severity_in_the_language(
    world: World, capsys: pytest.CaptureFixture[str], language: str, line: str
) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))
    summary = show("en" if language == "en" else "id")
    assert line in capsys.readouterr().out
    assert summary["open_findings"]
    Server.objects.update(retired_at=timezone.now())
    assert show("id")["open_findings"] == 0
