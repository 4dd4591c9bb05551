"""Capacity for a person in a terminal, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.capacity import Capacity, MemberCapacity, TeamCapacity
from blocker.domain.hours import moment_text
from blocker.domain.interval import duration_text
from blocker.domain.team import Team
from blocker.reports.as_json import instant, sprint_json
from blocker.reports.load import load_text, no_time, room_left, week_text
from blocker.reports.terminal import hanging, plain
from blocker.reports.wording import listed, sprint_line

CAPACITY_SCHEMA = "blocker.capacity/1"


def show_capacity(answer: TeamCapacity, team: Team, out: Console) -> None:
    """Each member's weeks and their sum, what is needed for what, and what follows from it."""
    out.print(Text(sprint_line(answer.sprint, answer.state), "bold"))
    out.print(Text(_legend(answer), "dim"))
    out.print()
    if answer.members:
        out.print(_members(answer, team, out))
    if any(one.outcome is not None for one in answer.outcomes):
        out.print()
        out.print(_outcomes(answer))
    if answer.notes or answer.over:
        out.print()
    for sentence in _too_much(answer, team):
        out.print(hanging("x ", Text(plain(sentence)), "red"))
    for note in answer.notes:
        out.print(hanging("! ", Text(plain(note)), "yellow"))
    out.print()
    good = answer.fits and not answer.errors
    out.print(Text(plain(verdict(answer, team)), "bold green" if good else "bold red"))
    if not answer.is_over:
        rooms = [(team.member(one.member), one.room) for one in answer.members]
        out.print(Text(plain(room_left(rooms) or "Nobody has room left.")))


def _legend(answer: TeamCapacity) -> str:
    start = answer.sprint.interval.start
    since = ""
    if start < answer.now < answer.sprint.interval.end:
        since = f"from {moment_text(answer.now, answer.sprint.zone)} on; "
    return f"{since}usable: what work blocks could fill of free time; load: needed of usable"


def _members(answer: TeamCapacity, team: Team, out: Console) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("", overflow="fold")
    for name in ("working", "busy", "free", "usable", "needed"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("load", no_wrap=True)
    table.add_column("room", justify="right", no_wrap=True)
    for member in answer.members:
        name = plain(team.member(member.member).name)
        table.add_row(*_row(Text(name, "bold"), member.minutes, out))
        has_weeks = len(member.weeks) > 1 and member.minutes.usable
        for week in member.weeks if has_weeks else ():
            label = f"  {week_text(answer.sprint, week.number)}"
            table.add_row(*_row(Text(label), week.minutes, out))
    if len(answer.members) > 1:
        table.add_row()
        table.add_row(*_row(Text("all", "bold"), answer.minutes, out))
        for number, minutes in answer.weeks if len(answer.weeks) > 1 else ():
            table.add_row(*_row(Text(f"  {week_text(answer.sprint, number)}"), minutes, out))
    return table


def _row(label: Text, minutes: Capacity, out: Console) -> tuple[Text, ...]:
    shown = (minutes.working, minutes.busy, minutes.free, minutes.usable, minutes.needed)
    room = Text(_hours(minutes.room))
    if minutes.over:
        room = Text(f"-{_hours(minutes.over)}", "bold red")
    return (label, *(Text(_hours(value)) for value in shown), load_text(minutes, out), room)


def _hours(minutes: int) -> str:
    return duration_text(timedelta(minutes=minutes)) if minutes else "0h"


def _outcomes(answer: TeamCapacity) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("outcome", overflow="fold")
    table.add_column("tasks", justify="right", no_wrap=True)
    table.add_column("needed", justify="right", no_wrap=True)
    table.add_column("room of those who work on it", justify="right")
    for one in answer.outcomes:
        name = "without one" if one.outcome is None else plain(one.outcome)
        table.add_row(name, str(one.tasks), _hours(one.needed), _hours(one.room))
    return table


def _too_much(answer: TeamCapacity, team: Team) -> Iterator[str]:
    for member in answer.members:
        if not member.over:
            continue
        name, whole = team.member(member.member).name, member.minutes
        if not whole.usable:
            lacking = f"{no_time(whole)} in {answer.sprint.name}"
            yield f"{name} has {lacking}, and {_hours(whole.needed)} needed"
            continue
        if whole.over:
            yield (
                f"{name} has {_hours(whole.over)} too much: {_hours(whole.needed)} needed, "
                f"{_hours(whole.usable)} usable"
            )
            continue
        for week in member.weeks:
            if week.minutes.over:
                yield (
                    f"{name} has {_hours(week.minutes.over)} too much in "
                    f"{week_text(answer.sprint, week.number)}: {_hours(week.minutes.needed)} "
                    f"needed there, {_hours(week.minutes.usable)} usable"
                )


def verdict(answer: TeamCapacity, team: Team) -> str:
    """Whether what is planned has room, as far as hours tell."""
    name = answer.sprint.name
    if answer.is_over:
        return f"{name} is over: it has no time left."
    if answer.errors:
        return f"{name} cannot be judged whole: a calendar could not be reached."
    if answer.over:
        names = listed(team.member(one.member).name for one in answer.members if one.over)
        return f"{name} does not fit: too much for {names}."
    if answer.has_orphans:
        return f"Some tasks of {name} belong to nobody in the team."
    if len(answer.members) < len(team.members):
        name = f"{name} for {listed(team.member(one.member).name for one in answer.members)}"
    if not answer.minutes.needed:
        return f"{name}: no open task needs time."
    return (
        f"{name} fits by the hours; whether each task fits before it is due, "
        "blocker book --dry-run tells."
    )


def capacity_json(answer: TeamCapacity, team: Team) -> dict[str, Any]:
    """Capacity as `blocker.capacity/1`; instants in the member's zone, others in the team's.

    `room_minutes` and `over_minutes` are summed over weeks: what one lacks, another cannot give.
    """
    return {
        "schema": CAPACITY_SCHEMA,
        "now": instant(answer.now, answer.sprint.zone),
        "sprint": sprint_json(answer.sprint, answer.state),
        "members": [_member_json(member, team) for member in answer.members],
        "team": {
            "weeks": [
                {"week": number, **_minutes_json(minutes)} for number, minutes in answer.weeks
            ],
            **_minutes_json(answer.minutes),
            "room_minutes": answer.room,
            "over_minutes": answer.over,
        },
        "outcomes": [
            {
                "outcome": one.outcome,
                "tasks": one.tasks,
                "needed_minutes": one.needed,
                "room_minutes": one.room,
            }
            for one in answer.outcomes
        ],
        "errors": list(answer.errors),
    }


def _member_json(member: MemberCapacity, team: Team) -> dict[str, Any]:
    zone = team.member(member.member).zone
    return {
        "member": member.member,
        "weeks": [
            {
                "week": week.number,
                "start": instant(week.interval.start, zone),
                "end": instant(week.interval.end, zone),
                **_minutes_json(week.minutes),
            }
            for week in member.weeks
        ],
        **_minutes_json(member.minutes),
        "room_minutes": member.room,
        "over_minutes": member.over,
    }


def _minutes_json(minutes: Capacity) -> dict[str, Any]:
    return {
        "minutes": {
            "working": minutes.working,
            "busy": minutes.busy,
            "free": minutes.free,
            "usable": minutes.usable,
            "needed": minutes.needed,
        },
        "load_percent": minutes.load_percent,
    }
