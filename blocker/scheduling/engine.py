"""What every search of the exact kind has: the best schedule, a limit, and models laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blocker.scheduling.draft import tasks_booked, tasks_place, wishes
from blocker.scheduling.facts import Chunk, Facts
from blocker.scheduling.goals import Goals
from blocker.scheduling.solver import BETTER, FOUND, UNKNOWN, search_once

OVERFULL_SHARE = 0.3
"""The share that wishes after the tasks get when not everything fits: the plan will change anyway,
since somebody has to decide what goes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much search is allowed, in CP-SAT's deterministic time (about seconds), never seconds.

    `total` is for a group of one member and grows with the root of their number; `pairs` is the
    largest number of (job, piece) pairs that is searched at all.
    """

    total: float
    wish: float
    rounds: int
    pairs: int


@dataclass
class Engine:
    """One group's search; `best` only ever gets better."""

    facts: Facts
    goals: Goals
    best: dict[int, tuple[Chunk, ...]]
    limits: Limits
    left: float = 0.0
    sharp: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.left = self.limits.total * len(self.facts.members) ** 0.5
        self.value = wishes(self.facts, self.best)

    def is_full(self) -> bool:
        return tasks_booked(self.value) == len(self.facts.jobs)

    def tasks_worth(self, place: int) -> int:
        """What the best schedule has of the tasks of a priority, as the model counts it."""
        jobs = [job for job in self.facts.jobs if tasks_place(job.priority) == place]
        weight = sum(job.need for job in jobs) + 1
        return weight * self.value[place] + self.value[place + 1]

    def solve(self, model: Any, share: float = 1.0) -> tuple[Any, str]:
        """One search within a wish's limit; what it finds is good enough when it proves nothing."""
        solver, status = self.searched(model, share * self.limits.wish)
        return solver, FOUND if status == BETTER else status

    def searched(
        self, model: Any, limit: float, *, in_turns: bool = False, is_linear: bool = False
    ) -> tuple[Any, str]:
        if self.left <= 0:
            return None, UNKNOWN
        solver, status = search_once(
            model, min(limit, self.left), in_turns=in_turns, is_linear=is_linear
        )
        self.left -= solver.response_proto.deterministic_time
        return solver, status

    def lay_out(
        self, counts: Mapping[tuple[int, int], int], held: Mapping[str, Any], all_booked: bool
    ) -> bool:
        """Places the blocks that a relaxation counted; keeps them if they are the best so far."""
        from blocker.scheduling.gap_model import GapModel

        pieces = range(len(self.facts.pieces))
        model = GapModel(self.facts, pieces, all_booked, counts)
        model.link()
        model.hold(held)
        wish = model.preferred_wish() if self.facts.has_preference else 0
        if not isinstance(wish, int):
            model.model.maximize(wish)
        solver, status = self.solve(model.model, 1.0 if all_booked else OVERFULL_SHARE)
        if status != FOUND:
            return False
        self._offer(model.schedule_in(solver))
        return True

    def _offer(self, schedule: dict[int, tuple[Chunk, ...]]) -> None:
        value = wishes(self.facts, schedule)
        if value > self.value:
            self.best, self.value = schedule, value
