"""Sentences that every report uses, so that table and Markdown say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from blocker.domain.block import TimeBlock
from blocker.domain.finding import AuditReport, Code, Finding, MemberAudit, Severity
from blocker.domain.hours import MONTHS, span_text
from blocker.domain.interval import duration_text
from blocker.domain.member import Member
from blocker.domain.plan import (
    Booking,
    ChangeKind,
    MemberBooking,
)
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.team import Team

_STATES = {
    SprintState.PLANNED: "not accepted",
    SprintState.ACCEPTED: "accepted",
    SprintState.CLOSED: "closed",
}


def sprint_line(sprint: Sprint, state: SprintState) -> str:
    """The first line of every table: 'S27, 4-17 Jan 2027, not accepted'."""
    first, last = sprint.first_day, sprint.last_day
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        start = f"{first.day}"
    elif first.year == last.year:
        start = f"{first.day} {MONTHS[first.month - 1]} "
    else:
        start = f"{first.day} {MONTHS[first.month - 1]} {first.year} "
    joint = "-" if start.isdigit() else "- "
    return f"{sprint.name}, {start}{joint}{end}, {_STATES[state]}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """'1 block', '3 blocks'."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'; of many the first five: 'a, b, c, d, e and 14 others'."""
    *first, last = list(words)
    if len(first) > _LISTED:
        first, last = first[:_LISTED], f"{len(first) + 1 - _LISTED} others"
    return f"{', '.join(first)} and {last}" if first else last


_LISTED = 5
"""So many are named where there are more; one besides them is named rather than counted."""


def question(booking: Booking) -> str:
    """What a person is asked before anything is written."""
    lacking = sum(len(member.unbooked) for member in booking.members)
    rest = f" ({counted(lacking, 'task')} not wholly booked)" if lacking else ""
    details, people = _details(booking)
    return f"Blocks: {details}, for {people}{rest}. Write this into the calendars?"


def _details(booking: Booking) -> tuple[str, str]:
    """The changes by kind, and the number of people they are for."""
    counts = [(booking.count(kind), word) for kind, word in _KINDS]
    people = sum(bool(member.changes) for member in booking.members)
    details = listed([f"{number} {word}" for number, word in counts if number] or ["none"])
    return details, counted(people, "person", "people")


_KINDS = (
    (ChangeKind.CREATE, "new"),
    (ChangeKind.MOVE, "moved"),
    (ChangeKind.UPDATE, "reworded"),
    (ChangeKind.REMOVE, "removed"),
    (ChangeKind.KEEP, "kept"),
)


def booking_sentence(booking: Booking) -> str:
    """What was written, what is not booked, and what that means."""
    return f"{_written(booking)} {_consequence(booking)}"


def _written(booking: Booking) -> str:
    changed = booking.count(*(kind for kind, _ in _KINDS if kind is not ChangeKind.KEEP))
    details, people = _details(booking)
    if booking.is_cut_short:
        return f"Interrupted, nothing was written. Blocks found by then: {details}, for {people}."
    if booking.dry_run and not changed:
        return "Rehearsal: nothing would be written."
    if booking.dry_run:
        return f"Rehearsal, nothing was written. Blocks: {details}, for {people}."
    if changed:
        return f"Written for {people}. Blocks: {details}."
    kept = booking.count(ChangeKind.KEEP)
    if not kept:
        return "Nothing is known to be written." if booking.errors else "Nothing was written."
    return f"Nothing had to be written: {counted(kept, 'block')} stood already."


def _consequence(booking: Booking) -> str:
    name = booking.sprint.name
    lacking = [one for member in booking.members for one in member.unbooked]
    if booking.is_disturbed:
        return "Something changed while it was being booked: see the warnings, and book again."
    if lacking:
        tasks = counted(len(lacking), "task")
        verb = "has" if len(lacking) == 1 else "have"
        hours = duration_text(sum((one.missing for one in lacking), timedelta()))
        return (
            f"{tasks} {verb} not all the time in the calendar, {hours} in sum, "
            f"so {name} cannot be accepted as it is."
        )
    if booking.errors:
        return f"Some calendars could not be reached, so {name} is not complete."
    if not any(task.sprint == booking.sprint.number for task in booking.tasks.values()):
        return f"{name} has no tasks yet; give it some with: blocker book TASKS.csv"
    if booking.has_orphans and booking.is_whole_team:
        return f"Some tasks of {name} belong to nobody in the team, so it cannot be accepted."
    if not booking.is_whole_team:
        names = listed(member.member.name for member in booking.members)
        return f"Every task of {names} in {name} has all its time."
    return f"Every task of {name} has all its time."


def minutes_line(member: MemberBooking) -> str:
    """A member's time from now on, in hours."""
    shown = member.minutes
    if not shown.working:
        asked = f", and {duration_text(timedelta(minutes=shown.needed))} needed"
        return f"no working time{asked if shown.needed else ''}"
    words = (
        ("working", shown.working),
        ("busy", shown.busy),
        ("free", shown.free),
        ("usable", shown.usable),
        ("needed", shown.needed),
        ("booked", shown.booked),
    )
    return ", ".join(f"{word} {duration_text(timedelta(minutes=value))}" for word, value in words)


def verdict(report: AuditReport, team: Team) -> str:
    """The audit's last word: on the sprint, or on the part of it that was audited."""
    headline, detail = verdict_parts(report, team)
    return f"{headline}: {detail}" if detail else f"{headline}."


