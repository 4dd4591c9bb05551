"""What is known of a sprint's acceptance: its commitment, and its Amendments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from blocker.domain.commitment import Amendment, Commitment
from blocker.store.store import Store


@dataclass(frozen=True, slots=True)
class Accepted:
    """One sprint's commitment, None before acceptance, and the amendments since."""

    commitment: Commitment | None = None
    amendments: tuple[Amendment, ...] = ()
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Titles of the open outcomes, by id."""


def accepted_in(store: Store, sprint: int) -> Accepted:
    """What the store knows of one sprint's acceptance."""
    outcomes = {one.id: one.title for one in store.outcomes().values() if one.closed_at is None}
    amendments = tuple(store.amendments(sprint))
    return Accepted(store.commitment_of(sprint), amendments, outcomes)
