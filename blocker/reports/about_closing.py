"""The end of a sprint: what there is to decide, and the record that is kept."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.closing import ClosedTask, Closing, ClosingPreview, Fate, Unfinished, Whither
from blocker.domain.hours import day_text
from blocker.domain.interval import duration_text
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.team import Team
from blocker.reports import wording
from blocker.reports.about_amendments import sprint_name
from blocker.reports.as_json import instant, minutes, sprint_json
from blocker.reports.terminal import hanging, plain

CSV_HEADER = ("id", "title", "owner", "estimate", "stood", "remaining", "to")


def question(one: Unfinished, team: Team) -> str:
    """What is known of an unfinished task, before it is asked about."""
    task = one.task
    return (
        f"{task.named} ({team.name_of(task.owner)}): {duration_text(one.stood)} of "
        f"{duration_text(task.estimate)} have passed"
    )


def show_preview(shown: ClosingPreview, team: Team, out: Console) -> None:
    """Each unfinished task with what is proposed for it."""
    out.print(Text(wording.sprint_line(shown.sprint, shown.state), "bold"))
    name = shown.sprint.name
    if not shown.unfinished:
        out.print(Text(f"Nothing is unfinished: blocker close {name}"))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for title in ("unfinished", "", "owner", "estimate", "passed", "left?", "to?"):
        right = title in ("estimate", "passed", "left?")
        table.add_column(title, justify="right" if right else "left", overflow="fold")
    for one in shown.unfinished:
        table.add_row(
            one.task.id,
            plain(one.task.title),
            plain(team.name_of(one.task.owner)),
            duration_text(one.task.estimate),
            duration_text(one.stood),
            duration_text(one.proposal.remaining) if one.proposal.remaining else "",
            _whither(one, shown),
        )
    out.print(table)
    if early := _early(shown.sprint, shown.report.now):
        out.print(hanging("! ", Text(early), "yellow"))
    out.print(
        Text(
            "What is left, only its owner knows: ask, then run it in a terminal (blocker close "
            f"{name}), or write the answers into a file:"
        )
    )
    out.print(Text(f"  blocker close {name} --preview --format csv > plan.csv"))
    out.print(Text(f"  blocker close {name} --plan plan.csv"))


def _early(sprint: Sprint, now: datetime) -> str | None:
    """A sentence for a sprint that is closed before it ends."""
    if now >= sprint.interval.end:
        return None
    last = day_text(sprint.interval.end - timedelta.resolution, sprint.zone)
    return f"{sprint.name} runs until {last}; its blocks to come go with the next: blocker book"


def _whither(one: Unfinished, shown: ClosingPreview) -> str:
    is_next = one.proposal.to is Whither.NEXT
    return f"{one.proposal.to} ({shown.following.name})" if is_next else f"{one.proposal.to}?"


def preview_csv(shown: ClosingPreview, team: Team) -> str:
    """A closing plan with what is proposed, to be filled in.

    Whether a task whose time has passed is done, only its owner knows: that stays empty.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    for one in shown.unfinished:
        task = one.task
        writer.writerow(
            _as_text(cell)
            for cell in (
                task.id,
                task.title,
                team.name_of(task.owner),
                _plain_duration(task.estimate),
                _plain_duration(one.stood),
                _plain_duration(one.proposal.remaining) if one.proposal.remaining else "",
                "" if one.proposal.to is Whither.DONE else one.proposal.to.value,
            )
        )
    return text.getvalue()


def _as_text(cell: str) -> str:
    """No spreadsheet takes it for a formula."""
    flat = " ".join(plain(cell).split())
    return f"'{flat}" if flat.startswith(("=", "+", "-", "@", "{=")) else flat


def _plain_duration(span: timedelta) -> str:
    return f"{span // timedelta(minutes=1)}m"


def preview_json(shown: ClosingPreview) -> dict[str, Any]:
    """As `blocker.closing-preview/1`."""
    return {
        "schema": "blocker.closing-preview/1",
        "sprint": sprint_json(shown.sprint, shown.state),
        "next": shown.following.name,
        "unfinished": [
            {
                "task": one.task.id,
                "title": one.task.title,
                "member": one.task.owner,
                "estimate_minutes": minutes(one.task.estimate),
                "stood_minutes": minutes(one.stood),
                "remaining_minutes": minutes(one.proposal.remaining),
                "to": one.proposal.to.value,
            }
            for one in shown.unfinished
        ],
    }


def closing_lines(closing: Closing, team: Team) -> Iterator[str]:
    """What came of the sprint, in sentences."""
    sprint = team.sprints.sprint(closing.sprint)
    yield wording.sprint_line(sprint, SprintState.CLOSED)
    yield from record_lines(closing, team)
    if carried := [one for one in closing.tasks if one.fate is Fate.CARRIED]:
        yield "Unfinished tasks go on:"
        yield from (f"  {_carried(one, team)}" for one in carried)
    early = _early(sprint, closing.closed_at)
    yield f"{closing.sprint_name} is closed." + (f" {early}." if early else "")


def record_lines(closing: Closing, team: Team) -> Iterator[str]:
    """The record: tasks by what became of them, and minutes."""
    promised = sum(one.was_promised for one in closing.tasks)
    pulled = sum(one.was_pulled for one in closing.tasks)
    added = sum(not (one.was_promised or one.was_pulled) for one in closing.tasks)
    parts = [
        f"{wording.counted(promised, 'task')} promised" if closing.was_accepted else "",
        f"{pulled} pulled" if pulled else "",
        f"{added} added" if added and closing.was_accepted else "",
        f"{closing.count(Fate.DONE)} done",
        f"{closing.count(Fate.CARRIED)} carried over",
        f"{closing.count(Fate.DROPPED)} dropped" if closing.count(Fate.DROPPED) else "",
    ]
    yield ", ".join(part for part in parts if part) + "."
    word = "promised" if closing.was_accepted else "planned (never accepted)"
    out = f", {duration_text(closing.taken_out)} taken out since" if closing.taken_out else ""
    yield (
        f"{duration_text(closing.promised)} {word}{out}, {duration_text(closing.standing)} kept, "
        f"{duration_text(closing.stood)} stood in calendars."
    )


def _carried(one: ClosedTask, team: Team) -> str:
    where = sprint_name(one.to, team) if one.to else "the backlog"
    owner = team.name_of(one.owner)
    return plain(
        f"{one.id} “{one.title}” ({owner}): {duration_text(one.remaining)} left, to {where}"
    )


def closing_json(closing: Closing, team: Team) -> dict[str, Any]:
    """As `blocker.closing/1`."""
    sprint = team.sprints.sprint(closing.sprint)
    return {
        "schema": "blocker.closing/1",
        "sprint": sprint_json(sprint, SprintState.CLOSED),
        "at": instant(closing.closed_at, team.zone),
        "by": closing.closed_by,
        "was_accepted": closing.was_accepted,
        "minutes": {
            "promised": minutes(closing.promised),
            "taken_out": minutes(closing.taken_out),
            "standing": minutes(closing.standing),
            "stood": minutes(closing.stood),
        },
        "tasks": [
            {
                "task": one.id,
                "title": one.title,
                "member": one.owner,
                "fate": one.fate.value,
                "promised": one.was_promised,
                "pulled": one.was_pulled,
                "estimate_minutes": minutes(one.estimate),
                "standing_minutes": minutes(one.standing),
                "stood_minutes": minutes(one.stood),
                "remaining_minutes": minutes(one.remaining),
                "to": None if one.fate is not Fate.CARRIED else sprint_name(one.to, team),
            }
            for one in closing.tasks
        ],
    }
