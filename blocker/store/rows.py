"""Between the store's rows and the words of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from blocker.domain.block import TimeBlock
from blocker.domain.errors import Unreachable
from blocker.domain.interval import Interval
from blocker.domain.moment import parse_moment
from blocker.domain.task import After, Task, TaskState
from blocker.store.records import Intent, IntentState, StoredTask


def columns_of_task(stored: StoredTask) -> dict[str, Any]:
    task = stored.task
    return {
        "id": task.id,
        "title": task.title,
        "owner": task.owner,
        "estimate": int(task.estimate.total_seconds()),
        "priority": task.priority,
        "due": None if task.due is None else str(task.due),
        "not_before": None if task.not_before is None else str(task.not_before),
        "after": [[after.task, int(after.lag.total_seconds())] for after in task.after],
        "outcome": task.outcome,
        "campaign": task.campaign,
        "sprint": task.sprint,
        "state": task.state.value,
        "id_is_made": task.id_is_made,
        "shortest": _seconds(task.shortest),
        "longest": _seconds(task.longest),
        "imported": None if stored.imported is None else dict(stored.imported),
    }


def task_of(row: Row[Any]) -> Task:
    """Raises Unreachable for a row that this program did not write."""
    try:
        return _task_of(row)
    except (ValueError, TypeError) as problem:
        raise Unreachable(
            f"store: task {row.id} in it is not as this program writes tasks ({problem}); somebody "
            "changed it: restore the store from a backup"
        ) from problem


def _task_of(row: Row[Any]) -> Task:
    return Task(
        row.id,
        row.title,
        row.owner,
        timedelta(seconds=row.estimate),
        row.priority,
        None if row.due is None else parse_moment(row.due),
        None if row.not_before is None else parse_moment(row.not_before),
        tuple(After(task, timedelta(seconds=lag)) for task, lag in row.after),
        row.outcome,
        row.campaign,
        row.sprint,
        TaskState(row.state),
        row.id_is_made,
        _length(row.shortest),
        _length(row.longest),
    )


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _length(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def json_of_block(block: TimeBlock | None) -> dict[str, Any] | None:
    if block is None:
        return None
    return {
        "uid": block.uid,
        "member": block.member,
        "task": block.task,
        "sprint": block.sprint,
        "sprint_name": block.sprint_name,
        "part": block.part,
        "parts": block.parts,
        "start": block.interval.start.isoformat(),
        "end": block.interval.end.isoformat(),
        "zone": block.zone.key,
        "title": block.title,
        "description": block.description,
        "categories": list(block.categories),
    }


def block_of(data: Mapping[str, Any]) -> TimeBlock:
    start, end = (datetime.fromisoformat(data[key]).astimezone(UTC) for key in ("start", "end"))
    return TimeBlock(
        data["uid"],
        data["member"],
        data["task"],
        data["sprint"],
        data["sprint_name"],
        data["part"],
        data["parts"],
        Interval(start, end),
        ZoneInfo(data["zone"]),
        data["title"],
        data["description"],
        tuple(data["categories"]),
    )


def intent_of(row: Row[Any]) -> Intent:
    return Intent(
        row.calendar,
        row.member,
        row.uid,
        None if row.before is None else block_of(row.before),
        None if row.after is None else block_of(row.after),
        row.id,
        row.run,
        IntentState(row.state),
    )
