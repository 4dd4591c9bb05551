"""Tasks with the times they mean: words of the sprint turned into instants."""

from __future__ import annotations

from blocker.auditing.evidence import Promise
from blocker.domain.hours import moment_text
from blocker.domain.moment import resolve
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task
from blocker.domain.team import Team


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
