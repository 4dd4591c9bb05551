"""PyJobShop (PyPI, CP-SAT behind a modelling layer): `python -m tests.benchmarks.peers.pyjobshop`.

Its tasks have fixed lengths, so each of ours may be cut evenly in a few ways, of which one or none
is taken.  A skipped task and each block are jobs that are late and cost their weight.  No day limit
and no preferred hours: it has no word for them.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from blocker.scheduling.problem import Work
from tests.benchmarks.instances import named
from tests.benchmarks.peers.gaps import Axis, axis_of, even, weights

WAYS = 4
"""At most so many numbers of blocks are tried for one task."""


def cuts(axis: Axis, work: Work) -> list[list[int]]:
    need = axis.need(work)
    fewest = -(-need // axis.longest)
    most = max(1, need // axis.shortest)
    return [even(need, number) for number in range(fewest, most + 1)][:WAYS]


def solved(name: str, seconds: float) -> dict[str, list[tuple[int, int]]]:
    """(start, steps) on the axis of each task's blocks."""
    from pyjobshop import Model

    problem = named(name).problem
    axis, model, cost = axis_of(problem), Model(), weights(problem.works, 1000)
    edges = [gap.start + gap.steps + axis.rest for gap in axis.gaps]
    member = model.add_machine(breaks=[(edge, edge + 1) for edge in edges])
    aside = model.add_renewable(capacity=len(problem.works))
    blocks: list[tuple[str, int] | None] = []
    for work in problem.works:
        skipped = _late_task(model, cost[work.priority])
        model.add_mode(skipped, aside, duration=1, demands=1)
        blocks.append(None)
        heads = [skipped]
        for cut in cuts(axis, work):
            places = [axis.starts(work, steps) for steps in cut]
            if not all(places):
                continue
            own = []
            for steps, starts in zip(cut, places, strict=True):
                task = _late_task(model, 1, earliest_start=starts[0], latest_start=starts[-1])
                model.add_mode(task, member, duration=steps + axis.rest)
                blocks.append((work.task, steps))
                own.append(task)
            model.add_select_all_or_none(own)
            heads.append(own[0])
        model.add_select_exactly_one(heads)
    model.set_objective(weight_tardy_jobs=1)
    best = model.solve(time_limit=seconds, display=False).best
    found: dict[str, list[tuple[int, int]]] = {}
    for block, answer in zip(blocks, best.tasks, strict=False):
        if block and answer.present:
            found.setdefault(block[0], []).append((answer.start, block[1]))
    return found


def _late_task(model: Any, weight: int, **window: int) -> Any:
    """An optional task that is late whenever it is there."""
    return model.add_task(job=model.add_job(weight=weight, due_date=0), optional=True, **window)


if __name__ == "__main__":
    print(json.dumps(solved(sys.argv[1], float(sys.argv[2]))))
