"""Answers about one task, as lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from blocker.domain.explanation import Fix
from blocker.domain.interval import duration_text
from blocker.domain.task import Task

FIX_SCHEMA = "blocker.fix/1"
_FIELDS = ("owner", "estimate", "due", "sprint", "after")
"""What a remedy may change of a task."""


def fix_lines(fix: Fix) -> list[str]:
    """What a fix changes, line by line, and what comes next."""
    lines = [f"{fix.task.id} “{fix.task.title}”: {fix.remedy.detail}"]
    if fix.ask is not None:
        return [*lines, f"Nothing was changed. {fix.ask}"]
    lines += [f"  {line}" for line in _changes(fix)]
    if fix.is_done:
        lines.append(f"Done. The calendars follow with: {_next(fix)}")
    else:
        lines.append("Nothing was changed yet.")
    return lines


def fix_json(fix: Fix) -> dict[str, Any]:
    """A fix as `blocker.fix/1`."""
    return {
        "schema": FIX_SCHEMA,
        "task": fix.task.id,
        "number": fix.number,
        "remedy": {
            "kind": fix.remedy.kind.value,
            "task": fix.remedy.task,
            "detail": fix.remedy.detail,
        },
        "changes": [
            {"task": task, "field": field, "before": before, "after": after}
            for task, field, before, after in _fields(fix)
        ],
        "limit": fix.limit,
        "ask": fix.ask,
        "done": fix.is_done,
        "next": None if fix.ask is not None else _next(fix),
    }


def _next(fix: Fix) -> str:
    return f"blocker book --sprint {fix.sprint.name}"


def _changes(fix: Fix) -> Iterator[str]:
    if fix.limit is not None:
        yield fix.limit
    known = {task.id for task in fix.before}
    for task in fix.after:
        if task.id not in known:
            after = " ".join(str(one) for one in task.after)
            where = _shown(task, "sprint", fix)
            yield f"{task.id}: new, {duration_text(task.estimate)} in {where}, after {after}"
    for name, field, was, now in _fields(fix):
        if name in known:
            yield f"{name}: {field} {was or 'none'} -> {now or 'none'}"


def _fields(fix: Fix) -> Iterator[tuple[str, str, str | None, str | None]]:
    """(task, field, before, after) for each field that is another one; all fields of a new task."""
    old = {task.id: task for task in fix.before}
    for task in fix.after:
        for field in _FIELDS:
            was = _shown(old[task.id], field, fix) if task.id in old else None
            now = _shown(task, field, fix)
            if was != now:
                yield task.id, field, was, now


def _shown(task: Task, field: str, fix: Fix) -> str | None:
    """A field as a tasks file writes it."""
    value = getattr(task, field)
    if field == "estimate":
        return duration_text(task.estimate)
    if field == "sprint":
        return fix.sprints.get(task.sprint or 0, "backlog")
    if field == "after":
        return " ".join(str(one) for one in task.after) or None
    return None if value is None else str(value)
