"""What `accept` answers: yes with the seal, or no with all that is not covered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.commitment import Acceptance, Commitment, Excepted, Waiver
from blocker.domain.finding import AuditReport, MemberAudit, Severity, TaskAudit
from blocker.domain.interval import duration_text
from blocker.domain.team import Team
from blocker.reports import wording
from blocker.reports.as_json import audit_json, instant, minutes, sprint_json
from blocker.reports.terminal import hanging, plain, show_lines

ACCEPT_SCHEMA = "blocker.accept/1"


def show_acceptance(answer: Acceptance, team: Team, out: Console) -> None:
    """The verdict first, then what it rests on."""
    report = answer.report
    out.print(Text(wording.sprint_line(report.sprint, report.sprint_state), "bold"))
    out.print()
    if answer.commitment is not None:
        show_lines((plain(line) for line in _accepted(answer, answer.commitment, team)), out)
        return
    out.print(Text(plain(_refusal(report)), "bold red"))
    if any(_uncovered(report)):
        out.print()
        out.print(_table(report, team))
    for audited in report.members:
        for message in _besides_tasks(audited):
            name = team.short_name(audited.member)
            out.print(hanging("  x ", Text(plain(f"{name}: {message}")), "red"))
    for orphan in report.orphans:
        out.print(hanging("  x ", Text(plain(orphan)), "red"))
    out.print()
    show_lines((plain(line) for line in _ways_on(report)), out)


def _accepted(answer: Acceptance, accepted: Commitment, team: Team) -> Iterator[str]:
    name = accepted.sprint_name
    blocks = sum(len(task.blocks) for task in accepted.tasks)
    people = len({task.owner for task in accepted.tasks})
    yield (
        f"{name} is accepted by {team.member(accepted.accepted_by).name}: "
        f"{wording.counted(len(accepted.tasks), 'task')}, {duration_text(accepted.promised)}, "
        f"in {wording.counted(blocks, 'block')}, for {wording.counted(people, 'person', 'people')}."
    )
    for waiver in accepted.waivers:
        yield f"! {_waiver_words(waiver, team)}"
    for one in accepted.exceptions:
        yield f"! {_exception_words(one, team)}"
    yield f"Seal {answer.seal}" + (f", after {accepted.previous}" if accepted.previous else "")
    yield (
        f"From now on nothing new gets into {name}. What is late goes to the next sprint; what "
        f"moves shows in: blocker audit --sprint {name}"
    )


def _waiver_words(waiver: Waiver, team: Team) -> str:
    if waiver.member is not None:
        about = f"unreadable calendars of {team.member(waiver.member).name}"
    else:
        about = f"{waiver.task}" + (f", {waiver.code}" if waiver.code else "")
    return f"waived: {about}, because: {waiver.because}"


def _exception_words(one: Excepted, team: Team) -> str:
    tasks = wording.listed(one.tasks)
    name = team.member(one.member).name
    book = f"blocker book --for {one.member}"
    return (
        f"{name}'s tasks went to the next sprint ({tasks}), because: {one.because}; blocks that "
        f"still stand for them go with: {book}"
    )


def _uncovered(report: AuditReport) -> Iterator[tuple[MemberAudit, TaskAudit]]:
    for audited in report.members:
        for task in audited.tasks:
            if task.is_owed and not task.ok:
                yield audited, task


def _besides_tasks(audited: MemberAudit) -> Iterator[str]:
    for one in audited.findings:
        if one.task is None and one.severity is Severity.ERROR:
            yield one.message


def _refusal(report: AuditReport) -> str:
    name = report.sprint.name
    open_tasks = list(_uncovered(report))
    if not open_tasks:
        return f"{name} is not accepted: not all of it can be judged."
    lacking = sum((task.lacking for _, task in open_tasks), timedelta())
    owed = sum(task.is_owed for audited in report.members for task in audited.tasks)
    hours = f", {duration_text(lacking)} are lacking" if lacking else ""
    return (
        f"{name} is not accepted: {len(open_tasks)} of {wording.counted(owed, 'task')} "
        f"{'is' if len(open_tasks) == 1 else 'are'} not in order{hours}."
    )


def _table(report: AuditReport, team: Team) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for title in ("task", "", "owner", "estimate", "lacking", "what is wrong"):
        right = title in ("estimate", "lacking")
        table.add_column(title, justify="right" if right else "left", overflow="fold")
    for audited, task in _uncovered(report):
        codes = [one.code.value for one in task.findings if one.severity is Severity.ERROR]
        table.add_row(
            task.task,
            plain(task.title),
            plain(team.member(audited.member).name),
            duration_text(task.estimate),
            duration_text(task.lacking) if task.lacking else "",
            ", ".join(dict.fromkeys(codes)),
        )
    return table


def _ways_on(report: AuditReport) -> Iterator[str]:
    name = report.sprint.name
    yield f"What is wrong in detail, with messages to pass on: blocker audit --sprint {name}"
    first = next((task.task for _, task in _uncovered(report)), None)
    if first is not None:
        yield f"Accept one as it is: blocker accept --sprint {name} --waive {first} --because TEXT"


def acceptance_json(answer: Acceptance, team: Team) -> dict[str, Any]:
    """As `blocker.accept/1`, with the whole audit inside."""
    report, accepted = answer.report, answer.commitment
    zones = {one.id: one.zone for one in team.members}
    return {
        "schema": ACCEPT_SCHEMA,
        "now": instant(report.now, report.sprint.zone),
        "sprint": sprint_json(report.sprint, report.sprint_state),
        "accepted": accepted is not None,
        "by": accepted.accepted_by if accepted else None,
        "seal": answer.seal,
        "previous": accepted.previous if accepted else None,
        "promised_minutes": minutes(accepted.promised) if accepted else None,
        "uncovered": [
            {
                "task": task.task,
                "title": task.title,
                "member": audited.member,
                "estimate_minutes": minutes(task.estimate),
                "lacking_minutes": minutes(task.lacking),
                "codes": sorted(
                    {one.code.value for one in task.findings if one.severity is Severity.ERROR}
                ),
            }
            for audited, task in _uncovered(report)
        ],
        "waivers": [
            {
                "task": one.task,
                "code": one.code.value if one.code else None,
                "member": one.member,
                "because": one.because,
            }
            for one in (accepted.waivers if accepted else ())
        ],
        "exceptions": [
            {"member": one.member, "because": one.because, "tasks": list(one.tasks)}
            for one in (accepted.exceptions if accepted else ())
        ],
        "errors": list(report.errors),
        "audit": audit_json(report, zones),
    }
