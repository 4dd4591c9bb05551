"""Results for a person in a terminal; plain when piped.  Colour never carries meaning alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.hours import DAY_MINUTES, day_text, days_of, instant, local_day
from blocker.domain.interval import Interval, clip, duration_text, merge
from blocker.domain.plan import Booking, Change, ChangeKind, MemberBooking, Unbooked
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.domain.team import Team
from blocker.reports import wording
from blocker.reports.about_lack import lack_sentence, remedies_hint
from blocker.reports.load import loads_line, room_left
from blocker.reports.terminal import glyphs_of, hanging, member_head, plain

_CELL = 30
"""Minutes that one character of a day's strip stands for."""

_SIGNS = {
    ChangeKind.CREATE: ("+", "new", "green"),
    ChangeKind.MOVE: ("~", "moved", "yellow"),
    ChangeKind.UPDATE: ("*", "reworded", "yellow"),
    ChangeKind.REMOVE: ("-", "removed", "red"),
    ChangeKind.KEEP: ("=", "kept", ""),
}


def show_booking(booking: Booking, out: Console, *, is_question: bool = False) -> None:
    """Each member's weeks, what could not be booked, and what it means.

    `is_question`: nothing is written yet, and a question follows instead of a last sentence.
    """
    out.print(Text(wording.sprint_line(booking.sprint, booking.state), "bold"))
    if any(member.changes for member in booking.members):
        block, busy, free = glyphs_of(out)
        legend = f"each character half an hour: {block} work block, {busy} busy, {free} free"
        out.print(Text(legend, "dim"))
    for member in booking.members:
        _show_member(booking, member, out)
    for note in booking.notes:
        out.print(hanging("! ", Text(plain(note)), "yellow"))
    out.print()
    if not is_question:
        _show_sentence(booking, out)


def show_outcome(booking: Booking, shown: Booking, out: Console) -> None:
    """What became of a plan that was shown before: news for anybody, and the last sentence."""
    before = {member.member.id: member.warnings for member in shown.members}
    for member in booking.members:
        for warning in member.warnings:
            if warning not in before.get(member.member.id, ()):
                out.print(hanging("! ", Text(plain(warning)), "yellow"))
    _show_sentence(booking, out)


def _show_sentence(booking: Booking, out: Console) -> None:
    if any(member.unbooked for member in booking.members) and len(booking.members) > 1:
        rooms = [
            (member.member, sum(week.minutes.room for week in member.weeks))
            for member in booking.members
        ]
        if sentence := room_left(rooms):
            out.print(Text(plain(sentence)))
    good = booking.fits and not booking.errors and not booking.is_disturbed
    out.print(Text(wording.booking_sentence(booking), "bold green" if good else "bold red"))


def _show_member(booking: Booking, member: MemberBooking, out: Console) -> None:
    out.print()
    out.print(member_head(member.member))
    out.print(Text(f"  {wording.minutes_line(member)}"))
    if loads := loads_line(booking.sprint, member.weeks, out):
        out.print(Text("  ").append(loads))
    if member.changes:
        out.print(_weeks(booking, member, glyphs_of(out)))
    for lack in member.unbooked:
        sentence = lack_sentence(lack, member.member, booking.tasks)
        out.print(hanging("  x ", Text(plain(sentence)), "red"))
        show_remedies(lack, out)
    for warning in member.warnings:
        out.print(hanging("  ! ", Text(plain(warning)), "yellow"))


def show_remedies(lack: Unbooked, out: Console) -> None:
    """What would make a task fit, numbered, and how to apply one."""
    for number, remedy in enumerate(lack.remedies, 1):
        out.print(hanging(f"    {number} ", Text(plain(remedy.detail))))
    if hint := remedies_hint(lack):
        out.print(hanging("      ", Text(hint, "dim")))


