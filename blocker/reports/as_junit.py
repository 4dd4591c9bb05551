"""An audit as JUnit's XML, so that a pipeline shows each task as a test case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from blocker.domain.finding import AuditReport, Finding, MemberAudit, Severity, TaskAudit
from blocker.domain.team import Team
from blocker.reports import wording
from blocker.reports.about_audit import findings_without_task, is_unreachable, kept_text
from blocker.reports.terminal import plain

CALENDARS = "calendars"
"""The case of what is said of a person's calendars as a whole."""


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    kind: str
    """`passed`, or the element that says why not: `failure`, `error`, `skipped`."""
    reasons: tuple[str, ...] = ()
    code: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Suite:
    sprint: str
    name: str
    cases: list[_Case]
    facts: dict[str, str] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        return sum(case.kind == kind for case in self.cases)


def audit_junit(report: AuditReport, team: Team) -> bytes:
    """A suite for each member, a case for each task and one for the calendars; UTF-8.

    Errors make a case fail, warnings are its output.  The element names and attributes are those
    that Jenkins, GitLab and GitHub's actions read; times are 0, since nothing was run.
    """
    suites = [_of_member(audit, report, team) for audit in report.members]
    if rest := _of_nobody(report):
        suites.append(_Suite(report.sprint.name, team.name, rest))
    root = Element("testsuites", {"name": _text(f"blocker audit {report.sprint.name}")})
    root.attrib.update(_counts(suites))
    timestamp = report.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for suite in suites:
        _write(suite, timestamp, root)
    indent(root)
    text: bytes = tostring(root, "UTF-8", xml_declaration=True)
    return text


def _of_member(audit: MemberAudit, report: AuditReport, team: Team) -> _Suite:
    member = team.member(audit.member)
    cases = [_of_task(task) for task in audit.tasks]
    cases.append(_of_calendars(findings_without_task(audit), report))
    facts = {"sprint": wording.sprint_line(report.sprint, report.sprint_state)}
    facts["times are in"] = member.zone.key
    if report.accepted is not None:
        facts["still stands of what was promised"] = kept_text(audit)
    return _Suite(report.sprint.name, member.name, cases, facts)


def _of_task(task: TaskAudit) -> _Case:
    name = f"{task.task} {task.title}"
    if not task.is_owed:
        return _Case(name, "skipped", (f"{task.state.value}: it is owed no more time",))
    return _judged(name, task.findings, "failure")


def _of_calendars(findings: Iterable[Finding], report: AuditReport) -> _Case:
    findings = list(findings)
    is_far = any(is_unreachable(one, report) for one in findings)
    return _judged(CALENDARS, findings, "error" if is_far else "failure")


def _judged(name: str, findings: Iterable[Finding], kind: str) -> _Case:
    findings = wording.by_severity(findings)
    grave = [one for one in findings if one.severity is Severity.ERROR]
    said = tuple(_said(one) for one in findings if one.severity is not Severity.ERROR)
    if not grave:
        return _Case(name, "passed", said=said)
    codes = ", ".join(dict.fromkeys(one.code.value for one in grave))
    return _Case(name, kind, tuple(one.message for one in grave), codes, said)


def _said(finding: Finding) -> str:
    return f"{finding.severity.value} {finding.code.value}: {finding.message}"


def _of_nobody(report: AuditReport) -> list[_Case]:
    """What no member's suite tells: calendars of others, tasks without an owner."""
    told = {one.message for audit in report.members for one in audit.findings}
    cases = [
        _Case(f"{CALENDARS}: {error}", "error", (error,), "unreachable")
        for error in report.errors
        if error not in told
    ]
    return cases + [_Case(one, "failure", (one,), "no owner") for one in report.orphans]


def _counts(suites: Iterable[_Suite]) -> dict[str, str]:
    suites = list(suites)
    counts = {"tests": sum(len(suite.cases) for suite in suites)}
    for name, kind in (("failures", "failure"), ("errors", "error")):
        counts[name] = sum(suite.count(kind) for suite in suites)
    return {**{name: str(number) for name, number in counts.items()}, "time": "0"}


def _write(suite: _Suite, timestamp: str, root: Element) -> None:
    sprint, name = _text(suite.sprint), _text(suite.name)
    given = {"name": f"{sprint} {name}", **_counts([suite]), "skipped": str(suite.count("skipped"))}
    element = SubElement(root, "testsuite", {**given, "timestamp": timestamp})
    if suite.facts:
        properties = SubElement(element, "properties")
        for key, value in suite.facts.items():
            SubElement(properties, "property", {"name": key, "value": _text(value)})
    for case in suite.cases:
        about = {"name": _text(case.name), "classname": f"{sprint}.{name}", "time": "0"}
        made = SubElement(element, "testcase", about)
        if case.kind != "passed":
            _reason(case, made)
        if case.said:
            SubElement(made, "system-out").text = "\n".join(map(_text, case.said))


def _reason(case: _Case, made: Element) -> None:
    first, *more = map(_text, case.reasons)
    element = SubElement(made, case.kind, {"message": first})
    if case.code:
        element.set("type", case.code)
        element.text = "\n".join([first, *more])


def _text(words: str) -> str:
    """On one line, without characters that XML forbids."""
    return plain(words).replace("\n", " ")
