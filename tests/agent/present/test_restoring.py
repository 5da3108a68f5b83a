from __future__ import annotations

import pytest

from agent.present.restoring import restoring


def test_the_steps_stay_on_the_terminal_and_markup_in_a_path_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with restoring("en") as (said, progress):
        said("Backup: /backup/[red]epns.dump")
        progress(10, 100)
    captured = capsys.readouterr()
    assert "Backup: /backup/[red]epns.dump\n" in captured.err
    assert captured.out == ""
