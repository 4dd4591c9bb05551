"""The planner and its peers on the same published instances, judged by the same checker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from blocker.domain.interval import Interval
from tests.benchmarks.instances import Instance
from tests.benchmarks.peers import solvers, tj3
from tests.benchmarks.run import Ran
from tests.scheduling.brute_force import plans_of, worth
from tests.scheduling.checker import check

LIMIT = 5.0
"""Seconds that the solvers may search; starting them comes on top."""
LEVEL_1 = 8
"""Places of `worth` for tasks by priority and their minutes."""

Blocks = Mapping[str, tuple[Interval, ...]]


@dataclass(slots=True)
class Tally:
    """Sums over instances; `ratios` are whole processes in times of our planner alone.

    `better` counts level 1 better than ours, `fair` those of them that break no rule.
    """

    name: str
    skipped: str | None = None
    ratios: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    tasks: int = 0
    blocks: int = 0
    broken: int = 0
    worse: int = 0
    better: int = 0
    fair: int = 0


def blocks_of(run: Ran) -> dict[str, tuple[Interval, ...]]:
    """The planner's blocks by task."""
    found: dict[str, tuple[Interval, ...]] = {}
    for placement in (each for plan in run.plans for each in plan.new):
        found[placement.task] = (*found.get(placement.task, ()), placement.interval)
    return found


def compared(runs: list[Ran], python: Path | None) -> list[Tally]:
    """One tally for us and for each peer, those that are not there with the reason."""
    tallies = [Tally("blocker")]
    for run in runs:
        _add(tallies[0], run, blocks_of(run), run.seconds)
    peers: list[tuple[str, str | None, Callable[[Instance], Blocks]]] = [
        ("TaskJuggler", tj3.missing(), _taskjuggler)
    ]
    for name, package in (("PyJobShop", "pyjobshop"), ("Timefold", "timefold")):
        reason = solvers.missing(python, package) if python else "no --peers given"
        solve = partial(solvers.solved, python or Path(), package, limit=LIMIT)
        peers.append((f"{name}, {LIMIT:.0f} s", reason, solve))
    for name, reason, solve in peers:
        tally = Tally(name, reason)
        for run in runs if reason is None else ():
            start = perf_counter()
            blocks = solve(run.instance)
            _add(tally, run, blocks, perf_counter() - start)
        tallies.append(tally)
    return tallies


def _taskjuggler(instance: Instance) -> Blocks:
    with TemporaryDirectory() as folder:
        return tj3.solved(instance, Path(folder))


def _add(tally: Tally, ours: Ran, blocks: Blocks, seconds: float) -> None:
    problem = ours.instance.problem
    broken = len(check(problem, plans_of(problem, blocks)))
    mine, theirs = (worth(problem, each)[:LEVEL_1] for each in (blocks_of(ours), blocks))
    tally.ratios.append(seconds / ours.seconds)
    tally.seconds.append(seconds)
    tally.tasks += len(blocks)
    tally.blocks += sum(map(len, blocks.values()))
    tally.broken += broken
    tally.worse += theirs < mine
    tally.better += theirs > mine
    tally.fair += theirs > mine and not broken
