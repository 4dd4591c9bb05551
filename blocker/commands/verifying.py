"""Whether an accepted sprint is what was accepted, and each change since is on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from blocker.commands.accepted import RELEASING
from blocker.domain.commitment import Amendment, AmendmentKind, Commitment
from blocker.domain.interval import duration_text
from blocker.domain.sprint import SprintState
from blocker.domain.task import Task
from blocker.domain.team import Team
from blocker.store.sealing import Sealed, faults_of
from blocker.store.store import Store

_ENTERING = (AmendmentKind.PULLED, AmendmentKind.SWAPPED_IN, AmendmentKind.SPLIT)
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
    found = [*faults_of(chain), *_lost(chain, states, store, team)]
    for sealed in chain:
        if sealed.content and states.get(sealed.sprint) is SprintState.ACCEPTED and sealed.is_whole:
            commitment = sealed.commitment
            assert commitment is not None, "it has its content"
            found += unrecorded(commitment, tasks, store.amendments(sealed.sprint))
    return found


def _lost(
    chain: Sequence[Sealed], states: Mapping[int, SprintState], store: Store, team: Team
) -> Iterator[str]:
    """Sprints that are accepted, or were, with nothing kept of it: cut off the chain's end."""
    kept = {sealed.sprint for sealed in chain}
    closings = store.closings()
    for number, state in sorted(states.items()):
        was = closings[number].was_accepted if number in closings else False
        if number not in kept and (state is SprintState.ACCEPTED or was):
            yield f"{team.sprints.sprint(number).name} was accepted, and its commitment is gone"


def unrecorded(
    commitment: Commitment, tasks: Mapping[str, Task], amendments: Iterable[Amendment]
) -> list[str]:
    """Each difference between what was promised and the tasks now that no Amendment explains."""
    by_task: dict[str, list[Amendment]] = {}
    for one in amendments:
        by_task.setdefault(one.task or "", []).append(one)
    return list(_unrecorded(commitment, tasks, by_task))


def _unrecorded(
    commitment: Commitment, tasks: Mapping[str, Task], by_task: Mapping[str, Sequence[Amendment]]
) -> Iterator[str]:
    name = commitment.sprint_name
    promised = {one.id: one for one in commitment.tasks}
    for task in tasks.values():
        records = by_task.get(task.id, ())
        if task.sprint != commitment.sprint or not (task.is_owed or task.id in promised):
            continue
        if task.id not in promised:
            if not any(one.kind in _ENTERING for one in records):
                yield f"{task.id} is in {name} now, and nothing records how it came in"
            continue
        before = promised[task.id]
        changed = sum((one.minutes for one in records if one.kind in _RESIZING), timedelta())
        if task.estimate != before.estimate + changed:
            now, then = duration_text(task.estimate), duration_text(before.estimate)
            yield f"{task.id} is {now} now, was promised with {then}, and nothing records why"
        is_given = any(one.kind is AmendmentKind.REASSIGNED for one in records)
        if task.owner != before.owner and not is_given:
            yield f"{task.id} is {task.owner}'s now, {before.owner} promised it; nothing records it"
    for one in commitment.tasks:
        task_now = tasks.get(one.id)
        records = by_task.get(one.id, ())
        is_gone = task_now is None or task_now.sprint != commitment.sprint
        if is_gone and not any(record.kind in RELEASING for record in records):
            yield f"{one.id} was promised for {name} and is gone from it; nothing records it"
