"""`pull`: who finishes early takes work from the next sprint, or from the backlog (M7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from blocker.commands.amending import carry_out, gate_in
from blocker.commands.book import Confirm
from blocker.commands.choosing import choose_members, sprint_numbered
from blocker.commands.coming_in import brought_in, only_if_fits, refuse_belonging, refuse_unfit
from blocker.commands.deciding import refuse_others_work
from blocker.commands.freeze import gate_of
from blocker.commands.look import View, look
from blocker.commands.one_task import task_named
from blocker.commands.planning import work_for
from blocker.commands.promises import promise_of
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.domain.commitment import AmendmentKind
from blocker.domain.errors import Refused
from blocker.domain.member import Member
from blocker.domain.plan import Booking
from blocker.domain.pulling import Offer, Offers
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task, TaskState
from blocker.scheduling.planner import Effort, plan
from blocker.scheduling.problem import Problem
from blocker.store.store import Store
from blocker.workspace import Workspace

_MOST = 20
"""So many tasks are tried for one member."""


def offers(workspace: Workspace, named: tuple[str, ...] = (), tell: Tell = silent) -> Offers:
    """What would fit into free time: the next sprint by priority, then the backlog by rank.

    Each is tried for itself.  Raises Refused where no accepted sprint runs.
    """
    with workspace.store(rehearse=True) as store:
        workspace = workspace.amended(store.amendments())
        sprint = _running(workspace, store)
        members = choose_members(workspace, named)
        known = store.tasks()
        tasks = {name: one.task for name, one in known.items()}
        keeping = Revision(known, may_use_reserve=False)
        effort = Effort.QUICK.value
        view = look(workspace, store, sprint, tasks, members, effort, tell, revision=keeping)
        found: list[Offer] = []
        for member in members:
            if member.id in view.stands:
                found += _offers_for(workspace, view, member, tasks, sprint)
    errors = [one for read in view.calendars.values() for one in read.failures]
    lacking = tuple(
        lack.task
        for one in members
        if one.id in view.stands
        for lack in view.planned.plans[one.id].unbooked
    )
    return Offers(sprint, tuple(found), lacking, tuple(errors))


def _running(workspace: Workspace, store: Store) -> Sprint:
    """The sprint that runs now, which must be accepted."""
    number = workspace.team.sprints.number_at(workspace.now)
    states = store.sprint_states()
    if number < 1 or states.get(number, SprintState.PLANNED) is not SprintState.ACCEPTED:
        name = sprint_numbered(workspace.team, max(1, number)).name
        raise Refused(
            f"{name} is not accepted, so nothing has to be pulled into it: give it tasks with "
            f"blocker task edit ID --sprint {name}, and book"
        )
    return sprint_numbered(workspace.team, number)


def _candidates(tasks: Mapping[str, Task], member: str, sprint: Sprint) -> list[Task]:
    """A member's open tasks of the next sprint by priority, then those of the backlog by rank."""
    own = [task for task in tasks.values() if task.owner == member and task.is_owed]
    following = [task for task in own if task.sprint == sprint.number + 1]
    following.sort(key=lambda task: task.priority)
    return [*following, *(task for task in own if task.sprint is None)]


def _offers_for(
    workspace: Workspace, view: View, member: Member, tasks: Mapping[str, Task], sprint: Sprint
) -> Iterable[Offer]:
    for task in _candidates(tasks, member.id, sprint)[:_MOST]:
        try:
            moved = brought_in(workspace, task, sprint, TaskState.PULLED)
        except Refused:
            continue
        yield Offer(task, member.id, _fits(view, moved))


def _fits(view: View, task: Task) -> bool:
    """Whether a quick plan finds room for all of it beside what stands."""
    problem = view.planned.problem
    if problem is None:
        return False
    promise = promise_of(task, view.scene.sprint, view.scene.team)
    work = work_for(view.scene, view.stands, promise, problem.horizon)
    desks = tuple(desk for desk in problem.desks if desk.member == task.owner)
    trial = Problem(problem.horizon, desks, (work,), False, problem.sprint, problem.first_day)
    (found,) = plan(trial, effort=Effort.QUICK)
    return not found.unbooked and work.missing > timedelta() and not work.is_stuck


def pull(
    workspace: Workspace,
    name: str,
    *,
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """Move a task of the next sprint or the backlog into the running one, and book it.

    Raises Refused for somebody else's task, one that is in a running sprint or finished, and one
    that does not fit: nothing is changed then.
    """
    with workspace.store(rehearse=True) as store:
        sprint = _running(workspace, store)
        task = _pullable(workspace, store, name, sprint)

    def revise(workspace: Workspace, store: Store, sprint: Sprint) -> Revision:
        return _pulled(workspace, store, _pullable(workspace, store, name, sprint), sprint)

    booking = carry_out(
        workspace,
        [replace(task, sprint=sprint.number)],
        revise,
        command="pull",
        confirm=only_if_fits(task, confirm),
        dry_run=dry_run,
        tell=tell,
    )
    if dry_run:
        refuse_unfit(booking, task)
    return booking


def _pulled(workspace: Workspace, store: Store, now: Task, sprint: Sprint) -> Revision:
    known = store.tasks()
    pulled = brought_in(workspace, now, sprint, TaskState.PULLED)
    record = gate_in(workspace, store).amendment(
        AmendmentKind.PULLED, pulled, minutes=pulled.estimate
    )
    where = "the backlog" if now.sprint is None else "the next sprint"
    words = f"{now.named} was pulled from {where} into {sprint.name}"
    return Revision(
        revised(known, pulled),
        with_tasks(known, pulled),
        (record,),
        notes=(f"{words}.",),
        may_use_reserve=False,
        about=frozenset([now.id]),
        what=words,
    )


def _pullable(workspace: Workspace, store: Store, name: str, sprint: Sprint) -> Task:
    task = task_named(store.tasks(), name)
    refuse_others_work(workspace, task)
    refuse_belonging(task, sprint, gate_of(workspace, store.sprint_states()))
    return task
