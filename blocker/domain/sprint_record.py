"""What is kept of sprints, for people who look back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from blocker.domain.closing import Closing
from blocker.domain.commitment import Amendment, Commitment
from blocker.domain.sprint import Sprint, SprintState


@dataclass(frozen=True, slots=True)
class SprintSum:
    """One sprint in a line: time promised, standing (done included) and past; tasks and done.

    `is_kept` is False for a closed sprint whose record was purged: its numbers say nothing.
    """

    sprint: Sprint
    state: SprintState
    promised: timedelta
    standing: timedelta
    stood: timedelta
    tasks: int
    done: int
    was_accepted: bool
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class SprintRecord:
    """All that is kept of one sprint.

    `open_tasks` counts those still owed in it; `faults` is None where nobody asked, `chain` the
    number of acceptances that were looked at.
    """

    sprint: Sprint
    state: SprintState
    commitment: Commitment | None
    seal: str | None
    amendments: tuple[Amendment, ...]
    closing: Closing | None
    open_tasks: int
    faults: tuple[str, ...] | None = None
    chain: int = 0