def _weeks(booking: Booking, member: MemberBooking, glyphs: tuple[str, str, str]) -> Table:
    """A row for each day with work: a strip of the day, and the blocks by name."""
    span = booking.sprint.interval
    zone = member.member.zone
    blocks = [change.block.interval for change in member.changes]
    first, last = _hours_shown(member, [*blocks], span)
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_header=True)
    table.add_column("")
    table.add_column(_ruler(first, last), no_wrap=True, header_style="dim")
    table.add_column("", overflow="fold")
    for day in days_of(span, zone):
        whole = local_day(day, zone)
        mine = [change for change in member.changes if whole.holds(change.block.interval.start)]
        works = clip(member.member.hours.on(day), span)
        if mine or (works and whole.end > booking.now):
            table.add_row(
                f"  {day_text(whole.start, zone)}",
                _strip(member, day, mine, first, last, glyphs),
                _named(mine, member),
            )
    return table


def _hours_shown(
    member: MemberBooking, blocks: Sequence[Interval], span: Interval
) -> tuple[int, int]:
    """The first and last whole hour, in minutes, in which somebody works or a block stands."""
    zone = member.member.zone
    edges = [
        (wall.start, wall.end)
        for day in days_of(span, zone)
        for wall in member.member.hours.spans(day)
    ]
    for block in blocks:
        start = block.start.astimezone(zone)
        minutes = start.hour * 60 + start.minute
        edges.append((minutes, min(DAY_MINUTES, minutes + block.minutes)))
    first = min((start for start, _ in edges), default=9 * 60)
    last = max((end for _, end in edges), default=17 * 60)
    return first // 60 * 60, -(-last // 60) * 60


def _ruler(first: int, last: int) -> str:
    marks = range(first // 60, last // 60, 2)
    return "".join(f"{hour:<4d}" for hour in marks)[: (last - first) // _CELL].ljust(
        (last - first) // _CELL
    )


def _strip(
    member: MemberBooking,
    day: date,
    mine: Sequence[Change],
    first: int,
    last: int,
    glyphs: tuple[str, str, str],
) -> Text:
    """One character for each half hour; blank outside of hours."""
    zone = member.member.zone
    block, busy, free = glyphs
    blocks = merge(one.block.interval for one in mine if one.kind is not ChangeKind.REMOVE)
    hours = member.member.hours.on(day)
    strip = Text()
    for minute in range(first, last, _CELL):
        start, end = instant(day, minute, zone), instant(day, minute + _CELL, zone)
        cell = Interval(start, end) if start < end else None
        if cell and clip(blocks, cell):
            strip.append(block, "green")
        elif cell and clip(member.busy, cell):
            strip.append(busy, "dim")
        elif cell and clip(hours, cell):
            strip.append(free, "dim")
        else:
            strip.append(" ")
    return strip


def _named(mine: Iterable[Change], member: MemberBooking) -> Text:
    text = Text()
    for change in mine:
        sign, word, style = _SIGNS[change.kind]
        start = change.block.interval.start.astimezone(member.member.zone)
        end = change.block.interval.end.astimezone(member.member.zone)
        if text:
            text.append("\n")
        text.append(f"{sign} {start:%H:%M}-{end:%H:%M} ", style)
        text.append(plain(change.block.title))
        if change.kind is not ChangeKind.CREATE:
            text.append(f" ({word})", style)
    return text


def show_tasks(
    sprint: Sprint | None, state: SprintState, tasks: Sequence[Task], team: Team, out: Console
) -> None:
    """A line for each task of a sprint, or of the backlog."""
    out.print(Text(wording.sprint_line(sprint, state) if sprint else "backlog", "bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for name in ("id", "title", "owner", "estimate", "priority", "due", "sprint", "state"):
        table.add_column(name, justify="right" if name == "estimate" else "left")
    names = {member.id: member.name for member in team.members}
    for task in tasks:
        where = "backlog" if task.sprint is None else team.sprints.sprint(task.sprint).name
        table.add_row(
            task.id,
            plain(task.title),
            names.get(task.owner, task.owner),
            duration_text(task.estimate),
            str(task.priority),
            "" if task.due is None else str(task.due),
            where,
            task.state.value,
        )
    out.print(table)
    total = sum((task.estimate for task in tasks), timedelta())
    out.print(Text(f"{wording.counted(len(tasks), 'task')}, {duration_text(total)}", "bold"))
