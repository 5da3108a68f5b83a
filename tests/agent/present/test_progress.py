from __future__ import annotations

import pytest

from agent.present.progress import showing


@pytest.mark.parametrize("language", ["id", "en"])
def test_progress_goes_to_stderr_and_leaves_stdout_alone(capsys: pytest.CaptureFixture[str], language: str) -> None:
    with showing(language) as progress:  # type: ignore[arg-type]
        for done in range(4):
            progress(done, 3)
    assert capsys.readouterr().out == ""