def verdict_parts(report: AuditReport, team: Team) -> tuple[str, str]:
    """A headline such as 'S27 holds', and a sentence about it, empty where there is none."""
    name = f"{report.sprint.name}{of_whom(report, team, 'for')}"
    tasks = [task for member in report.members for task in member.tasks if task.is_owed]
    open_tasks = [task for task in tasks if not task.ok]
    committed = sum((member.committed for member in report.members), timedelta())
    standing = sum((member.on_calendar for member in report.members), timedelta())
    hours = f"{duration_text(standing)} of {duration_text(committed)}"
    broken = f"{name} {'does not hold yet' if report.accepted is None else 'no longer holds'}"
    if report.errors:
        return f"{name} cannot be judged", f"a calendar could not be reached. {hours} were seen."
    if report.orphans:
        return broken, f"some tasks belong to nobody in the team. {hours} stand."
    if not tasks and report.ok:
        return f"{name} has no tasks, so there is nothing to promise", ""
    if report.ok:
        return f"{name} holds", f"{counted(len(tasks), 'task')}, {hours} in the calendars."
    if not open_tasks:
        return broken, f"a calendar could not be read wholly. {hours} stand."
    lacking = f"{len(open_tasks)} of {counted(len(tasks), 'task')} not in order"
    return broken, f"{lacking}, {hours} stand."


def of_whom(report: AuditReport, team: Team, joint: str) -> str:
    """' for Ana Ruiz and Ben Carter' where the audit is about a part of the team, else nothing."""
    if len(report.members) == len(team.members) or not report.members:
        return ""
    return f" {joint} {listed(team.member(one.member).name for one in report.members)}"


def message_to(member: Member, audit: MemberAudit, sprint: Sprint) -> str:
    """What a manager can paste to a person with something open."""
    grave = [one for one in audit.findings if one.severity is Severity.ERROR]
    if audit.is_seen:
        opening = f"for {sprint.name} this is still open in your calendar:"
    else:  # what else was found missing may stand there
        opening = (
            f"for {sprint.name} not all of your calendars could be read, so it cannot be said "
            "whether your tasks stand in them:"
        )
        grave = [one for one in grave if one.code in _NOT_SEEN]
    lines = [f"Hi {member.name.split()[0]}, {opening}"]
    lines += [f"- {finding.message}" for finding in grave]
    return "\n".join([*lines, *advice(member, audit, sprint)])


def advice(member: Member, audit: MemberAudit, sprint: Sprint) -> list[str]:
    """What to do about a person's errors, a line for each thing to do."""
    grave = [one for one in audit.findings if one.severity is Severity.ERROR]
    if not audit.is_seen:
        return ["Once these calendars can be read, `blocker audit` says whether the tasks stand."]
    lines = []
    if tasks := {one.task for one in grave if one.code in _BOOKING_HELPS and one.task is not None}:
        book = f"`blocker book --for {member.id} --sprint {sprint.name}`"
        who, task = ("a task", "TASK") if len(tasks) > 1 else (min(tasks), min(tasks))
        lines.append(
            f"{book} books what has room. If {who} has none, `blocker why {task}` says why."
        )
    if any(one.code is Code.OUT_OF_ORDER for one in grave):
        lines.append(
            "A block that begins too soon is right again once the task that it waits for has all "
            "its time before it; if that cannot be, move the block."
        )
    return lines


_NOT_SEEN = (Code.UNREADABLE, Code.UNVERIFIABLE)

_BOOKING_HELPS = frozenset(
    {
        Code.MISSING,
        Code.SHORT,
        Code.AFTER_DUE,
        Code.BEFORE_START,
        Code.OUTSIDE_SPRINT,
        Code.SHOWN_FREE,
        Code.DECLINED,
        Code.ALL_DAY,
        Code.CONFLICT,
        Code.DOUBLE_BOOKED,
    }
)
"""Errors that `book` can mend in the calendar of the person who has them."""


def standing_word(audit: MemberAudit) -> str:
    """Whether a member's part holds, in a word or three."""
    return "holds" if audit.ok else "open" if audit.is_seen else "not all read"


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest first, then as they came."""
    return sorted(findings, key=lambda finding: finding.severity.rank)


QUIET = {
    Code.BY_TITLE: "recognised by title alone; an id such as [T-014] in the title makes it sure",
    Code.NO_OUTCOME: "tasks serve no outcome of the quarter",
}
"""Codes whose many findings a table counts instead of listing, and what it says of them."""


def undo_lines(
    sprint_name: str,
    blocks: Mapping[str, Sequence[TimeBlock]],
    stayed: Sequence[str],
    *,
    is_done: bool,
) -> list[str]:
    """What an undo took back, or would: a line for each block, and one that sums up."""
    lines = [
        f"{word}: {block.title}, {span_text(block.interval, block.zone)} ({block.member})"
        for word, ones in blocks.items()
        for block in ones
    ]
    lines += list(stayed)
    number = sum(len(ones) for ones in blocks.values())
    if not number:
        lines.append(f"{sprint_name}: there is nothing left to take back.")
    elif is_done:
        lines.append(f"{sprint_name}: {counted(number, 'block')} taken back; the tasks stay.")
    else:
        lines.append(
            f"{sprint_name}: {counted(number, 'block')} to take back; nothing was changed."
        )
    return lines
