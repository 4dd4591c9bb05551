"""What an accepted sprint is held to: its commitment, and what Amendments have made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from blocker.domain.commitment import Amendment, AmendmentKind, Commitment, PromisedTask
from blocker.domain.finding import Left
from blocker.domain.task import Task

NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Held:
    """What is still promised, each task by whose it is now, and what left or changed hands."""

    tasks: tuple[PromisedTask, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def promised(self) -> timedelta:
        """All that was accepted and not taken back."""
        still = sum((one.estimate for one in self.tasks), NONE)
        return sum((one.kept for one in self.left), still)


def held_to(
    commitment: Commitment | None, amendments: Iterable[Amendment], tasks: Mapping[str, Task]
) -> Held:
    """One sprint's promise with each of its Amendments applied in turn.

    What is given away is promised by whoever has it now; what had stood by then stays with who
    worked on it.  `tasks` are those of the store: they know the outcomes of what came in later.
    """
    promised = commitment.tasks if commitment else ()
    outcomes = {one.id: one.outcome for one in promised}
    outcomes |= {task.id: task.outcome for task in tasks.values()}
    trails = {
        one.id: _Trail(one.owner, outcomes[one.id], one.estimate, one.estimate) for one in promised
    }
    for one in amendments:
        if one.task is not None:
            unpromised = _Trail(one.member, outcomes.get(one.task))
            trails.setdefault(one.task, unpromised).follow(one)
    held = (_held(one, trails[one.id]) for one in promised)
    return Held(
        tuple(one for one in held if one.estimate > NONE),
        tuple(left for trail in trails.values() for left in trail.left.values()),
    )


def _held(promised: PromisedTask, trail: _Trail) -> PromisedTask:
    """Its blocks were its first owner's, of the whole of it."""
    blocks = () if trail.has_moved else promised.blocks
    owner = trail.owner or promised.owner
    return replace(promised, owner=owner, estimate=trail.promised, blocks=blocks)


@dataclass(slots=True)
class _Trail:
    """One task on its way through the sprint.

    `promised` is what of its `estimate` is promised by its owner; `left` holds the parts of those
    who have it no more.
    """

    owner: str | None
    outcome: str | None
    estimate: timedelta = NONE
    promised: timedelta = NONE
    left: dict[str, Left] = field(default_factory=dict)
    has_moved: bool = False

    def follow(self, one: Amendment) -> None:
        match one.kind:
            case AmendmentKind.MORE:
                self.estimate += one.minutes
            case AmendmentKind.LOWERED:
                self.estimate += one.minutes
                self.promised = min(self.promised, self.estimate)
            case AmendmentKind.DROPPED:
                self.promised = NONE
            case AmendmentKind.REASSIGNED:
                self._leave(one, one.giver or self.owner)
                self.estimate -= one.stood
                self._enter(one.member)
            case AmendmentKind.SWAPPED_OUT | AmendmentKind.CARRIED:
                self._leave(one, one.member or self.owner)
                self.promised = NONE
            case AmendmentKind.SWAPPED_IN | AmendmentKind.PULLED:
                self.estimate = one.minutes
                self._enter(one.member)

    def _leave(self, one: Amendment, member: str | None) -> None:
        self.has_moved = True
        kept = min(self.promised, one.stood)
        self.promised -= kept
        if member is not None and one.task is not None:
            left = Left(one.task, member, self.outcome, one.stood, kept, one.at)
            self.left[member] = left

    def _enter(self, member: str | None) -> None:
        """Who had it before has past blocks of it, which count again beside the new ones."""
        self.owner = member
        before = self.left.pop(member or "", None)
        if before is not None:
            self.promised += before.kept
            self.estimate += before.stood
