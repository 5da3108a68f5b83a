from __future__ import annotations

import pytest

from agent.present import explain
from checks.verdict import Result, Status
from tests.agent.present.hostile import HOSTILE, OBEYED, hostile, shown


@pytest.mark.parametrize(("language", "label"), [("id", "Dibaca dari: "), ("en", "Read from: ")])
def test_everything_about_one_check_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, label: str
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    explain.show(shown(Result("K-SSH-04", Status.FAIL, "maxauthtries 6", "4"), language=language), "K-SSH-04")  # type: ignore[arg-type]
    out = capsys.readouterr().out
    for said in ("K-SSH-04", "CIS", "maximum = 4", label, "sshd -T", "[root]", "maxauthtries 6", "→ ", " s\n"):
        assert said in out


def test_hostile_text_is_not_obeyed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "2000")
    explain.show(hostile(), "K-SSH-01")
    out = capsys.readouterr().out
    assert HOSTILE[:12] in out
    assert not set(out) & set(OBEYED)
