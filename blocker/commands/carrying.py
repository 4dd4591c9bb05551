"""A task leaves its owner or its sprint: what is left goes on, what had stood stays on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from blocker.commands.freeze import Gate
from blocker.domain.commitment import Amendment, AmendmentKind
from blocker.domain.errors import Refused
from blocker.domain.interval import duration_text
from blocker.domain.task import Task


def left_of(task: Task, stood: timedelta) -> timedelta:
    """What of the task's estimate has not stood yet.  Raises Refused where that is nothing."""
    left = task.estimate - stood
    if left <= timedelta():
        raise Refused(
            f"all of {task.id}'s {duration_text(task.estimate)} are past; if it is finished: "
            f"blocker done {task.id}; if it needs more: blocker more {task.id} 2h --because TEXT"
        )
    return left


def leaving_record(
    gate: Gate, kind: AmendmentKind, before: Task, after: Task, stood: timedelta
) -> Amendment:
    """The record that a task goes from an accepted sprint to the one it is in `after`."""
    minutes = stood - before.estimate
    return replace(gate.amendment(kind, before, minutes=minutes, to=after.sprint or 0), stood=stood)
