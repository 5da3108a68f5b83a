"""The audit as JUnit XML: one suite per standard, for CI systems. Unknown is an error, never a pass.

Laws:
- One test case is one result: its `classname` is the check's code, its `name` the requirement and the subject.
- A name is the same whatever the result, so that a CI system can follow it; what became of it stands in the message.
- Words are in the reader's language, which a property of each suite names; codes and types are the same in all.
"""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from agent.present import Presentation
from checks.text import Text
from checks.verdict import Result, Status
from checks.words import TITLE


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
        properties = Xml.SubElement(suite, "properties")
        Xml.SubElement(properties, "property", name="language", value=shown.language)
        Xml.SubElement(properties, "property", name="policy", value=shown.policy)
        if letter:
            Xml.SubElement(properties, "property", name="standing", value=shown.standing(letter))
        for result in results:
            _case(suite, shown, result)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: Xml.Element, shown: Presentation, result: Result) -> None:
    check = shown.check(result)
    name = f"{shown.say(TITLE)}: {shown.say(check.title)} {shown.subject(result)}".strip()
    case = Xml.SubElement(suite, "testcase", classname=result.check, name=name)
    measured, expected = shown.say(result.measured), shown.say(result.expected)
    match result.status:
        case Status.FAIL:
            said = f"{shown.headline(result)}: {measured}"
            if expected:
                said += f" ({Text('seharusnya', 'expected').in_(shown.language)}: {expected})"
            failure = Xml.SubElement(case, "failure", message=said, type=check.severity.value)
            failure.text = shown.say(check.remedy)
        case Status.UNKNOWN:
            Xml.SubElement(case, "error", message=f"{shown.headline(result)}: {measured}", type="unknown")
        case Status.NOT_APPLICABLE:
            Xml.SubElement(case, "skipped", message=measured)
        case _:
            Xml.SubElement(case, "system-out").text = measured
