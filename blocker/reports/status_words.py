"""What `status` says to one member: now, next, and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from blocker.domain.finding import MemberAudit
from blocker.domain.hours import day_of, day_text, moment_text, span_text
from blocker.domain.interval import Interval, duration_text
from blocker.domain.member import Member
from blocker.domain.status import MemberStatus, Present, Status, StepKind, Work
from blocker.reports.wording import listed


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
        case StepKind.CLOSE:
            return _to_close(first, name)
        case StepKind.READ:
            return "Not all calendars can be read; what to do is said by: blocker doctor"
        case StepKind.BOOK:
            return (
                f"{lacks(one.audit, one.step.tasks)}; mend it with: blocker book {about}; where "
                f"there is no room, blocker why {first} says what helps"
            )
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
            return f"{over} is over and not closed. {_to_close('ID', over)}"
        case StepKind.TAKE_IN:
            return no_tasks(status)


def _to_close(task: str, sprint: str) -> str:
    """What of a sprint that is over is finished, its owners say; then it is closed."""
    said = f"What of it is finished? blocker done {task} says so. " if task else ""
    return f"{said}A manager ends it with: blocker close {sprint}"


def no_tasks(status: Status) -> str:
    """What is said where nobody in question has anything to do."""
    name = status.report.sprint.name
    return f"No task is open in {name}; take some in with: blocker import tasks.csv --sprint {name}"


def lacks(audit: MemberAudit, tasks: tuple[str, ...]) -> str:
    """'T-3 lacks 2h'; of several what they lack in sum."""
    own = [task for task in audit.tasks if task.task in tasks]
    lacking = sum((task.estimate - task.standing for task in own), timedelta())
    verb = "lacks" if len(tasks) == 1 else "lack"
    if not lacking:
        return f"{listed(tasks)} {'is' if len(tasks) == 1 else 'are'} not in order"
    return f"{listed(tasks)} {verb} {duration_text(lacking)} in the calendar"
