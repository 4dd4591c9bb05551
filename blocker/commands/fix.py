"""`fix`: applies one of the remedies that `book` and `why` show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from blocker.commands.deciding import refuse_others_work
from blocker.commands.effects import tasks_after
from blocker.commands.freeze import Gate, gate_of
from blocker.commands.one_task import Looked, look_at, task_named
from blocker.commands.privacy import may_be_named
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import with_tasks
from blocker.commands.scene import Scene
from blocker.domain.errors import Refused, Unreachable, WrongUse
from blocker.domain.explanation import Fix
from blocker.domain.hours import span_text
from blocker.domain.interval import Interval, duration_text
from blocker.domain.plan import ChangeKind, Remedy, RemedyKind
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.store.records import StoredTask
from blocker.store.store import Store
from blocker.workspace import Workspace

Confirm = Callable[[Fix], bool]
"""Shows what will be changed and says whether to do it."""


def fix(
    workspace: Workspace,
    name: str,
    number: int,
    confirm: Confirm = lambda _: True,
    *,
    effort: str = "normal",
    dry_run: bool = False,
    tell: Tell = silent,
) -> Fix:
    """Find the remedies of a task again and apply the one of that number; calendars stay.

    While the question waits nothing is held: who changes the tasks meanwhile makes it Refused.
    Raises WrongUse for an unknown task or number, Refused where there is nothing to fix or the
    sprint is accepted, Unreachable when the owner's calendars are.
    """
    with workspace.store(rehearse=True) as store:
        known, limits = store.tasks(), store.day_limits()
        task = task_named(known, name)
        refuse_others_work(workspace, task)
        gate = gate_of(workspace, store.sprint_states())
        looked = look_at(workspace, store, task, effort, tell)
        remedy = _chosen(looked, task, number)
        found = _fix(workspace, looked, task, number, remedy, known, gate)
    if found.ask is not None or dry_run or not confirm(found):
        return found
    with workspace.store() as store:
        if store.tasks() != known or store.day_limits() != limits:
            raise Refused("somebody changed the tasks meanwhile, so nothing was done; try it again")
        _save(workspace, store, found, known)
    return replace(found, is_done=True)


def _chosen(looked: Looked, task: Task, number: int) -> Remedy:
    lack, scene = looked.lack, looked.case.scene
    if looked.errors:
        raise Unreachable("\n".join(looked.errors))
    if lack is None:
        raise Refused(_nothing_to_fix(looked, task))
    if scene.state is SprintState.CLOSED:
        raise Refused(f"{scene.sprint.name} is {scene.state}: its tasks can no longer be changed")
    if not lack.remedies:
        raise Refused(
            f"nothing was found that would make {task.id} fit; see: blocker why {task.id}"
        )
    if not 1 <= number <= len(lack.remedies):
        there = "\n".join(f"  {k} {one.detail}" for k, one in enumerate(lack.remedies, 1))
        raise WrongUse(f"{task.id} has no remedy {number}; there are\n{there}")
    remedy = lack.remedies[number - 1]
    if scene.state is SprintState.ACCEPTED and remedy.kind is RemedyKind.REASSIGN:
        raise Refused(
            f"{scene.sprint.name} is accepted, so a change of hands is recorded: "
            f"blocker reassign {remedy.task} {remedy.member}"
        )
    return remedy


def _nothing_to_fix(looked: Looked, task: Task) -> str:
    """Whether the task stands already, or fits and waits to be booked."""
    name = looked.case.scene.sprint.name
    fresh = (ChangeKind.CREATE, ChangeKind.MOVE)
    if any(one.kind in fresh and one.block.task == task.id for one in looked.member.changes):
        book = f"blocker book --sprint {name}"
        return f"{task.id} fits now, so there is nothing to fix; book it with: {book}"
    return f"{task.id} has all its time in {name}: there is nothing to fix"


def _fix(
    workspace: Workspace,
    looked: Looked,
    task: Task,
    number: int,
    remedy: Remedy,
    known: dict[str, StoredTask],
    gate: Gate,
) -> Fix:
    scene = looked.case.scene
    touched = known[remedy.task].task
    refuse_others_work(workspace, touched)
    after = tasks_after(remedy, touched, scene.sprint, gate, known)
    limit = ask = None
    if remedy.kind is RemedyKind.RAISE_DAY_LIMIT:
        assert remedy.day is not None and remedy.limit is not None
        owner = scene.team.member(task.owner).name
        limit = f"the most block time of {owner} on {remedy.day}: {duration_text(remedy.limit)}"
    if remedy.kind is RemedyKind.FREE_TIME:
        assert remedy.span is not None
        ask = _asked(workspace, looked, task, remedy.span)
    return Fix(
        task,
        number,
        remedy,
        scene.sprint,
        {one.number: one.name for one in _sprints(scene, (touched, *after))},
        (touched,) if after else (),
        after,
        limit,
        ask,
    )


def _sprints(scene: Scene, tasks: Iterable[Task]) -> list[Sprint]:
    sprints = scene.team.sprints
    return [sprints.sprint(number) for number in {task.sprint for task in tasks} if number]


def _asked(workspace: Workspace, looked: Looked, task: Task, span: Interval) -> str:
    """Whom to ask what: the owner to decline, or whoever called the meeting to move it."""
    scene = looked.case.scene
    owner = scene.team.member(task.owner)
    event = next(
        one for one in looked.case.stands[owner.id].evidence.silent if one.interval == span
    )
    is_named = owner.id in may_be_named(workspace)
    title = f" “{event.title}”" if is_named and event.title else ""
    what = f"the meeting {span_text(span, owner.zone)}{title}"
    if event.organizer is not None and is_named:
        return f"Ask {event.organizer} to move {what}, or decline it; then: blocker book"
    return f"Ask {owner.name} to move or decline {what}; then: blocker book"


def _save(workspace: Workspace, store: Store, found: Fix, known: dict[str, StoredTask]) -> None:
    """The last import of a task stays known, so that the same file does not set it back.

    What changes in an accepted sprint is recorded.
    """
    remedy = found.remedy
    gate = gate_of(workspace, store.sprint_states(), f"{found.task.id} would not fit")
    for task in found.after:
        why = gate.why_not(known[task.id].task if task.id in known else None, task)
        if why is not None:
            raise Refused(f"{task.named} {why}")
    with store.transaction():
        if remedy.kind is RemedyKind.RAISE_DAY_LIMIT:
            assert remedy.member is not None and remedy.day is not None and remedy.limit is not None
            store.raise_day_limit(remedy.member, remedy.day, remedy.limit)
        for task in found.after:
            if task.id in known:
                store.amend(gate.amendments(known[task.id].task, task))
        store.save_tasks(with_tasks(known, *found.after))
        asker = workspace.asker_id
        store.log(workspace.now, asker, f"fix {found.task.id}: {remedy.detail}")
