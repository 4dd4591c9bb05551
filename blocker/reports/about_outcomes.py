"""Outcomes of a quarter: what was agreed, and the hours that serve each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.interval import duration_text
from blocker.domain.outcome import Outcome, OutcomeChange, OutcomeLine, OutcomeList
from blocker.domain.sprint import Sprint
from blocker.domain.team import Team
from blocker.reports.about_audit import outcome_lack
from blocker.reports.as_json import instant, minutes
from blocker.reports.terminal import hanging, plain
from blocker.reports.wording import counted, listed

CHANGE_SCHEMA = "blocker.outcome/1"
LIST_SCHEMA = "blocker.outcomes/1"


def change_lines(change: OutcomeChange, team: Team) -> list[str]:
    """What became of an outcome, and what a quarter's count says."""
    one, before = change.outcome, change.before
    named = f"{one.id} “{one.title}”"
    owner = team.name_of(one.owner) if one.owner else "nobody's yet: give it one with --owner"
    if one.closed_at is not None:
        lines = [f"{named} is closed."]
    elif before is None:
        lines = [f"{named} is added: {one.quarter}, {owner}."]
    elif before == one:
        lines = [f"{named} is known like that already; nothing was changed."]
    else:
        again = " and open again" if before.closed_at is not None else ""
        lines = [f"{named} was known and is brought up to date{again}:"]
        lines += [
            f"  {key} {was or 'none'} -> {now or 'none'}" for key, was, now in _fields(change)
        ]
    if change.serving:
        tasks = counted(len(change.serving), "open task")
        names = listed(task.id for task in change.serving)
        verb = "names" if len(change.serving) == 1 else "name"
        lines.append(f"{tasks} still {verb} it: {names}.")
    return [plain(line) for line in [*lines, *(f"! {note}" for note in change.notes)]]


def change_json(change: OutcomeChange, team: Team) -> dict[str, Any]:
    """A change as `blocker.outcome/1`."""
    return {
        "schema": CHANGE_SCHEMA,
        **_outcome(change.outcome, team),
        "added": change.before is None,
        "changes": [
            {"field": key, "before": was, "after": now} for key, was, now in _fields(change)
        ],
        "serving": [task.id for task in change.serving],
        "notes": list(change.notes),
    }


def _fields(change: OutcomeChange) -> Iterator[tuple[str, str | None, str | None]]:
    for key in ("title", "quarter", "owner"):
        was = getattr(change.before, key, None)
        now = getattr(change.outcome, key)
        if was != now:
            yield key, None if was is None else str(was), None if now is None else str(now)


def show_outcomes(found: OutcomeList, team: Team, out: Console) -> None:
    """A line for each outcome, with its hours or in words that it has none."""
    out.print(Text(f"{found.quarter or 'all quarters'}: {_read(found)}", "bold"))
    if found.lines:
        out.print(_table(found, team))
    for note in (*_unknown(found), *found.notes):
        out.print(hanging("! ", Text(plain(note)), "yellow"))


def _read(found: OutcomeList) -> str:
    """Where the hours come from."""
    parts = []
    if found.live:
        parts.append(f"{_names(found.live)} as the calendars are now")
    if found.recorded:
        parts.append(f"{_names(found.recorded)} as recorded when closed")
    return ", ".join(parts) or "no sprint has tasks yet"


def _names(sprints: Sequence[Sprint]) -> str:
    return listed(sprint.name for sprint in sprints)


def _table(found: OutcomeList, team: Team) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    for name in ("outcome", "title", "owner"):
        table.add_column(name, overflow="fold")
    for name in ("committed", "standing", "stood"):
        table.add_column(name, justify="right")
    table.add_column("")
    for line in found.lines:
        known, hours = line.known, line.hours
        table.add_row(
            plain(hours.outcome),
            plain(known.title) if known else "",
            team.name_of(known.owner) if known else "",
            duration_text(hours.committed),
            duration_text(hours.on_calendar),
            duration_text(hours.stood),
            Text(", ".join(_said(line, found)), "yellow"),
        )
    return table


def _said(line: OutcomeLine, found: OutcomeList) -> Iterator[str]:
    """What the hours alone do not say."""
    if line.known is None:
        yield "only tasks name it"
        return
    if line.known.quarter != found.quarter:
        yield str(line.known.quarter)
    if line.known.closed_at is not None:
        yield "closed"
    elif lack := outcome_lack(line.hours):
        yield lack


def _unknown(found: OutcomeList) -> Iterator[str]:
    """What to do about names that nobody agreed on."""
    names = [line.hours.outcome for line in found.lines if line.known is None]
    if names:
        it = "it" if len(names) == 1 else "them"
        yield (
            f"{listed(names)}: agree on {it} with blocker outcome add ID TITLE, or change the tasks"
        )


def outcomes_json(found: OutcomeList, team: Team) -> dict[str, Any]:
    """The list as `blocker.outcomes/1`; `known` is false where only tasks name an outcome."""
    return {
        "schema": LIST_SCHEMA,
        "now": instant(found.now, team.zone),
        "quarter": str(found.quarter) if found.quarter else None,
        "live": [sprint.name for sprint in found.live],
        "recorded": [sprint.name for sprint in found.recorded],
        "outcomes": [
            {
                "known": line.known is not None,
                **_outcome(line.known, team, line.hours.outcome),
                "committed_minutes": minutes(line.hours.committed),
                "on_calendar_minutes": minutes(line.hours.on_calendar),
                "stood_minutes": minutes(line.hours.stood),
            }
            for line in found.lines
        ],
        "notes": list(found.notes),
        "errors": list(found.errors),
    }


def _outcome(one: Outcome | None, team: Team, name: str = "") -> dict[str, Any]:
    closed = one.closed_at if one else None
    return {
        "outcome": one.id if one else name,
        "title": one.title if one else None,
        "quarter": str(one.quarter) if one else None,
        "owner": one.owner if one else None,
        "closed_at": instant(closed, team.zone) if closed else None,
    }
