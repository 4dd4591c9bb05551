"""One task of the store, and the plan of its owner's sprint as `book` would make it now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from blocker.commands.case import Case, Request, prepare
from blocker.commands.reading import Tell, silent
from blocker.commands.remedying import with_remedies
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.plan import MemberBooking, Unbooked
from blocker.domain.task import Task
from blocker.store.records import StoredTask
from blocker.store.store import Store
from blocker.workspace import Workspace

_NEAR = 3


def task_named(tasks: Mapping[str, StoredTask], name: str) -> Task:
    """A task by its id, letter case aside.  Raises WrongUse, naming the nearest ids."""
    if name in tasks:
        return tasks[name].task
    same = [one for one in tasks if one.casefold() == name.casefold()]
    if len(same) == 1:
        return tasks[same[0]].task
    near = same or _near(name, tasks)
    hint = f"did you mean {' or '.join(near)}?" if near else "list them with: blocker task list"
    if not tasks:
        hint = "there are no tasks yet; take some in with: blocker import tasks.csv"
    raise WrongUse(f"there is no task {name!r}; {hint}")


def _near(name: str, ids: Collection[str]) -> list[str]:
    folded = {one.casefold(): one for one in ids}
    found = get_close_matches(name.casefold(), folded, _NEAR)
    found += [one for one in folded if name.casefold() in one and one not in found]
    return [folded[one] for one in found[:_NEAR]]


def nothing_planned(workspace: Workspace, task: Task) -> str | None:
    """A sentence that says what the task is that nothing is planned for; None for an open one."""
    named = task.named
    if not task.is_owed:
        return f"{named} is {task.state}, so nothing is planned for it"
    if task.sprint is None:
        return f"{named} is in the backlog, so nothing is planned for it"
    if task.owner not in {member.id for member in workspace.team.members}:
        return (
            f"{named} belongs to {task.owner}, who is not in the team; give it to somebody in the "
            "tasks file, or drop it"
        )
    return None


@dataclass(frozen=True, slots=True)
class Looked:
    """What `book` would do now for the owner of a task; `lack` is None when all of it is booked."""

    case: Case
    member: MemberBooking
    lack: Unbooked | None
    errors: tuple[str, ...]


def look_at(
    workspace: Workspace, store: Store, task: Task, effort: str, tell: Tell = silent
) -> Looked:
    """Plan the sprint of an open task for its owner, with remedies for what it lacks.

    Raises Refused for a task that nothing is planned for, and what `book` raises; KeyboardInterrupt
    when interrupted, since remedies of a plan cut short would have other numbers.
    """
    settled = nothing_planned(workspace, task)
    if settled is not None:
        raise Refused(settled)
    request = Request(sprint=str(task.sprint), members=(task.owner,), effort=effort)
    case = prepare(workspace, request, store, tell)
    if case.planned.is_cut_short:
        raise KeyboardInterrupt
    booking = with_remedies(
        case.workspace, store, case, case.booking(dry_run=True), [task.id], tell
    )
    (member,) = booking.members
    lack = next((one for one in member.unbooked if one.task == task.id), None)
    return Looked(case, member, lack, booking.errors)
