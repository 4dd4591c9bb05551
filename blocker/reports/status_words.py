"""What `status` says, in sentences: of one member, and of a team to its manager."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from blocker.domain.finding import Code, MemberAudit, Severity, TaskAudit
from blocker.domain.hours import day_of, day_text, moment_text, span_text
from blocker.domain.interval import Interval, duration_text
from blocker.domain.member import Member
from blocker.domain.sprint import SprintState
from blocker.domain.status import MemberStatus, Present, SprintAtAGlance, Status, StepKind, Work
from blocker.domain.team import Team
from blocker.reports.about_closing import record_lines
from blocker.reports.wording import counted, listed

_SOON = timedelta(days=4)
"""So long before it begins a sprint should be accepted."""

_NAMED = 8
"""So many tasks at risk are named where there are more."""


def now_text(one: MemberStatus, status: Status, member: Member) -> str:
    """What the member does now: 'T-1 “Landing page” until 11:00'."""
    report, zone = status.report, member.zone
    name = report.sprint.name
    if status.is_over:
        ended = day_text(report.sprint.interval.end - timedelta.resolution, zone)
        return f"{name} is over since {ended}, and not closed"
    if not status.is_running:
        return f"{name} has not begun; it begins {day_text(report.sprint.interval.start, zone)}"
    said = _present(one.present, report.now, zone)
    return said if one.audit.is_seen else f"{said}, as far as the calendars could be read"


def _present(present: Present, now: datetime, zone: ZoneInfo) -> str:
    if not present.works and present.is_away and present.busy_until:
        return f"away {until(present.busy_until, now, zone)}"
    taken = ""
    if present.busy_until:
        word = "though also" if present.works else ""
        taken = f"{word} busy {until(present.busy_until, now, zone)}".strip()
    if not present.works:
        return "nothing is booked now" + (f"; {taken}" if taken else "")
    works = [f"{_named(one)} {until(one.interval.end, now, zone)}" for one in present.works]
    return listed(works) + (f", {taken}" if taken else "")


def until(end: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'until 11:00', with the day where it is another."""
    is_today = day_of(end, zone) == day_of(now, zone)
    return f"until {end.astimezone(zone):%H:%M}" if is_today else f"until {moment_text(end, zone)}"


def _named(work: Work) -> str:
    return f"{work.task} “{work.title}”"


def next_text(one: MemberStatus, status: Status, member: Member) -> str:
    """The next block, and how many come after it."""
    name, now, zone = status.report.sprint.name, status.report.now, member.zone
    left = [task for task in one.tasks if task.is_owed]
    if status.is_over:
        still = f"{listed(task.task for task in left)} still open" if left else "no task is open"
        return f"no time is left in {name}; {still}"
    if not one.ahead:
        return f"no more blocks in {name}" if status.is_running else f"no blocks in {name} yet"
    first, *rest = one.ahead
    after = _after(rest, now, zone)
    return f"{_when(first.interval, now, zone)} {_named(first)}" + (f"; {after}" if after else "")


def _when(span: Interval, now: datetime, zone: ZoneInfo) -> str:
    days = (day_of(span.start, zone) - day_of(now, zone)).days
    if days > 1:
        return span_text(span, zone)
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    return f"{'tomorrow' if days else 'today'} {start:%H:%M}-{end:%H:%M}"


def _after(rest: list[Work], now: datetime, zone: ZoneInfo) -> str:
    """'then 2 more today, 5 later this week, 3 after this week (12h)'."""
    today = day_of(now, zone)
    sunday = today + timedelta(days=6 - today.weekday())
    days = [day_of(work.interval.start, zone) for work in rest]
    counts = (
        (sum(day == today for day in days), "more today"),
        (sum(today < day <= sunday for day in days), "later this week"),
        (sum(day > sunday for day in days), "after this week"),
    )
    said = [f"{number} {word}" for number, word in counts if number]
    if not said:
        return ""
    hours = duration_text(sum((work.interval.length for work in rest), timedelta()))
    return f"then {', '.join(said)} ({hours})"


def step_text(one: MemberStatus, status: Status, member: Member) -> str:
    """What to do next, with its command; empty where there is nothing."""
    if one.step is None:
        return ""
    name = status.report.sprint.name
    about = f"--for {member.id} --sprint {name}"
    tasks = listed(one.step.tasks) if one.step.tasks else ""
    first = one.step.tasks[0] if one.step.tasks else ""
    match one.step.kind:
        case StepKind.CLOSE if first:
            return (
                f"What of this is finished? blocker done {first} says so; then a manager ends the "
                f"sprint: blocker close {name}"
            )
        case StepKind.CLOSE:
            return f"A manager ends the sprint with: blocker close {name}"
        case StepKind.READ:
            return "Not all calendars can be read; what to do is said by: blocker doctor"
        case StepKind.BOOK:
            return f"{_lacks(one.audit, one.step.tasks)}; mend it with: blocker book {about}"
        case StepKind.LOOK:
            return f"{tasks} not in order; what is wrong is said by: blocker audit {about}"
        case StepKind.FINISH:
            return (
                f"All the time of {tasks} has passed. Finished: blocker done {first}. Not yet: "
                f"blocker more {first} TIME --because TEXT. Did not happen: blocker missed {first}"
            )
        case StepKind.PULL:
            return f"Nothing is left to do in {name}; take work on with: blocker pull"
        case StepKind.ACCEPT:
            return (
                "Every task has its time; a manager accepts the sprint with: "
                f"blocker accept --sprint {name}"
            )
        case StepKind.TAKE_IN if status.unclosed:
            over = status.unclosed[0].sprint.name
            return (
                f"{over} is over and not closed: blocker done ID says what of it is finished; then "
                f"a manager ends it: blocker close {over}"
            )
        case StepKind.TAKE_IN:
            return no_tasks(status)


def no_tasks(status: Status) -> str:
    """What is said where nobody in question has anything to do."""
    name = status.report.sprint.name
    return f"No task is open in {name}; take some in with: blocker import tasks.csv --sprint {name}"


def _lacks(audit: MemberAudit, tasks: tuple[str, ...]) -> str:
    """'T-3 lacks 2h'; of several what they lack in sum."""
    own = [task for task in audit.tasks if task.task in tasks]
    lacking = sum((task.estimate - task.standing for task in own), timedelta())
    verb = "lacks" if len(tasks) == 1 else "lack"
    if not lacking:
        return f"{listed(tasks)} {'is' if len(tasks) == 1 else 'are'} not in order"
    return f"{listed(tasks)} {verb} {duration_text(lacking)} in the calendar"


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
    open_tasks = sum(task.is_owed for one in status.members for task in one.tasks)
    why = "every task has its time"
    if wrong:
        verb = "is" if len(wrong) == 1 else "are"
        hours = f", {duration_text(lacking)} lacking" if lacking else ""
        why = f"{len(wrong)} of {counted(open_tasks, 'task')} {verb} not in order{hours}"
    since = day_text(report.sprint.interval.start, team.zone)
    return f"{name} runs since {since} and is not accepted: {why}. blocker accept --sprint {name}"


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
            f"{team.short_name(one.member)}: {_lacks(one.audit, lacking)}"
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
