"""The optimum and its proof: wish by wish, each fixed before the next, on the gap model.

A round solves the relaxation for all wishes and then lays out its answer as explicit blocks.  Where
that is not possible, the pieces that stood in the way become sharp and the next round is exact
there.  A value that a real schedule reaches and that no relaxation beats is proven best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import floor
from typing import TYPE_CHECKING, Any

from blocker.scheduling.draft import (
    AVOIDED,
    BLOCKS,
    MARGIN,
    PRIORITIES,
    tasks_booked,
    tasks_place,
)
from blocker.scheduling.engine import OVERFULL_SHARE, Engine
from blocker.scheduling.facts import Chunk
from blocker.scheduling.late_wishes import avoid, prefer
from blocker.scheduling.solver import BETTER, FOUND, NONE, UNKNOWN, hint_from

if TYPE_CHECKING:
    from blocker.scheduling.gap_model import GapModel


ROOM = "room"
"""The wish that there is room for everything, and nothing more."""

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


class Search(Engine):
    """One group's search, wish by wish."""

    def run(self) -> Outcome:
        """The search itself: tasks, margins and blocks together, then preferred hours."""
        facts = self.facts
        is_proven = self.is_full() and self.value[MARGIN] == len(facts.jobs)
        wished: list[_Wish] = []
        if not self.goals.are_blocks_met(self.value):
            wished, answer = self._first_wishes()
            proofs = [wish.is_proven and answer == FOUND for wish in wished]
            is_proven = all(proofs[:-1]) and (proofs[-1] or bool(proofs[:-1]))
            if self.is_full() and self.value[MARGIN] == len(facts.jobs):
                is_proven = True
        preferred = prefer(self)
        if self.value[AVOIDED]:
            avoid(self)
        return Outcome(
            self.best,
            self._tasks_proof(wished, is_proven),
            self._blocks_proof(wished, is_proven),
            preferred,
        )

    def fits(self) -> str:
        """Whether all jobs can be booked: FOUND (then `best` has them all), NONE or UNKNOWN."""
        return self._rounds([_Wish(ROOM, 0)], True)

    def _first_wishes(self) -> tuple[list[_Wish], str]:
        """All tasks booked if that can be; else as many as possible, priority by priority."""
        has_margin = any(job.soft_due is not None for job in self.facts.jobs)
        if self.is_full():
            wished = _wished(has_margin)
            return wished, self._rounds(wished, True)
        wished = [_Wish(f"tasks{p}", tasks_place(p)) for p in PRIORITIES] + _wished(has_margin)
        return wished, self._rounds(wished, False)

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
        least = self.goals.blocks if self.is_full() else 0
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
            if self.lay_out(counts, held, all_booked):
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
        if wished[0].name == ROOM:
            return True
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
        return self.tasks_worth(wish.place)

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
            if wish.name == ROOM:
                return self._any_answer(model)
            expr = exprs[wish.name]()
            if isinstance(expr, int):
                wish.bound = expr
                continue
            if wish.bound is not None:
                model.model.add(expr <= wish.bound)
            elif wish.name == "blocks" and all_booked:
                model.model.add(expr <= -self.goals.blocks)
            if wish.name == "blocks" and self.is_full() and len(wished) == 1:
                model.model.add(expr >= self.value[BLOCKS])
            model.model.maximize(expr)
            is_later = not all_booked and not wish.name.startswith("tasks")
            solver, status = self.solve(model.model, OVERFULL_SHARE if is_later else 1.0)
            if status == UNKNOWN and all_booked and not counts and self._fill_up(model):
                solver, status = self.solve(model.model)
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

    def _any_answer(
        self, model: GapModel
    ) -> tuple[str, dict[tuple[int, int], int], dict[str, Any]]:
        """Whether a model has any solution, and what it counts."""
        solver, status = self.solve(model.model)
        if status != FOUND:
            return status, {}, {}
        return FOUND, model.counts_in(solver), model.held_in(solver)

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
            solver, status = self.searched(
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
