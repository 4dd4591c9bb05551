"""The freeze: what an accepted sprint does not let in, and the record of what it does (M5).

From acceptance until close nothing new gets in, no estimate grows, no task changes hands and no due
date moves back (contract, section 7).  What takes nothing from anybody is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blocker.commands.choosing import sprint_numbered
from blocker.commands.promises import promise_of
from blocker.domain.commitment import Amendment, AmendmentKind
from blocker.domain.hours import day_text
from blocker.domain.interval import duration_text
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task, TaskState
from blocker.domain.team import Team
from blocker.workspace import Workspace

_NAMED = 3
"""So many tasks that would have to go are named."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Stands before accepted sprints.  `by` is the member who asks, `asked_by` who asked them."""

    team: Team
    states: Mapping[int, SprintState]
    now: datetime
    by: str | None
    because: str | None = None
    asked_by: str | None = None

    def is_frozen(self, sprint: int | None) -> bool:
        """Accepted, or closed: nothing new gets in any more."""
        return self.state_of(sprint) is not SprintState.PLANNED

    def state_of(self, sprint: int | None) -> SprintState:
        return self.states.get(sprint or 0, SprintState.PLANNED)

    def sprint(self, number: int | None) -> Sprint:
        return sprint_numbered(self.team, number or 1)

    def is_promised(self, task: Task) -> bool:
        """An open task of an accepted sprint."""
        return task.is_owed and self.state_of(task.sprint) is SprintState.ACCEPTED

    def next_open(self, sprint: int) -> int:
        """The first sprint after this one that still takes tasks."""
        number = sprint + 1
        while self.is_frozen(number):
            number += 1
        return number

    def why_not(self, before: Task | None, after: Task) -> str | None:
        """What of the change the freeze refuses, and the way that is open; None for nothing."""
        name = self.sprint(after.sprint).name
        if self.is_frozen(after.sprint) and (before is None or before.sprint != after.sprint):
            return f"is new, and {name} is {self.state_of(after.sprint)}"
        if before is None or not self.is_promised(before):
            return None
        if after.estimate > before.estimate:
            more = duration_text(after.estimate - before.estimate)
            return (
                f"would grow by {more}, and {name} is accepted; record it with: "
                f"blocker more {after.id} {_short(more)} --because TEXT"
            )
        if after.owner != before.owner:
            return (
                f"would change hands, and {name} is accepted; record it with: "
                f"blocker reassign {after.id} {after.owner}"
            )
        due, later = self._due(before), self._due(after)
        if due is not None and later is not None and later > due:
            promised = before.due or f"the end of {name}"
            following = self.sprint(self.next_open(before.sprint or 0)).name
            return (
                f"is promised by {promised}, and {name} is accepted; if it cannot be met: "
                f"blocker task edit {after.id} --sprint {following} --because TEXT, or: "
                f"blocker swap --out {after.id} --in TASK --because TEXT"
            )
        return None

    def _due(self, task: Task) -> datetime | None:
        """When a task has to be finished; None where its owner has left the team."""
        if task.owner not in {one.id for one in self.team.members}:
            return None
        return promise_of(task, self.sprint(task.sprint), self.team).due

    def amendments(self, before: Task, after: Task) -> Iterator[Amendment]:
        """The record of a change that the freeze allows; nothing outside accepted sprints."""
        if not self.is_promised(before) or before == after:
            return
        if after.state is TaskState.DROPPED:
            yield self.amendment(AmendmentKind.DROPPED, before, minutes=-before.estimate)
            return
        if after.sprint != before.sprint:
            to = after.sprint or 0
            minutes = -before.estimate
            yield self.amendment(AmendmentKind.CARRIED, before, minutes=minutes, to=to)
            return
        if after.estimate < before.estimate:
            minutes = after.estimate - before.estimate
            yield self.amendment(AmendmentKind.LOWERED, before, minutes=minutes)
        if after.title != before.title:
            detail = f"“{before.title}” is now “{after.title}”"
            yield self.amendment(AmendmentKind.RETITLED, before, detail=detail)
        same = replace(after, estimate=before.estimate, title=before.title)
        if changed := _changed(before, same):
            detail = ", ".join(changed)
            yield self.amendment(AmendmentKind.CHANGED, before, detail=detail)

    def done(self, task: Task) -> Amendment:
        """The record that a task is finished."""
        return self.amendment(AmendmentKind.DONE, task)

    def amendment(
        self,
        kind: AmendmentKind,
        task: Task,
        *,
        minutes: timedelta = timedelta(),
        to: int | None = None,
        detail: str = "",
        sprint: int | None = None,
    ) -> Amendment:
        """An Amendment of the task's sprint, or of the one named, by whoever asks now."""
        return Amendment(
            kind,
            sprint or task.sprint or 0,
            self.now,
            self.by,
            task.id,
            task.owner,
            minutes,
            to=to,
            because=self.because,
            asked_by=self.asked_by,
            detail=detail,
        )


