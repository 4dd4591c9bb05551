"""A task that comes into a running sprint from the next one or from the backlog."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from blocker.commands.book import Confirm
from blocker.commands.choosing import sprint_numbered
from blocker.commands.deciding import refuse_finished
from blocker.commands.effects import moment_at
from blocker.commands.freeze import Gate
from blocker.commands.promises import promise_of
from blocker.domain.errors import Refused, Unreachable
from blocker.domain.interval import duration_text
from blocker.domain.moment import Moment, SprintMoment, resolve
from blocker.domain.plan import Booking
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task, TaskState
from blocker.workspace import Workspace


def brought_in(
    workspace: Workspace, task: Task, sprint: Sprint, state: TaskState = TaskState.OPEN
) -> Task:
    """The task as one of this sprint; words like `W2 Wed` keep the days that they meant.

    Raises Refused where it may not begin before the sprint ends, or is due before now.
    """
    zone = workspace.team.member(task.owner).zone
    there = None if task.sprint is None else sprint_numbered(workspace.team, task.sprint)
    moved = replace(
        task,
        sprint=sprint.number,
        state=state,
        due=_fixed(task.due, there, zone),
        not_before=_fixed(task.not_before, there, zone),
    )
    window = promise_of(moved, sprint, workspace.team).window
    if window is None or window.end <= workspace.now:
        raise Refused(
            f"{task.named} cannot be worked on in {sprint.name}: it may not begin "
            f"before {task.not_before or 'then'}, and is due {task.due or 'before'}"
        )
    return moved


def _fixed(moment: Moment | None, sprint: Sprint | None, zone: ZoneInfo) -> Moment | None:
    if not isinstance(moment, SprintMoment) or sprint is None:
        return moment
    return moment_at(resolve(moment, sprint, zone, "end"), zone, sprint, is_relative=False)


def refuse_belonging(task: Task, sprint: Sprint, gate: Gate) -> None:
    """Raises Refused for a task that is settled, here already, or promised elsewhere."""
    refuse_finished(task)
    named = task.named
    if task.sprint == sprint.number:
        raise Refused(f"{named} is in {sprint.name} already")
    if task.sprint is not None and (task.sprint < sprint.number or gate.is_frozen(task.sprint)):
        there = gate.sprint(task.sprint).name
        raise Refused(f"{named} belongs to {there}, which is {gate.state_of(task.sprint)}")
    if task.owner not in {member.id for member in gate.team.members}:
        raise Refused(f"{named} belongs to {task.owner}, who is not in the team")


def only_if_fits(task: Task, confirm: Confirm) -> Confirm:
    """Asks while the store is held, so that nothing is changed for a task without room."""

    def ask(booking: Booking) -> bool:
        refuse_unfit(booking, task)
        return confirm(booking)

    return ask


def refuse_unfit(trial: Booking, task: Task) -> None:
    """Raises Refused where the task would not have all its time, Unreachable where nobody knows."""
    if trial.errors:
        raise Unreachable("\n".join(trial.errors))
    for member in trial.members:
        for lack in member.unbooked:
            if lack.task == task.id:
                raise Refused(
                    f"{task.named} does not fit into {trial.sprint.name}: "
                    f"{duration_text(lack.missing)} find no room; nothing was changed"
                )
