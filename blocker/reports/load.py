"""How full a week is, as a bar that can be read without colour, and who has room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from rich.console import Console
from rich.text import Text

from blocker.domain.capacity import Capacity, WeekCapacity
from blocker.domain.hours import MONTHS
from blocker.domain.interval import duration_text
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint
from blocker.reports.terminal import glyphs_of
from blocker.reports.wording import listed

_CELLS = 10
_NEARLY_FULL = 90


def load_text(minutes: Capacity, out: Console) -> Text:
    """'████······  38%'; what is too much ends in '>', and where there is no time words say so."""
    block, _, free = glyphs_of(out)
    percent = minutes.load_percent
    if percent is None or not minutes.usable:
        return Text(no_time(minutes), "bold red" if minutes.needed else "dim")
    if percent > 100:
        return Text(f"{block * (_CELLS - 1)}> {percent:3d}%", "bold red")
    cells = round(percent * _CELLS / 100)
    if 0 < percent < 100:
        cells = min(max(cells, 1), _CELLS - 1)
    text = Text(block * cells, "yellow" if percent > _NEARLY_FULL else "green")
    text.append(free * (_CELLS - cells), "dim")
    return text.append(f" {percent:3d}%", "")


def no_time(minutes: Capacity) -> str:
    """What is lacking where no block could stand."""
    if not minutes.working:
        return "no working time"
    return "no usable time" if minutes.free else "no free time"


def loads_line(sprint: Sprint, weeks: Iterable[WeekCapacity], out: Console) -> Text | None:
    """The load of each week in one line; None where nothing is needed, or no week has hours."""
    shown = [week for week in weeks if week.minutes.working or week.minutes.needed]
    if not any(week.minutes.needed for week in shown):
        return None
    if not any(week.minutes.working for week in shown):
        return None
    line = Text("load")
    for week in shown:
        line.append(f"  {week_text(sprint, week.number)} ").append(load_text(week.minutes, out))
    return line


def week_text(sprint: Sprint, number: int) -> str:
    """Seven days of a sprint by their number, as '4-10 Jan' or '28 Dec-3 Jan'."""
    first = sprint.first_day + timedelta(days=7 * (number - 1))
    last = min(first + timedelta(days=6), sprint.last_day)
    end = f"{last.day} {MONTHS[last.month - 1]}"
    if first == last:
        return end
    start = (
        f"{first.day}" if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"
    )
    return f"{start}-{end}"


def room_left(rooms: Iterable[tuple[Member, int]]) -> str:
    """Who could take on how many minutes more, the most first; empty when nobody could.

    A member whose room is less than the shortest block has none.
    """
    some = [
        (member, minutes)
        for member, minutes in rooms
        if minutes and timedelta(minutes=minutes) >= member.rules.shortest
    ]
    some.sort(key=lambda one: -one[1])
    if not some:
        return ""
    named = [
        f"{member.name} ({duration_text(timedelta(minutes=minutes))})" for member, minutes in some
    ]
    return f"Room is left with {listed(named)}."