def gate_of(
    workspace: Workspace,
    states: Mapping[int, SprintState],
    because: str | None = None,
    asked_by: str | None = None,
) -> Gate:
    """The gate as whoever runs the command finds it."""
    by = workspace.asker_id
    return Gate(workspace.team, states, workspace.now, by, because, asked_by)


def _short(duration: str) -> str:
    return duration.replace(" ", "")


def _changed(before: Task, after: Task) -> list[str]:
    """The names of what differs."""
    names = ("priority", "due", "not_before", "after", "outcome", "campaign", "shortest", "longest")
    return [
        f"{name}: {_text(getattr(before, name))} to {_text(getattr(after, name))}"
        for name in names
        if getattr(before, name) != getattr(after, name)
    ]


def _text(value: object) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, timedelta):
        return duration_text(value)
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def splits_in(changes: Iterable[tuple[Task, Task]], fresh: Sequence[Task]) -> dict[str, str]:
    """Of new tasks those that are parts of one that shrank: their ids, and the id of that one.

    A part is its owner's, serves the same outcome, begins with its id, and all parts together hold
    no more than was taken off.
    """
    found: dict[str, str] = {}
    for before, after in changes:
        parts = [
            task
            for task in fresh
            if _is_part(task.id, before.id)
            and task.owner == after.owner
            and task.sprint == after.sprint
            and task.outcome == after.outcome
        ]
        less = before.estimate - after.estimate
        if parts and sum((task.estimate for task in parts), timedelta()) <= less:
            found |= {task.id: before.id for task in parts}
    return found


def _is_part(name: str, whole: str) -> bool:
    """T-1a, T-1-rest and T-1.2 are parts of T-1 by their names; T-12 is another task."""
    rest = name.removeprefix(whole)
    if rest in ("", name):
        return False
    return not (whole[-1].isdigit() and rest[0].isdigit())


def price_of(task: Task, tasks: Iterable[Task], gate: Gate) -> str:
    """What it would cost to let a task in: whose promised work would have to go for it."""
    own = [
        one
        for one in tasks
        if one.sprint == task.sprint
        and one.owner == task.owner
        and gate.is_promised(one)
        and one.id != task.id
    ]
    own.sort(key=lambda one: (-one.priority, one.estimate, one.id))
    going, have = [], timedelta()
    while own and have < task.estimate:
        one = own.pop(0)
        going.append(one)
        have += one.estimate
    hours = duration_text(task.estimate)
    if not going:
        return f"{hours} are not planned for"
    names = ", ".join(one.id for one in going[:_NAMED])
    more = f" and {len(going) - _NAMED} more" if len(going) > _NAMED else ""
    outcomes = list(dict.fromkeys(one.outcome for one in going if one.outcome))
    served = f" ({', '.join(outcomes)})" if outcomes else ""
    return f"{hours} would displace {names}{more}{served}"


def to_forward(tasks: Sequence[Task], number: int, gate: Gate, asker: str | None) -> str:
    """A sentence for whoever asked for late work."""
    sprint = gate.sprint(number)
    following = gate.sprint(gate.next_open(number))
    names = ", ".join(f"“{task.title}”" for task in tasks[:_NAMED])
    more = f" and {len(tasks) - _NAMED} more" if len(tasks) > _NAMED else ""
    hi = f"Hi {asker}, " if asker else ""
    start = day_text(following.interval.start, gate.team.zone)
    until = day_text(sprint.interval.end - timedelta(seconds=1), gate.team.zone)
    return (
        f"{hi}the hours of {sprint.name} are promised until {until}. {names}{more} can be part of "
        f"{following.name}, which begins {start}. If it cannot wait, tell us what to leave out "
        "for it."
    )
