"""JUnit's XML as others read it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import junitparser
import pytest
import xmlschema

from blocker.domain.finding import Code, Finding, Severity
from blocker.reports.as_junit import audit_junit
from tests.reports.drifted import drifted, many

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))


def read(report, team) -> junitparser.JUnitXml:
    """As another reader has it, once it keeps to the schema."""
    text = audit_junit(report, team)
    SCHEMA.validate(BytesIO(text))
    return junitparser.JUnitXml.fromroot(junitparser.junitparser.etree.fromstring(text))


def cases(suites) -> dict[str, str]:
    """Each case by name, and what kind of result it has."""
    return {
        case.name: case.result[0]._tag if case.result else "passed"
        for suite in suites
        for case in suite
    }


def unreadable(report, *sentences):
    """The same with calendars of the one member that could not be read or reached."""
    (ana,) = report.members
    found = [Finding(Code.UNREADABLE, Severity.ERROR, one) for one in sentences]
    return replace(report, members=(replace(ana, findings=(*found, *ana.findings), is_seen=False),))


def test_a_task_in_error_fails_and_one_that_is_done_is_skipped():
    assert cases(read(*drifted())) == {
        "T-1 Landing page": "failure",
        "T-2 Landing page": "failure",
        "T-3 Landing page": "skipped",
        "T-4 Landing page": "failure",
        "calendars": "passed",
    }


def test_a_calendar_that_cannot_be_read_fails_and_one_not_reached_is_an_error():
    report, team = drifted()
    assert cases(read(unreadable(report, "ana.ics: a web page"), team))["calendars"] == "failure"
    sentence = "example.org does not answer"
    far = replace(unreadable(report, sentence), errors=(sentence,))
    found = read(far, team)
    assert cases(found)["calendars"] == "error"
    assert (found.errors, len(list(found))) == (1, 1)


def test_what_no_member_can_be_blamed_for_has_a_suite_of_its_own():
    report, team = drifted()
    found = read(replace(report, errors=("no answer",), orphans=("T-9 is nobody's",)), team)
    *_, last = found
    assert last.name == "S27 Small Team"
    assert {case.name: case.result[0]._tag for case in last} == {
        "calendars: no answer": "error",
        "T-9 is nobody's": "failure",
    }


@pytest.mark.parametrize("number", [0, 60])
def test_the_counts_are_true(number):
    found = read(*many(number))
    assert (found.tests, found.failures, found.errors) == (5 * number, 3 * number, 0)
    for suite in found:
        kinds = list(cases([suite]).values())
        assert suite.tests == len(kinds)
        assert suite.failures == kinds.count("failure")
        assert suite.skipped == kinds.count("skipped")
