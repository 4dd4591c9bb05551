"""What an accepted sprint is held to: its commitment, and what Amendments took back of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from blocker.domain.commitment import Amendment, AmendmentKind, Commitment
from blocker.domain.task import Task
from blocker.store.store import Store

RELEASING = (
    AmendmentKind.SWAPPED_OUT,
    AmendmentKind.DROPPED,
    AmendmentKind.CARRIED,
    AmendmentKind.REASSIGNED,
)
"""After these a task is no longer what its owner promised."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One sprint's commitment, None before acceptance, and the amendments since."""

    commitment: Commitment | None = None
    amendments: tuple[Amendment, ...] = ()
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Titles of the open outcomes, by id."""

    @property
    def released(self) -> frozenset[str]:
        """Tasks that are no longer promised by who promised them."""
        return frozenset(
            one.task for one in self.amendments if one.kind in RELEASING and one.task is not None
        )


def accepted_in(store: Store, sprint: int) -> Accepted:
    """What the store knows of one sprint's acceptance."""
    outcomes = {one.id: one.title for one in store.outcomes().values() if one.closed_at is None}
    amendments = tuple(store.amendments(sprint))
    return Accepted(store.commitment_of(sprint), amendments, outcomes)


def as_lowered(commitment: Commitment, tasks: Mapping[str, Task]) -> Commitment:
    """The commitment with estimates that were lowered since: nobody owes more than that."""
    lowered = tuple(
        replace(one, estimate=min(one.estimate, tasks[one.id].estimate)) if one.id in tasks else one
        for one in commitment.tasks
    )
    return replace(commitment, tasks=lowered)
