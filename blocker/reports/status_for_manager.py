"""What `status` says to a manager: what is urgent, what is at risk, what there is to decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from blocker.domain.finding import Code, Severity, TaskAudit
from blocker.domain.hours import day_text
from blocker.domain.interval import duration_text
from blocker.domain.sprint import SprintState
from blocker.domain.status import SprintAtAGlance, Status
from blocker.domain.team import Team
from blocker.reports.about_closing import record_lines
from blocker.reports.status_words import lacks
from blocker.reports.wording import counted

_SOON = timedelta(days=4)
"""So long before it begins a sprint should be accepted."""

_NAMED = 8
"""So many tasks at risk are named where there are more."""


def closed_lines(status: Status, team: Team) -> Iterator[str]:
    """What came of a sprint that was closed: the team's record, or one member's tasks."""
    name = status.report.sprint.name
    if status.closing is None:
        yield f"{name} is closed, and its record is no longer kept."
        return
    yield f"{name} was closed {day_text(status.closing.closed_at, team.zone)}."
    yield from record_lines(status.closing, team)


def is_unaccepted(status: Status) -> bool:
    """It runs, and nobody has accepted it."""
    is_planned = status.report.sprint_state is SprintState.PLANNED
    return is_planned and status.is_running and any(one.tasks for one in status.members)


def loud_text(status: Status, team: Team) -> str:
    """What a manager is told first; empty where nothing is that urgent."""
    report = status.report
    name = report.sprint.name
    if status.is_over:
        left = sum(task.is_owed for one in status.members for task in one.tasks)
        ended = day_text(report.sprint.interval.end - timedelta.resolution, team.zone)
        return (
            f"{name} is over since {ended} and not closed, {counted(left, 'task')} still open: "
            f"blocker close {name} --preview"
        )
    if not is_unaccepted(status):
        return ""
    wrong = [task for one in status.members for task in one.tasks if not task.ok and task.is_owed]
    lacking = sum((task.estimate - task.standing for task in wrong), timedelta())
    why = "every task has its time, so do it with"
    if wrong:
        open_tasks = sum(task.is_owed for one in status.members for task in one.tasks)
        verb = "is" if len(wrong) == 1 else "are"
        hours = f", {duration_text(lacking)} lacking" if lacking else ""
        tasks = counted(open_tasks, "task")
        why = f"{len(wrong)} of {tasks} {verb} not in order{hours}; once that is mended"
    since = day_text(report.sprint.interval.start, team.zone)
    return f"{name} runs since {since} and is not accepted: {why}: blocker accept --sprint {name}"


def needs(status: Status, team: Team) -> list[str]:
    """A line for each thing that needs the manager: calendars, tasks, tasks of nobody."""
    said = [
        f"{team.short_name(one.member)}: {finding.message}"
        for one in status.members
        for finding in one.audit.findings
        if finding.code in (Code.UNREADABLE, Code.UNVERIFIABLE)
        and finding.severity is Severity.ERROR
    ]
    if status.is_over:
        return said
    if status.report.sprint_state is SprintState.ACCEPTED:
        tasks = [
            f"{team.short_name(one.member)}: {_at_risk(task)}"
            for one in status.members
            for task in one.tasks
            if task.is_owed and not task.ok
        ]
        if len(tasks) > _NAMED + 1:
            more = f"{len(tasks) - _NAMED} more; all of them: blocker audit"
            tasks = [*tasks[:_NAMED], f"{more} --sprint {status.report.sprint.name}"]
        said += tasks
    else:
        said += [
            f"{team.short_name(one.member)}: {lacks(one.audit, lacking)}"
            for one in status.members
            if (lacking := tuple(t.task for t in one.tasks if t.is_owed and not t.ok))
        ]
    return [*said, *status.report.orphans]


def _at_risk(task: TaskAudit) -> str:
    """What a promised task lacks, and why."""
    name = f"{task.task} “{task.title}”"
    lacking = task.estimate - task.standing
    hours = f" lacks {duration_text(lacking)} of {duration_text(task.estimate)}"
    reasons = [
        finding.message.removeprefix(f"{name}: ")
        for finding in task.findings
        if finding.code is Code.DELETED
        or (finding.severity is Severity.ERROR and finding.code not in (Code.SHORT, Code.MISSING))
    ]
    why = f": {reasons[0]}" if reasons else ""
    return f"{name} is at risk{',' if lacking else ''}{hours if lacking else ''}{why}"


def late_lines(status: Status, team: Team) -> Iterator[str]:
    """Requests that came too late, who asked for them, and where they wait."""
    for one in status.late:
        title = status.titles.get(one.task or "")
        named = f"{one.task} “{title}”" if title else f"{one.task}"
        where = team.sprints.sprint(one.to).name if one.to else "the backlog"
        asked = f", asked for by {one.asked_by}" if one.asked_by else ""
        yield f"{named}{asked}, {day_text(one.at, team.zone)}, waits in {where}"


def decisions(status: Status, team: Team) -> list[str]:
    """What a manager has to decide, the most pressing first; three at most."""
    name = status.report.sprint.name
    said = [_unclosed(one, team) for one in status.unclosed]
    is_accepted = status.report.sprint_state is SprintState.ACCEPTED
    tasks = [task for one in status.members for task in one.tasks]
    owed = [task for task in tasks if task.is_owed]
    if is_accepted and not status.is_over and (wrong := [task for task in owed if not task.ok]):
        is_short = any(task.estimate > task.standing for task in wrong)
        book = f"blocker book --sprint {name} mends what has room, " if is_short else ""
        said.append(
            f"{counted(len(wrong), 'task')} at risk: {book}blocker why {wrong[0].task} says what "
            f"{'else ' if book else ''}helps"
        )
    if is_accepted and tasks and not owed:
        said.append(f"Every task of {name} is done: blocker pull, or blocker close {name}")
    if status.following is not None and (words := _following(status.following, status)):
        said.append(words)
    return said[:3]


def _unclosed(one: SprintAtAGlance, team: Team) -> str:
    ended = day_text(one.sprint.interval.end - timedelta.resolution, team.zone)
    left = f", {counted(one.tasks, 'task')} still open" if one.tasks else ""
    name = one.sprint.name
    return f"{name} is over since {ended} and not closed{left}: blocker close {name} --preview"


def _following(one: SprintAtAGlance, status: Status) -> str:
    """The next sprint, where it begins soon and nobody has accepted it."""
    begins, name = one.sprint.interval.start, one.sprint.name
    if one.state is not SprintState.PLANNED or begins - status.report.now > _SOON:
        return ""
    when = day_text(begins, one.sprint.zone)
    if not one.tasks:
        return f"{name} begins {when} and has no tasks: blocker import tasks.csv --sprint {name}"
    size = f"{counted(one.tasks, 'task')}, {duration_text(one.needed)}"
    return f"{name} begins {when} and is not accepted ({size}): blocker accept --sprint {name}"
