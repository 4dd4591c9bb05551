"""`reassign`: a task changes hands; what is left of it is booked for its new owner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from blocker.auditing.held import held_to
from blocker.commands.amending import carry_out, gate_in, open_task, still_open, stood_now
from blocker.commands.book import Confirm
from blocker.commands.capacity import capacity
from blocker.commands.carrying import left_of
from blocker.commands.deciding import refuse_others_work
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.domain.commitment import AmendmentKind
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.interval import duration_text
from blocker.domain.member import Member
from blocker.domain.plan import Booking
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who could take a task over: members with the room for what is left of it, the most first."""

    task: Task
    left: timedelta
    members: tuple[tuple[Member, timedelta], ...]
    errors: tuple[str, ...] = ()


def candidates(workspace: Workspace, name: str, tell: Tell = silent) -> Candidates:
    """Whose time would hold what is left of a task, in its sprint.  Changes nothing."""
    task = open_task(workspace, name)
    stood = stood_now(workspace, [task], tell)
    left = max(task.estimate - stood.get(task.id, timedelta()), timedelta())
    others = tuple(one.id for one in workspace.team.members if one.id != task.owner)
    found = capacity(workspace, None, str(task.sprint), others, tell)
    rooms = [
        (workspace.team.member(one.member), timedelta(minutes=one.room)) for one in found.members
    ]
    fitting = [(member, room) for member, room in rooms if room >= left and member.blocks]
    fitting.sort(key=lambda one: (-one[1], one[0].id))
    return Candidates(task, left, tuple(fitting), found.errors)


def reassign(
    workspace: Workspace,
    name: str,
    to: str,
    because: str | None = None,
    *,
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """Give what is left of a task to another member; the old owner's blocks to come go.

    Raises WrongUse for an unknown member, Refused where nothing is left or the member has no
    calendar for blocks.
    """
    task = open_task(workspace, name)
    taker = _taker(workspace, task, to)
    past = stood_now(workspace, [task], tell)

    def revise(workspace: Workspace, store: Store, _sprint: Sprint) -> Revision:
        known = store.tasks()
        now = still_open(store, task)
        refuse_others_work(workspace, now)
        stood = past.get(now.id, timedelta())
        left = left_of(now, stood)
        given = replace(now, owner=taker.id, estimate=left + _stood_before(store, now, taker))
        gate = gate_in(workspace, store, because)
        record = gate.amendment(
            AmendmentKind.REASSIGNED,
            now,
            minutes=given.estimate - now.estimate,
            detail=f"from {now.owner}",
        )
        record = replace(record, member=taker.id, giver=now.owner, stood=stood)
        words = f"{now.named} goes from {now.owner} to {taker.id}, {duration_text(left)}"
        return Revision(
            revised(known, given),
            with_tasks(known, given),
            (record,) if gate.is_promised(now) else (),
            notes=(f"{words}.",),
            about=frozenset([now.id]),
            what=words,
        )

    return carry_out(
        workspace, [task], revise, members=[taker.id], confirm=confirm, dry_run=dry_run, tell=tell
    )


def _stood_before(store: Store, task: Task, taker: Member) -> timedelta:
    """What the taker has done of it already, in this sprint: those blocks will count again."""
    number = task.sprint or 0
    tasks = {task.id: task}
    left = held_to(store.commitment_of(number), store.amendments(number), tasks).left
    parts = [one.stood for one in left if (one.task, one.member) == (task.id, taker.id)]
    return sum(parts, timedelta())


def _taker(workspace: Workspace, task: Task, to: str) -> Member:
    member = workspace.team.find(to)
    if member is None:
        known = ", ".join(one.id for one in workspace.team.members)
        raise WrongUse(f"nobody in the team is called {to!r}; its members are {known}")
    if member.id == task.owner:
        raise Refused(f"{task.named} is {member.name}'s already")
    if member.blocks is None:
        raise Refused(f"{member.name} has no calendar that blocks are written to")
    return member
