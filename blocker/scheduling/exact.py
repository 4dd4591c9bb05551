"""The optimum and its proof: wish by wish, each fixed before the next, on the gap model.

A round solves the relaxation for all wishes and then lays out its answer as explicit blocks.  Where
that is not possible, the pieces that stood in the way become sharp and the next round is exact
there.  A value that a real schedule reaches and that no relaxation beats is proven best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from math import floor
from typing import TYPE_CHECKING, Any

from blocker.scheduling.bounds import cannot_all_fit, fewest_blocks, most_preferred
from blocker.scheduling.draft import (
    AVOIDED,
    BLOCKS,
    MARGIN,
    PREFERRED,
    PRIORITIES,
    tasks_booked,
    tasks_place,
    wishes,
)
from blocker.scheduling.facts import Chunk, Facts
from blocker.scheduling.solver import BETTER, FOUND, NONE, UNKNOWN, hint_from, search_once

if TYPE_CHECKING:
    from blocker.scheduling.gap_model import GapModel


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


LATE_SHARE = 0.4
"""The share of a wish's limit that preferred and avoided hours get."""

OVERFULL_SHARE = 0.3
"""The share that wishes after the tasks get when not everything fits: the plan will change anyway,
since somebody has to decide what goes."""

FILLINGS = 4
"""How often the way by ever fuller answers is taken up again, from where it was left."""


@dataclass
class Outcome:
    """The best schedule known; of each wish in order its value, a bound, whether it is proven."""

    schedule: dict[int, tuple[Chunk, ...]]
    tasks: tuple[int, int, bool]
    blocks: tuple[int, int, bool]
    preferred: tuple[int, int, bool]


@dataclass
class _Wish:
    name: str
    place: int
    """Where it stands in the tuple of `wishes`; for tasks the first of two."""
    bound: int | None = None
    value: int | None = None
    """What the last round held it at; bounds of later wishes hold for that alone."""
    is_proven: bool = False


def _wished(has_margin: bool) -> list[_Wish]:
    margin = [_Wish("margin", MARGIN)] if has_margin else []
    return [*margin, _Wish("blocks", BLOCKS)]


