"""What somebody who finished early could take on."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.interval import duration_text
from blocker.domain.pulling import Offers
from blocker.domain.sprint import SprintState
from blocker.domain.team import Team
from blocker.reports import wording
from blocker.reports.as_json import minutes, sprint_json
from blocker.reports.terminal import hanging, plain


def show_offers(found: Offers, team: Team, out: Console) -> None:
    """A line for each task that could be taken, and how to take one."""
    out.print(Text(wording.sprint_line(found.sprint, SprintState.ACCEPTED), "bold"))
    if found.lacking:
        names = wording.listed(found.lacking)
        text = f"{names} of this sprint still lack time; book these first: blocker book"
        out.print(hanging("! ", Text(plain(text)), "yellow"))
    if found.offers:
        out.print(_table(found, team))
    fitting = [one for one in found.offers if one.fits]
    if fitting:
        out.print(Text(f"Take one with: blocker pull --take {fitting[0].task.id}", "bold"))
    elif found.offers:
        out.print(Text("None of them fits into the free time that is left.", "bold"))
    else:
        out.print(Text("Neither the next sprint nor the backlog has anything to take.", "bold"))


def _table(found: Offers, team: Team) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for name in ("task", "", "owner", "estimate", "priority", "from", ""):
        table.add_column(name, justify="right" if name == "estimate" else "left", overflow="fold")
    for one in found.offers:
        task = one.task
        where = "backlog" if task.sprint is None else team.sprints.sprint(task.sprint).name
        table.add_row(
            task.id,
            plain(task.title),
            plain(team.short_name(one.member)),
            duration_text(task.estimate),
            str(task.priority),
            where,
            Text("fits", "green") if one.fits else Text("no room", "dim"),
        )
    return table


def offers_json(found: Offers, team: Team) -> dict[str, Any]:
    """As `blocker.offers/1`."""
    return {
        "schema": "blocker.offers/1",
        "sprint": sprint_json(found.sprint, SprintState.ACCEPTED),
        "offers": [
            {
                "task": one.task.id,
                "title": one.task.title,
                "member": one.member,
                "estimate_minutes": minutes(one.task.estimate),
                "priority": one.task.priority,
                "sprint": (
                    "backlog"
                    if one.task.sprint is None
                    else team.sprints.sprint(one.task.sprint).name
                ),
                "fits": one.fits,
            }
            for one in found.offers
        ],
        "lacking": list(found.lacking),
        "errors": list(found.errors),
    }
