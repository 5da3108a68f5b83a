"""The audit as JUnit XML: one suite per standard, for CI systems. Unknown is an error, never a pass."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from agent.present import Presentation
from checks.verdict import Result, Status


def render(shown: Presentation) -> str:
    """The document, with a final newline."""
    root = Xml.Element("testsuites", name=f"pantau {shown.host}")
    for letter, results in shown.by_standard.items():
        name = shown.say(shown.standards[letter].title) if letter else ""
        suite = Xml.SubElement(
            root,
            "testsuite",
            name=f"{letter} {name}".strip(),
            tests=str(len(results)),
            failures=str(sum(one.status is Status.FAIL for one in results)),
            errors=str(sum(one.status is Status.UNKNOWN for one in results)),
            skipped=str(sum(one.status is Status.NOT_APPLICABLE for one in results)),
            timestamp=shown.audit.taken_at.isoformat(timespec="seconds"),
            hostname=shown.host,
        )
        for result in results:
            _case(suite, shown, result)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: Xml.Element, shown: Presentation, result: Result) -> None:
    check = shown.check(result)
    name = f"{shown.say(check.title)} {shown.subject(result)}".strip()
    case = Xml.SubElement(suite, "testcase", classname=result.check, name=name)
    measured, expected = shown.say(result.measured), shown.say(result.expected)
    match result.status:
        case Status.FAIL:
            failure = Xml.SubElement(
                case, "failure", message=f"{measured} (expected: {expected})", type=check.severity.value
            )
            failure.text = shown.say(check.remedy)
        case Status.UNKNOWN:
            Xml.SubElement(case, "error", message=measured, type="unknown")
        case Status.NOT_APPLICABLE:
            Xml.SubElement(case, "skipped", message=measured)
        case _:
            Xml.SubElement(case, "system-out").text = measured
