"""Who works on what on which day: a team's blocks as a grid of members and days.

Everything that is no block for a task is only "busy", and only within working hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from blocker.domain.finding import AuditReport, Code, Finding, MemberAudit, Severity, TaskAudit
from blocker.domain.hours import MONTHS, WEEKDAYS, days_of, local_day
from blocker.domain.interval import Interval, intersect, subtract
from blocker.domain.member import Member
from blocker.domain.team import Team
from blocker.reports.wording import by_severity

WEEK = 7

MARKS = {
    Code.CONFLICT: "overlapped",
    Code.DOUBLE_BOOKED: "two at once",
    Code.OUT_OF_ORDER: "too soon",
    Code.AFTER_DUE: "after due",
    Code.BEFORE_START: "before it may",
    Code.OUTSIDE_SPRINT: "outside sprint",
    Code.SHOWN_FREE: "shown as free",
    Code.DECLINED: "declined",
    Code.ALL_DAY: "names no hour",
    Code.CONTESTED: "invitation on it",
    Code.MOVED: "moved",
    Code.SHRUNK: "shorter",
    Code.STRETCHED: "longer",
    Code.OUTSIDE_HOURS: "outside hours",
    Code.DAY_OFF: "free day",
}
"""What a block is marked with when a finding is about it."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something in a day.  `kind` is `work`, `gone` (a block that was deleted) or `busy`.

    `when` is by the member's clock.  `mark` says in words what is wrong, empty when nothing is;
    `grade` how grave that is: `error`, `warning`, `info` or empty.
    """

    kind: str
    when: str
    name: str
    task: str = ""
    mark: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One member's day; `off` says why there is no work, empty on a working day."""

    name: str
    items: tuple[Item, ...]
    off: str


@dataclass(frozen=True, slots=True)
class Row:
    member: Member
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A column.  `is_free`: nobody works on that day, or has anything in it."""

    weekday: str
    day: str
    is_today: bool
    is_free: bool


@dataclass(frozen=True, slots=True)
class Week:
    name: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]


def weeks_of(report: AuditReport, team: Team) -> Iterator[Week]:
    """A grid for each seven days of the sprint, each member's days by that member's clock."""
    people = [(team.member(one.member), one, _placed(one)) for one in report.members]
    held = {
        day
        for member, _, items in people
        for span, _ in items
        for day in days_of(span, member.zone)
    }
    today = report.now.astimezone(team.zone).date()
    for number, days in enumerate(_chunks(report, held), 1):
        rows = tuple(
            Row(member, tuple(_day(member, day, items, audit.busy) for day in days))
            for member, audit, items in people
        )
        heads = [
            Head(
                WEEKDAYS[day.weekday()].capitalize(),
                f"{day.day} {MONTHS[day.month - 1]}",
                day == today,
                all(row.days[k].off and not row.days[k].items for row in rows),
            )
            for k, day in enumerate(days)
        ]
        yield Week(f"Week {number}", tuple(heads), rows)


def _chunks(report: AuditReport, held: set[date]) -> list[list[date]]:
    """The sprint's days by sevens; where a member's clock reaches over an edge, a day more."""
    first, last = report.sprint.first_day, report.sprint.last_day
    weeks = max(1, -(-((last - first).days + 1) // WEEK))
    days = {first + timedelta(days=k) for k in range((last - first).days + 1)}
    near = {first - timedelta(days=1), last + timedelta(days=1)} & held
    chunks: list[list[date]] = [[] for _ in range(weeks)]
    for day in sorted(days | near):
        chunks[min(max((day - first).days // WEEK, 0), weeks - 1)].append(day)
    return chunks


def _placed(audit: MemberAudit) -> list[tuple[Interval, Item]]:
    """A member's blocks, those that are gone too, and when; not yet in words."""
    found: list[tuple[Interval, Item]] = []
    for task in audit.tasks:
        for block in task.blocks:
            mark, grade = _mark(task, block.interval)
            found.append((block.interval, Item("work", "", task.title, task.task, mark, grade)))
        for one in task.findings:
            if one.code is Code.DELETED and one.span is not None:
                item = Item("gone", "", task.title, task.task, "gone", one.severity.value)
                found.append((one.span, item))
    return found


def _mark(task: TaskAudit, block: Interval) -> tuple[str, str]:
    """What is wrong with a block, the gravest first, and how grave that is."""
    if not task.is_owed:
        return task.state.value, Severity.INFO.value
    about = by_severity(one for one in task.findings if _is_about(one, block))
    words = dict.fromkeys(MARKS[one.code] for one in about)
    return ", ".join(words), about[0].severity.value if about else ""


def _is_about(finding: Finding, block: Interval) -> bool:
    """A finding's span is the block's own, or the part of it that lies in odd hours."""
    if finding.code not in MARKS or finding.span is None:
        return False
    if finding.code in (Code.OUTSIDE_HOURS, Code.DAY_OFF):
        return block.contains(finding.span)
    return finding.span == block


def _day(
    member: Member, day: date, items: Sequence[tuple[Interval, Item]], busy: Sequence[Interval]
) -> Day:
    whole, hours = local_day(day, member.zone), member.hours.on(day)
    parts = [(part, item) for span, item in items if (part := span.meet(whole))]
    taken = intersect(busy, hours)
    is_full = bool(taken) and not subtract(hours, taken)
    parts += [(one, Item("busy", "", "busy")) for one in (taken[:1] if is_full else taken)]
    shown = [
        replace(item, when=_when(part, whole, member, is_full and item.kind == "busy"))
        for part, item in sorted(parts, key=lambda one: one[0])
    ]
    why = "" if hours else member.holiday_names.get(day, "off")
    return Day(f"{WEEKDAYS[day.weekday()].capitalize()} {day.day}", tuple(shown), why)


def _when(span: Interval, whole: Interval, member: Member, is_full: bool) -> str:
    if is_full or span == whole:
        return "all day"
    start, end = span.start.astimezone(member.zone), span.end.astimezone(member.zone)
    return f"{start:%H:%M}–{'24:00' if span.end == whole.end else format(end, '%H:%M')}"
