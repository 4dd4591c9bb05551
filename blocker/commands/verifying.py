"""Whether an accepted sprint is what was accepted, and each change since is on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from blocker.domain.commitment import Amendment, AmendmentKind, Commitment
from blocker.domain.interval import duration_text
from blocker.domain.sprint import SprintState
from blocker.domain.task import Task, TaskState
from blocker.domain.team import Team
from blocker.store.sealing import Sealed, faults_of
from blocker.store.store import Store

_ENTERING = (AmendmentKind.PULLED, AmendmentKind.SWAPPED_IN, AmendmentKind.SPLIT)
_LEAVING = (AmendmentKind.SWAPPED_OUT, AmendmentKind.DROPPED, AmendmentKind.CARRIED)
_RESIZING = (
    AmendmentKind.MORE,
    AmendmentKind.LOWERED,
    AmendmentKind.REASSIGNED,
)


def faults_in(store: Store, team: Team) -> list[str]:
    """All that does not hold: the chain of acceptances, and changes without a record."""
    chain = store.commitments()
    tasks = {name: one.task for name, one in store.tasks().items()}
    states = store.sprint_states()
    closed = [number for number, state in states.items() if state is SprintState.CLOSED]
    found = [*faults_of(chain, closed), *_lost(chain, states, store, team)]
    for sealed in chain:
        if states.get(sealed.sprint) is SprintState.ACCEPTED and sealed.is_whole:
            commitment = sealed.commitment
            if commitment is not None:
                found += unrecorded(commitment, tasks, store.amendments(sealed.sprint))
    return found


def _lost(
    chain: Sequence[Sealed], states: Mapping[int, SprintState], store: Store, team: Team
) -> Iterator[str]:
    """Sprints whose state and records disagree: a chain cut off at its end, a state set back."""
    kept = {sealed.sprint for sealed in chain}
    closings = store.closings()
    for number in sorted({*states, *closings, *kept}):
        name, state = team.sprints.sprint(number).name, states.get(number, SprintState.PLANNED)
        was = closings[number].was_accepted if number in closings else False
        if number not in kept and (state is SprintState.ACCEPTED or was):
            yield f"{name} was accepted, and its commitment is gone"
        if number in kept and state is SprintState.PLANNED:
            yield f"{name} is not accepted, and a commitment is kept"
        if number in closings and state is not SprintState.CLOSED:
            yield f"{name} is {state}, and a record says that it was closed"


def unrecorded(
    commitment: Commitment, tasks: Mapping[str, Task], amendments: Iterable[Amendment]
) -> list[str]:
    """Each difference between what was promised and the tasks now that no Amendment explains."""
    amendments = list(amendments)
    said = {one.task: one.kind for one in amendments if one.kind in _FINISHING}
    done = {name for name, last in said.items() if last is AmendmentKind.DONE}
    recorded = _as_recorded(commitment, amendments)
    found = list(_unrecorded(commitment, tasks, recorded))
    return found + [
        f"{name} is done, and nothing records it"
        for name in recorded
        if name in tasks and tasks[name].state is TaskState.DONE and name not in done
    ]


_FINISHING = (AmendmentKind.DONE, AmendmentKind.REOPENED)

Recorded = tuple[str, timedelta]
"""Whose a task is, and its estimate."""


def _as_recorded(commitment: Commitment, amendments: Iterable[Amendment]) -> dict[str, Recorded]:
    """The tasks that the sprint should hold: the promise, with each Amendment applied in turn."""
    held = {one.id: (one.owner, one.estimate) for one in commitment.tasks}
    for one in amendments:
        name = one.task or ""
        if one.kind in _ENTERING:
            held[name] = (one.member or "", one.minutes)
        elif one.kind in _LEAVING:
            held.pop(name, None)
        elif one.kind in _RESIZING and name in held:
            owner, estimate = held[name]
            is_given = one.kind is AmendmentKind.REASSIGNED
            held[name] = (one.member or owner if is_given else owner, estimate + one.minutes)
    return held


def _unrecorded(
    commitment: Commitment, tasks: Mapping[str, Task], held: Mapping[str, Recorded]
) -> Iterator[str]:
    name = commitment.sprint_name
    for task in tasks.values():
        if task.sprint == commitment.sprint and task.is_owed and task.id not in held:
            yield f"{task.id} is in {name} now, and nothing records how it came in"
    for one, (owner, estimate) in held.items():
        now = tasks.get(one)
        if now is None or now.sprint != commitment.sprint or now.state is TaskState.DROPPED:
            yield f"{one} was promised for {name} and is gone from it; nothing records it"
            continue
        if now.estimate != estimate:
            there, then = duration_text(now.estimate), duration_text(estimate)
            yield f"{one} is {there} now, {then} by what is recorded"
        if now.owner != owner:
            yield f"{one} is {now.owner}'s now, {owner}'s by what is recorded"
