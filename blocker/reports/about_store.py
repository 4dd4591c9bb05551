"""What was done to a store, and what is in it, as lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.sprint import Sprint
from blocker.domain.team import Team
from blocker.reports.as_json import instant
from blocker.reports.terminal import plain
from blocker.reports.wording import listed

LOG_SCHEMA = "blocker.log/1"
CHECK_SCHEMA = "blocker.check/1"
PURGE_SCHEMA = "blocker.purge/1"

Entry = tuple[datetime, str | None, str]
"""When (UTC), who (a member's id, None for nobody named), and what."""


def show_log(entries: Iterable[Entry], team: Team, out: Console) -> None:
    """One line each, the newest last, in the team's zone."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    is_empty = True
    for at, who, what in entries:
        person = next((one.name for one in team.members if one.id == who), who or "nobody named")
        local = at.astimezone(team.zone)
        table.add_row(f"{local:%Y-%m-%d %H:%M}", Text(plain(person)), Text(plain(what)))
        is_empty = False
    out.print("Nothing is recorded." if is_empty else table)


def log_json(entries: Iterable[Entry], team: Team) -> dict[str, Any]:
    """A log as `blocker.log/1`; instants in the team's zone."""
    rows = [{"at": instant(at, team.zone), "who": who, "what": what} for at, who, what in entries]
    return {"schema": LOG_SCHEMA, "entries": rows}


def check_lines(
    place: str, schema: str, counts: Mapping[str, int], faults: Sequence[str], notes: Sequence[str]
) -> list[str]:
    """What was looked at, each fault, and the verdict."""
    parts = [f"{what} {number}" for what, number in counts.items()]
    lines = [f"{place}, schema {schema}" + (f": {', '.join(parts)}" if parts else "")]
    lines += [f"  x {one}" for one in faults]
    lines += [f"  ! {one}" for one in notes]
    if faults:
        lines.append("Something is wrong. A backup from before it can be used in place of it.")
    else:
        lines.append("All is well: the database, each seal, the chain, and the sprints' states.")
    return [plain(line) for line in lines]


def check_json(
    place: str, schema: str, counts: Mapping[str, int], faults: Sequence[str], notes: Sequence[str]
) -> dict[str, Any]:
    """A check as `blocker.check/1`."""
    return {
        "schema": CHECK_SCHEMA,
        "store": place,
        "store_schema": schema,
        "ok": not faults,
        "counts": dict(counts),
        "faults": [*faults],
        "notes": [*notes],
    }


def purge_lines(
    before: date, sprints: Sequence[Sprint], counts: Mapping[str, int], *, is_done: bool
) -> list[str]:
    """How many of what; or that there is nothing."""
    if not any(counts.values()):
        return [f"Nothing that is closed ended before {before}, so there is nothing to purge."]
    names = f" of {listed(one.name for one in sprints)}" if sprints else ""
    lines = [f"What is older than {before}{names}:"]
    lines += [f"  {number:>6} {what}" for what, number in counts.items() if number]
    if counts.get("contents of commitments"):
        lines.append("  their seals stay: the chain of commitments still holds")
    lines.append("Purged." if is_done else "Nothing was purged yet.")
    return lines


def purge_json(
    before: date, sprints: Sequence[Sprint], counts: Mapping[str, int], *, is_done: bool
) -> dict[str, Any]:
    """A purge as `blocker.purge/1`."""
    return {
        "schema": PURGE_SCHEMA,
        "before": before.isoformat(),
        "sprints": [one.name for one in sprints],
        "counts": dict(counts),
        "done": is_done,
    }


def show_rights(rights: Mapping[str, Sequence[str]], out: Console) -> None:
    """What marketers may do with each table."""
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for heading in ("table", "marketers may", "managers may"):
        table.add_column(heading)
    for name, words in rights.items():
        table.add_row(name, ", ".join(("read", *(word.lower() for word in words))), "everything")
    out.print(table)
