"""Who could take a task over, as sentences and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from blocker.domain.interval import duration_text
from blocker.domain.member import Member
from blocker.domain.task import Task
from blocker.reports.as_json import minutes

CANDIDATES_SCHEMA = "blocker.candidates/1"

Rooms = Sequence[tuple[Member, timedelta]]
"""Members, and the room that each has."""


def as_value(task: Task, left: timedelta, rooms: Rooms, errors: Sequence[str]) -> dict[str, Any]:
    """As `blocker.candidates/1`."""
    return {
        "schema": CANDIDATES_SCHEMA,
        "task": task.id,
        "left_minutes": minutes(left),
        "members": [{"member": one.id, "room_minutes": minutes(room)} for one, room in rooms],
        "errors": list(errors),
    }


def as_lines(task: Task, left: timedelta, rooms: Rooms) -> Iterator[str]:
    """What is left of it, and a line for each member with the command that gives it to them."""
    yield f"{task.named}: {duration_text(left)} are left."
    if not rooms:
        yield "Nobody else has that much room."
    for one, room in rooms:
        yield (
            f"  {one.name} has room for {duration_text(room)}: blocker reassign {task.id} {one.id}"
        )