@dataclass
class Search:
    """One group's search; `best` only ever gets better."""

    facts: Facts
    best: dict[int, tuple[Chunk, ...]]
    limits: Limits
    left: float = 0.0
    sharp: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.left = self.limits.total * len(self.facts.members) ** 0.5
        self.value = wishes(self.facts, self.best)

    def run(self) -> Outcome:
        """The search itself: tasks, margins and blocks together, then preferred hours."""
        facts = self.facts
        jobs = len(facts.jobs)
        has_margin = any(job.soft_due is not None for job in facts.jobs)
        is_proven = self._is_full() and self.value[MARGIN] == jobs
        wished: list[_Wish] = []
        if not (is_proven and -self.value[BLOCKS] == fewest_blocks(facts)):
            wished, answer = self._first_wishes(has_margin)
            proofs = [wish.is_proven and answer == FOUND for wish in wished]
            is_proven = all(proofs[:-1]) and (proofs[-1] or bool(proofs[:-1]))
            if self._is_full() and (not has_margin or self.value[MARGIN] == jobs):
                is_proven = True
        preferred = self._prefer(self._is_full())
        if self.value[AVOIDED]:
            self._improve("avoided", self._is_full())
        return Outcome(
            self.best,
            self._tasks_proof(wished, is_proven),
            self._blocks_proof(wished, is_proven),
            preferred,
        )

    def _is_full(self) -> bool:
        return tasks_booked(self.value) == len(self.facts.jobs)

    def _first_wishes(self, has_margin: bool) -> tuple[list[_Wish], str]:
        """All tasks booked if that can be; else as many as possible, priority by priority."""
        answer = NONE
        wished = _wished(has_margin)
        if self._is_full() or not cannot_all_fit(self.facts):
            answer = self._rounds(wished, True)
        if answer == NONE or (answer == UNKNOWN and not self._is_full()):
            self.left = max(self.left, self.limits.total / 3)
            wished = [_Wish(f"tasks{p}", tasks_place(p)) for p in PRIORITIES] + _wished(has_margin)
            answer = self._rounds(wished, False)
        return wished, answer

    def _tasks_proof(self, wished: list[_Wish], is_proven: bool) -> tuple[int, int, bool]:
        """The first of the wishes about tasks that is not proven, with its bound."""
        open_wish = next((w for w in wished if not w.is_proven and w.name != "blocks"), None)
        if is_proven or open_wish is None:
            booked = tasks_booked(self.value)
            return booked, booked if is_proven else len(self.facts.jobs), is_proven
        have = self._have(open_wish)
        return have, have if open_wish.bound is None else open_wish.bound, False

    def _blocks_proof(self, wished: list[_Wish], is_proven: bool) -> tuple[int, int, bool]:
        count = -self.value[BLOCKS]
        least = fewest_blocks(self.facts) if self._is_full() else 0
        blocks = wished[-1] if wished else None
        if blocks is not None and blocks.bound is not None and is_proven:
            least = max(least, -blocks.bound)
        return count, min(count, least), is_proven and count <= least

    # --- rounds --------------------------------------------------------------------------------

    def _rounds(self, wished: list[_Wish], all_booked: bool) -> str:
        """Solves all wishes on ever sharper models until the answer is a real schedule."""
        for turn in range(self.limits.rounds + 1):
            if turn == self.limits.rounds:
                self.sharp = set(range(len(self.facts.pieces)))
            answer, counts, held = self._levels(wished, all_booked)
            if answer == NONE:
                return NONE
            if self._reaches(wished, all_booked):
                return FOUND
            if answer == UNKNOWN:
                return UNKNOWN
            if self._lay_out(counts, held, all_booked):
                self._reaches(wished, all_booked)
                return FOUND
            blamed = self._blamed(counts)
            if blamed <= self.sharp:
                if len(self.sharp) == len(self.facts.pieces):
                    return UNKNOWN
                blamed = set(range(len(self.facts.pieces)))
            self.sharp |= blamed
            for wish in wished:
                wish.is_proven = False
        return UNKNOWN

    def _reaches(self, wished: list[_Wish], all_booked: bool) -> bool:
        """Whether the best schedule has what the relaxation says nobody beats."""
        if all_booked and tasks_booked(self.value) < len(self.facts.jobs):
            return False
        reached = True
        for wish in wished:
            wish.is_proven = reached = (
                reached and wish.bound is not None and self._have(wish) >= wish.bound
            )
        return reached

    def _have(self, wish: _Wish) -> int:
        """The best schedule's value of a wish, in the model's numbers."""
        if not wish.name.startswith("tasks"):
            return self.value[wish.place]
        jobs = [job for job in self.facts.jobs if tasks_place(job.priority) == wish.place]
        weight = sum(job.need for job in jobs) + 1
        return weight * self.value[wish.place] + self.value[wish.place + 1]

    def _levels(
        self, wished: list[_Wish], all_booked: bool
    ) -> tuple[str, dict[tuple[int, int], int], dict[str, Any]]:
        """One model, all wishes in turn: bounds go into `wished`, counts are of the last answer."""
        from blocker.scheduling.gap_model import GapModel

        model = GapModel(self.facts, self.sharp, all_booked)
        model.link()
        model.hint(self.best)
        answer = UNKNOWN
        counts: dict[tuple[int, int], int] = {}
        held: dict[str, Any] = {}
        exprs = {"margin": model.margin_wish, "blocks": model.blocks_wish}
        for priority in PRIORITIES:
            exprs[f"tasks{priority}"] = partial(model.tasks_wish, priority)
        for number, wish in enumerate(wished):
            expr = exprs[wish.name]()
            if isinstance(expr, int):
                wish.bound = expr
                continue
            if wish.bound is not None:
                model.model.add(expr <= wish.bound)
            elif wish.name == "blocks" and all_booked:
                model.model.add(expr <= -fewest_blocks(self.facts))
            model.model.maximize(expr)
            is_later = not all_booked and not wish.name.startswith("tasks")
            solver, status = self._solve(model.model, OVERFULL_SHARE if is_later else 1.0)
            if status == UNKNOWN and all_booked and not counts and self._fill_up(model):
                solver, status = self._solve(model.model)
            if status == NONE:
                return (NONE if not counts else answer), counts, held
            if status == UNKNOWN:
                return UNKNOWN, counts, held
            answer = FOUND
            value = round(solver.objective_value)
            bound = floor(solver.best_objective_bound + 1e-6)
            wish.bound = bound if wish.bound is None else min(bound, wish.bound)
            if value != wish.value:
                wish.value = value
                for later in wished[number + 1 :]:
                    later.bound = None
            counts, held = model.counts_in(solver), model.held_in(solver)
            model.model.add(expr >= value)
            hint_from(model.model, solver)
        return answer, counts, held

    def _solve(self, model: Any, share: float = 1.0) -> tuple[Any, str]:
        """Plain search for a third of the limit, then all of the solver's searches in turns.

        The plain one is quicker where it ends, the other finds more in the same time where not.
        """
        solver, status = self._searched(model, share * self.limits.wish / 3)
        if status == BETTER:
            hint_from(model, solver)
            again, status_again = self._searched(model, share * self.limits.wish, in_turns=True)
            if status_again != UNKNOWN:
                solver, status = again, status_again
        return solver, FOUND if status == BETTER else status

    def _fill_up(self, model: GapModel) -> bool:
        """Hints a model with an answer that books everything, found by way of ever fuller ones.

        Where next to no time is to spare, whole tasks leave the search nothing to climb; so they
        may be booked in part here, and what counts is how much is booked in sum.
        """
        from blocker.scheduling.gap_model import GapModel

        jobs = tuple(replace(job, is_whole=False) for job in self.facts.jobs)
        loose = GapModel(replace(self.facts, jobs=jobs), self.sharp, all_booked=False)
        loose.link()
        loose.hint(self.best)
        needed = sum(job.need for job in jobs)
        booked = loose.time_booked()
        loose.model.add(booked <= needed)
        loose.model.maximize(booked)
        for turn in range(FILLINGS):
            solver, status = self._searched(
                loose.model, 2 * self.limits.wish, in_turns=turn % 2 == 1, is_linear=turn % 2 == 0
            )
            if status not in (FOUND, BETTER):
                return False
            if round(solver.objective_value) == needed:
                model.hint_like(loose, solver)
                return True
            if status == FOUND:  # proven: not even in parts can everything be booked
                return False
            hint_from(loose.model, solver)
        return False

    def _searched(
        self, model: Any, limit: float, *, in_turns: bool = False, is_linear: bool = False
    ) -> tuple[Any, str]:
        if self.left <= 0:
            return None, UNKNOWN
        solver, status = search_once(
            model, min(limit, self.left), in_turns=in_turns, is_linear=is_linear
        )
        self.left -= solver.response_proto.deterministic_time
        return solver, status

    # --- from counts to blocks -----------------------------------------------------------------

    def _lay_out(
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
        solver, status = self._solve(model.model, 1.0 if all_booked else OVERFULL_SHARE)
        if status != FOUND:
            return False
        self._offer(model.schedule_in(solver))
        return True

    def _offer(self, schedule: dict[int, tuple[Chunk, ...]]) -> None:
        value = wishes(self.facts, schedule)
        if value > self.value:
            self.best, self.value = schedule, value

    def _blamed(self, counts: Mapping[tuple[int, int], int]) -> set[int]:
        """The pieces of an answer in which the relaxation may have promised too much."""
        facts, blamed = self.facts, set()
        for job in facts.jobs:
            is_linked = bool(job.before or facts.followers[job.index])
            for option in job.options:
                piece = facts.pieces[option.piece]
                if counts.get((job.index, option.piece)) and (
                    is_linked
                    or piece.near
                    or option.piece in facts.breaks_of
                    or option.start > piece.start
                    or option.end < piece.end
                    or (job.soft_due is not None and option.start < job.soft_due < option.end)
                ):
                    blamed.add(option.piece)
        return blamed

    # --- what comes after the blocks -----------------------------------------------------------

    def _prefer(self, is_full: bool) -> tuple[int, int, bool]:
        """The third wish, everything before it kept as it is."""
        facts = self.facts
        have = self.value[PREFERRED]
        if not facts.has_preference:
            return 0, 0, True
        booked = {j: sum(chunk[2] for chunk in chunks) for j, chunks in self.best.items()}
        bound = min(sum(booked.values()), most_preferred(facts, booked)) if is_full else None
        if bound is not None and have >= bound:
            return have, have, True
        found = self._improve("preferred", is_full)
        if found is not None:
            bound = found if bound is None else min(found, bound)
        have = self.value[PREFERRED]
        if bound is None:
            bound = sum(job.need for job in facts.jobs)
        return have, max(have, bound), have >= bound

    def _improve(self, name: str, is_full: bool) -> int | None:
        """Maximises one late wish with all earlier ones held; returns its bound or None."""
        from blocker.scheduling.gap_model import GapModel

        if self.left <= 0:
            return None
        model = GapModel(self.facts, self.sharp, is_full)
        model.link()
        model.hint(self.best)
        for priority in PRIORITIES if not is_full else ():
            tasks = _Wish(f"tasks{priority}", tasks_place(priority))
            model.model.add(model.tasks_wish(priority) >= self._have(tasks))
        if model.in_margin:
            model.model.add(model.margin_wish() >= self.value[MARGIN])
        model.model.add(model.blocks_wish() >= self.value[BLOCKS])
        if name == "avoided" and self.facts.has_preference:
            model.model.add(model.preferred_wish() >= self.value[PREFERRED])
        wish = model.preferred_wish() if name == "preferred" else model.avoided_wish()
        model.model.maximize(wish)
        share = LATE_SHARE if is_full else LATE_SHARE * OVERFULL_SHARE
        solver, status = self._solve(model.model, share)
        if status != FOUND:
            return None
        bound: int = floor(solver.best_objective_bound + 1e-6)
        counts, held = model.counts_in(solver), model.held_in(solver)
        self._lay_out(counts, held, is_full)
        return bound
