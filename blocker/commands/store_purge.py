"""`store purge`: takes out of the store what is old."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from blocker.commands.choosing import sprint_numbered
from blocker.commands.deciding import manager_asking
from blocker.domain.errors import WrongUse
from blocker.domain.hours import day_of, instant
from blocker.domain.sprint import Sprint, SprintState
from blocker.store.store import Store
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Purged:
    """What was, or would be, taken out: how many of what, and the sprints it belonged to."""

    before: date
    sprints: tuple[Sprint, ...]
    counts: Mapping[str, int]
    is_done: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def purge(
    workspace: Workspace,
    before: date,
    confirm: Callable[[Purged], bool] = lambda _: True,
    *,
    dry_run: bool = False,
) -> Purged:
    """Take out closed sprints that ended before a day in the team's zone, and older log entries.

    Seals of commitments stay, so that the chain still holds.  Raises WrongUse without a manager
    and for a day to come, Refused for a marketer, Unreachable.
    """
    manager = manager_asking(workspace, "store purge")
    if before > day_of(workspace.now, workspace.team.zone):
        raise WrongUse(f"--before: {before} is still to come; name a day that has begun")
    with workspace.store(rehearse=True) as store, store.transaction():
        found = _purge(workspace, store, before)
    if dry_run or not found.total or not confirm(found):
        return found
    with workspace.store() as store, store.transaction():
        found = _purge(workspace, store, before)
        parts = ", ".join(f"{number} {what}" for what, number in found.counts.items() if number)
        store.log(workspace.now, manager.id, f"purged what ended before {before}: {parts}")
    return replace(found, is_done=True)


def _purge(workspace: Workspace, store: Store, before: date) -> Purged:
    team = workspace.team
    closed = [
        sprint_numbered(team, number)
        for number, state in sorted(store.sprint_states().items())
        if state is SprintState.CLOSED
    ]
    over = tuple(one for one in closed if one.last_day < before)
    moment = instant(before, 0, team.zone)
    return Purged(before, over, store.purge([one.number for one in over], before, moment))
