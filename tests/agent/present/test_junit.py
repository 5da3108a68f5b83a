from __future__ import annotations

from xml.etree import ElementTree as Xml

from agent.present import Presentation, junit
from checks.verdict import Result, Status
from tests.agent.present.hostile import hostile, most, shown


def test_it_parses_and_counts_what_it_holds() -> None:
    statuses = (Status.FAIL, Status.UNKNOWN, Status.UNKNOWN, Status.WARN, Status.PASS, Status.NOT_APPLICABLE)
    codes = ("K-SSH-01", "K-SSH-02", "K-SSH-03", "K-SSH-04", "K-NET-01", "K-NET-02")
    results = [Result(code, status, "seen", "wanted") for code, status in zip(codes, statuses, strict=True)]
    (suite,) = Xml.fromstring(junit.render(shown(*results)))
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "6", "failures": "1", "errors": "2", "skipped": "1",
    }  # fmt: skip
    assert [len(suite.findall(f"testcase/{kind}")) for kind in ("failure", "error", "skipped")] == [1, 2, 1]
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "Not met: SSH root login is disabled: seen (expected: wanted)"


def test_unknown_is_an_error_never_a_pass() -> None:
    (suite,) = Xml.fromstring(junit.render(shown(Result("K-SSH-01", Status.UNKNOWN, "no permission"))))
    error = suite.find("testcase/error")
    assert error is not None
    assert error.get("message") == "Unknown: SSH root login is disabled: no permission"


def test_a_name_is_the_requirement_and_the_same_whatever_the_result() -> None:
    names = set()
    for status in Status:
        case = Xml.fromstring(junit.render(shown(Result("K-SSH-01", status, "x"), language="id"))).find(".//testcase")
        assert case is not None
        names.add((case.get("classname"), case.get("name")))
    assert names == {("K-SSH-01", "Ketentuan: Login root via SSH nonaktif")}


def test_a_suite_names_its_language_and_its_standing_or_that_it_has_none() -> None:
    def properties(of: Presentation) -> dict[str | None, str | None]:
        return {one.get("name"): one.get("value") for one in Xml.fromstring(junit.render(of)).iter("property")}

    partial = properties(shown(Result("K-SSH-01", Status.PASS), language="id"))
    assert (partial["language"], partial["standing"]) == ("id", "disaring; tanpa penilaian")
    whole = properties(shown(Result("J-ACC-08", Status.FAIL, "x"), whole="j"))
    assert whole["standing"] == f"not met, coverage {most('j')} of applicable checks"


def test_hostile_text_stays_text() -> None:
    document = Xml.fromstring(junit.render(hostile()))
    assert "<script>alert(1)</script>" in str(document.find(".//failure").get("message"))  # type: ignore[union-attr]
    assert not document.findall(".//script")
