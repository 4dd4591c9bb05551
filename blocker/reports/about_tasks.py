"""Tasks by hand: what was changed of one, all that is known of it, and the backlog."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.commitment import Completion
from blocker.domain.hours import moment_text
from blocker.domain.interval import duration_text
from blocker.domain.task import Task, TaskState
from blocker.domain.task_change import Backlog, TaskChange, TaskView
from blocker.domain.team import Team
from blocker.reports.about_amendments import (
    amendment_json,
    amendment_text,
    sprint_name,
)
from blocker.reports.as_json import instant, minutes, tasks_json
from blocker.reports.terminal import plain
from blocker.reports.wording import counted, listed, sprint_line

CHANGE_SCHEMA = "blocker.task_change/1"
TASK_SCHEMA = "blocker.task/1"
BACKLOG_SCHEMA = "blocker.backlog/1"
_FIELDS = (
    "title",
    "owner",
    "estimate",
    "priority",
    "due",
    "not_before",
    "after",
    "outcome",
    "campaign",
    "sprint",
    "shortest",
    "longest",
    "state",
)


def change_lines(change: TaskChange, team: Team) -> list[str]:
    """What was done to a task, field by field, and what comes next."""
    task = change.after
    named = task.named
    lines = [f"! {note}" for note in change.notes]
    if change.before is None:
        owner, hours = team.name_of(task.owner), duration_text(task.estimate)
        lines.append(f"{named} is added: {owner}, {hours}, {sprint_name(task.sprint, team)}.")
    elif not change.is_changed:
        return _plain([*lines, f"{named} is like that already; nothing was changed."])
    elif task.state is TaskState.DROPPED:
        lines.append(f"{named} is dropped.")
    else:
        lines.append(named)
        lines += [
            f"  {name} {was or 'none'} -> {now or 'none'}"
            for name, was, now in _changes(change, team)
        ]
    if change.before is not None and change.amendments:
        names = listed(dict.fromkeys(sprint_name(one.sprint, team) for one in change.amendments))
        lines.append(f"{names} is accepted, so this is on its record.")
    lines += _freed(change)
    if books := _books(change):
        ending = "" if len(books) > 1 else "s"
        does = "books it" if change.before is None else f"bring{ending} the calendars in line"
        lines.append(f"{' and '.join(f'`{book}`' for book in books)} {does}.")
    return _plain(lines)


def change_json(change: TaskChange, team: Team) -> dict[str, Any]:
    """A change as `blocker.task_change/1`; fields as a tasks file writes them."""
    zone = _zone(change.after, team)
    return {
        "schema": CHANGE_SCHEMA,
        "task": change.after.id,
        "added": change.before is None,
        "changes": [
            {"field": name, "before": was, "after": now}
            for name, was, now in _changes(change, team)
        ],
        "amendments": [amendment_json(one, team, zone) for one in change.amendments],
        "waiting": [task.id for task in change.waiting],
        "notes": list(change.notes),
        "next": _books(change),
    }


def _changes(change: TaskChange, team: Team) -> Iterator[tuple[str, str | None, str | None]]:
    for name in _FIELDS:
        was = None if change.before is None else _field_text(change.before, name, team)
        now = _field_text(change.after, name, team)
        if was != now:
            yield name, was, now


def _field_text(task: Task, name: str, team: Team) -> str | None:
    """A field as a tasks file writes it; None for an empty one."""
    value = getattr(task, name)
    if name == "sprint":
        return sprint_name(task.sprint, team)
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or None
    return None if value is None else str(value)


def _freed(change: TaskChange) -> Iterator[str]:
    """Whose task need not wait any longer for one that was dropped."""
    ids = [task.id for task in change.waiting]
    if ids and change.after.state is TaskState.DROPPED:
        verb = "waits" if len(ids) == 1 else "wait"
        yield f"{listed(ids)} no longer {verb} for it."


def _books(change: TaskChange) -> list[str]:
    """The commands that bring the calendars in line: where it was, and where it is."""
    if not change.is_changed:
        return []
    is_gone = change.after.state is TaskState.DROPPED
    sprints = [change.left, None if is_gone else change.sprint]
    names = dict.fromkeys(one.name for one in sprints if one is not None)
    return [f"blocker book --sprint {name}" for name in names]


def task_lines(view: TaskView, team: Team) -> list[str]:
    """All that is known of a task; times in its owner's zone."""
    task, zone = view.task, _zone(view.task, team)
    lines = [sprint_line(view.sprint, view.state) if view.sprint else "backlog"]
    lines.append(f"{task.named}, {task.state}")
    shown = [
        (name, team.name_of(task.owner) if name == "owner" else _field_text(task, name, team))
        for name in _FIELDS
        if name not in ("title", "sprint", "state")
    ]
    width = max(len(name) for name, text in shown if text)
    lines += [f"  {name:<{width}}  {text}" for name, text in shown if text]
    if view.before:
        lines.append("It waits for:")
        lines += [f"  {_named(one, team)}" for one in view.before]
    if view.waiting:
        lines.append("These wait for it:")
        lines += [f"  {_named(one, team)}" for one in view.waiting]
    if view.completion is not None:
        lines.append(_completed(view.completion, zone))
    if view.amendments:
        lines.append(f"What happened to it (times are in {zone.key}):")
        lines += [f"  {amendment_text(one, team, zone)}" for one in view.amendments]
    return _plain(lines)


