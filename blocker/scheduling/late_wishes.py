"""The wishes that come after the blocks: preferred hours, then avoided ones."""

from __future__ import annotations

from math import floor

from blocker.scheduling.bounds import most_preferred
from blocker.scheduling.draft import BLOCKS, MARGIN, PREFERRED, PRIORITIES, tasks_place
from blocker.scheduling.engine import OVERFULL_SHARE, Engine
from blocker.scheduling.solver import FOUND

LATE_SHARE = 0.4
"""The share of a wish's limit that preferred and avoided hours get."""


def prefer(engine: Engine) -> tuple[int, int, bool]:
    """The third wish, everything before it kept as it is."""
    facts, is_full = engine.facts, engine.is_full()
    have = engine.value[PREFERRED]
    if not facts.has_preference:
        return 0, 0, True
    booked = {j: sum(chunk[2] for chunk in chunks) for j, chunks in engine.best.items()}
    bound = min(sum(booked.values()), most_preferred(facts, booked)) if is_full else None
    if bound is not None and have >= bound:
        return have, have, True
    found = _improve(engine, "preferred")
    if found is not None:
        bound = found if bound is None else min(found, bound)
    have = engine.value[PREFERRED]
    if bound is None:
        bound = sum(job.need for job in facts.jobs)
    return have, max(have, bound), have >= bound


def avoid(engine: Engine) -> None:
    """Less time in avoided hours, everything before it kept as it is."""
    _improve(engine, "avoided")


def _improve(engine: Engine, name: str) -> int | None:
    """Maximises one late wish with all earlier ones held; returns its bound or None."""
    from blocker.scheduling.gap_model import GapModel

    if engine.left <= 0:
        return None
    is_full = engine.is_full()
    model = GapModel(engine.facts, engine.sharp, is_full)
    model.link()
    model.hint(engine.best)
    for priority in PRIORITIES if not is_full else ():
        worth = engine.tasks_worth(tasks_place(priority))
        model.model.add(model.tasks_wish(priority) >= worth)
    if model.in_margin:
        model.model.add(model.margin_wish() >= engine.value[MARGIN])
    model.model.add(model.blocks_wish() >= engine.value[BLOCKS])
    if name == "avoided" and engine.facts.has_preference:
        model.model.add(model.preferred_wish() >= engine.value[PREFERRED])
    wish = model.preferred_wish() if name == "preferred" else model.avoided_wish()
    model.model.maximize(wish)
    share = LATE_SHARE if is_full else LATE_SHARE * OVERFULL_SHARE
    solver, status = engine.solve(model.model, share)
    if status != FOUND:
        return None
    bound: int = floor(solver.best_objective_bound + 1e-6)
    counts, held = model.counts_in(solver), model.held_in(solver)
    engine.lay_out(counts, held, is_full)
    return bound
