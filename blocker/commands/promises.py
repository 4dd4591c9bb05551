"""Tasks with the times they mean: words of the sprint turned into instants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from blocker.auditing.evidence import Promise
from blocker.commands.choosing import sprint_numbered
from blocker.domain.hours import moment_text
from blocker.domain.moment import resolve
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task
from blocker.domain.team import Team
from blocker.workspace import Workspace


def promise_of(task: Task, sprint: Sprint, team: Team) -> Promise:
    """A task of a sprint, its `not_before` and `due` in its owner's zone and cut to the sprint."""
    zone = team.member(task.owner).zone
    span = sprint.interval
    start, due = span.start, span.end
    if task.not_before is not None:
        start = max(start, resolve(task.not_before, sprint, zone, "start"))
    if task.due is not None:
        due = min(due, resolve(task.due, sprint, zone, "end"))
    return Promise(task, span, sprint.name, start, due)


def promises_in(workspace: Workspace, tasks: Iterable[Task], sprint: Sprint) -> dict[str, Promise]:
    """The members' tasks of one sprint with the times they mean, by id."""
    members = {member.id for member in workspace.team.members}
    return {
        task.id: _promised(workspace, task, sprint)
        for task in tasks
        if task.sprint == sprint.number and task.owner in members
    }


def _promised(workspace: Workspace, task: Task, sprint: Sprint) -> Promise:
    """A task with its times, and the blocks of it that were missed."""
    promise = promise_of(task, sprint, workspace.team)
    return replace(promise, missed=workspace.missed.get(task.id, ()))


def orphans_in(workspace: Workspace, tasks: Iterable[Task], sprint: Sprint) -> list[str]:
    """A sentence for each open task of the sprint whose owner is no longer in the team."""
    members = {member.id for member in workspace.team.members}
    return [
        f"{task.named} belongs to {task.owner}, who is not in the team; give it to "
        "somebody in the tasks file, or drop it"
        for task in tasks
        if task.sprint == sprint.number and task.is_owed and task.owner not in members
    ]


def predecessors(
    workspace: Workspace,
    tasks: Mapping[str, Task],
    promises: Mapping[str, Promise],
    sprint: Sprint,
) -> tuple[list[Promise], frozenset[str]]:
    """Tasks of other sprints that this one's wait for: earlier ones, and those never finished."""
    members = {member.id for member in workspace.team.members}
    named = {after.task for promise in promises.values() for after in promise.task.after}
    earlier, never = [], set()
    for name in sorted(named - set(promises)):
        task = tasks.get(name)
        if task is None:
            continue
        is_earlier = task.sprint is not None and task.sprint < sprint.number
        if task.owner in members and (is_earlier or not task.is_owed):
            there = sprint if task.sprint is None else sprint_numbered(workspace.team, task.sprint)
            earlier.append(_promised(workspace, task, there))
        elif task.is_owed:
            never.add(task.id)
    return earlier, frozenset(never)


def said_of(task: Task, sprint: Sprint, team: Team) -> str | None:
    """A sentence where the task's due moment lies after its sprint and was cut to its end."""
    if task.due is None:
        return None
    zone = team.member(task.owner).zone
    due = resolve(task.due, sprint, zone, "end")
    if due <= sprint.interval.end:
        return None
    end = moment_text(sprint.interval.end, zone)
    return f"{task.id}: due {task.due} is after {sprint.name}; the sprint's end, {end}, counts"