def _named(task: Task, team: Team) -> str:
    where = sprint_name(task.sprint, team)
    return f"{task.named}, {team.name_of(task.owner)}, {where}, {task.state}"


def _completed(one: Completion, zone: ZoneInfo) -> str:
    took, thought = duration_text(one.took), duration_text(one.estimate)
    return f"Finished {moment_text(one.at, zone)}: it took {took}, {thought} were planned."


def task_json(view: TaskView, team: Team) -> dict[str, Any]:
    """A task as `blocker.task/1`: as `task list` has it, and what happened to it."""
    zone = _zone(view.task, team)
    done = view.completion
    (task,) = tasks_json([view.task], team)["tasks"]
    completed = {"at": instant(done.at, zone), "took_minutes": minutes(done.took)} if done else None
    return {
        "schema": TASK_SCHEMA,
        **task,
        "sprint_state": view.state.value if view.sprint else None,
        "waiting": [one.id for one in view.waiting],
        "completed": completed,
        "amendments": [amendment_json(one, team, zone) for one in view.amendments],
    }


def backlog_lines(backlog: Backlog, team: Team) -> list[str]:
    """The backlog in the order in which it is offered."""
    lines = ["backlog"]
    if backlog.moved is not None:
        rank = next(rank for rank, one in backlog.tasks if one.id == backlog.moved.id)
        lines.append(f"{backlog.moved.id} is number {rank} of {backlog.whole} now.")
    width = len(str(backlog.whole))
    ids = max((len(task.id) for _, task in backlog.tasks), default=0)
    lines += [
        f"  {rank:>{width}}  {task.id:<{ids}}  {task.title}, {team.name_of(task.owner)}, "
        f"{duration_text(task.estimate)}, priority {task.priority}"
        f"{f', for {task.outcome}' if task.outcome else ''}"
        for rank, task in backlog.tasks
    ]
    total = sum((task.estimate for _, task in backlog.tasks), timedelta())
    others = backlog.whole - len(backlog.tasks)
    more = f"; {counted(others, 'task')} of others" if others else ""
    lines.append(f"{counted(len(backlog.tasks), 'task')}, {duration_text(total)}{more}")
    return _plain(lines)


def backlog_json(backlog: Backlog, team: Team) -> dict[str, Any]:
    """The backlog as `blocker.backlog/1`, each task as `task list` has it."""
    tasks = tasks_json([task for _, task in backlog.tasks], team)["tasks"]
    ranks = [rank for rank, _ in backlog.tasks]
    return {
        "schema": BACKLOG_SCHEMA,
        "moved": backlog.moved.id if backlog.moved else None,
        "tasks": [{"rank": rank, **task} for rank, task in zip(ranks, tasks, strict=True)],
    }


def _zone(task: Task, team: Team) -> ZoneInfo:
    """The owner's; the team's where the owner has left."""
    return next((one.zone for one in team.members if one.id == task.owner), team.zone)


def _plain(lines: list[str]) -> list[str]:
    return [plain(line).replace("\n", " ") for line in lines]
