"""Timefold (PyPI, local search on a JVM): `python -m tests.benchmarks.peers.timefold`.

A block's length cannot well be searched together with its place, so each task is cut evenly into
blocks of an hour at most; longer ones find no room in a full week.  Its compiler reads the classes
here, so this file needs it to be imported.
"""

import json
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    TerminationConfig,
)
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardMediumSoftScore,
    Joiners,
    constraint_provider,
)

from blocker.scheduling.problem import Work
from tests.benchmarks.instances import named
from tests.benchmarks.peers.gaps import Axis, axis_of, even, weights

NO_LIMIT = 1_000_000
HOUR = timedelta(hours=1)


@dataclass
class Place:
    """`end` is after the rest."""

    start: int
    end: int
    day: int
    preferred: int


@planning_entity
@dataclass
class Piece:
    """A block of `steps`; `cost` is its task's, `most` a day's limit, `places` where it may be."""

    id: Annotated[int, PlanningId]
    task: str
    cost: int
    steps: int
    most: int
    places: Annotated[list[Place], ValueRangeProvider]
    place: Annotated[Place | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@planning_solution
@dataclass
class Week:
    """All blocks of one member."""

    pieces: Annotated[list[Piece], PlanningEntityCollectionProperty]
    score: Annotated[HardMediumSoftScore | None, PlanningScore] = field(default=None)


@constraint_provider
def rules(factory: ConstraintFactory) -> list[Constraint]:
    """What no plan may do, then what it should."""
    return [
        factory.for_each_unique_pair(
            Piece,
            Joiners.overlapping(lambda piece: piece.place.start, lambda piece: piece.place.end),
        )
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("blocks overlap or keep no rest"),
        factory.for_each(Piece)
        .group_by(
            lambda piece: piece.place.day,
            lambda piece: piece.most,
            ConstraintCollectors.sum(lambda piece: piece.steps),
        )
        .filter(lambda day, most, steps: steps > most)
        .penalize(HardMediumSoftScore.ONE_HARD, lambda day, most, steps: steps - most)
        .as_constraint("over the day's limit"),
        factory.for_each_including_unassigned(Piece)
        .filter(lambda piece: piece.place is None)
        .penalize(HardMediumSoftScore.ONE_MEDIUM)
        .as_constraint("a block without a place"),
        factory.for_each_including_unassigned(Piece)
        .filter(lambda piece: piece.place is None)
        .group_by(lambda piece: piece.task, lambda piece: piece.cost)
        .penalize(HardMediumSoftScore.ONE_MEDIUM, lambda task, cost: cost)
        .as_constraint("a task left out"),
        factory.for_each(Piece)
        .reward(HardMediumSoftScore.ONE_SOFT, lambda piece: piece.place.preferred)
        .as_constraint("preferred hours"),
    ]


def pieces_of(axis: Axis, works: tuple[Work, ...]) -> list[Piece]:
    limit, cost = axis.desk.rules.per_day, weights(works, 10)
    most = NO_LIMIT if limit is None else limit // axis.step
    found: list[Piece] = []
    for work in works:
        need = axis.need(work)
        for steps in even(need, -(-need // max(axis.shortest, HOUR // axis.step))):
            places = [
                Place(at, at + steps + axis.rest, axis.day(at), axis.preferred(at, steps))
                for at in axis.starts(work, steps)
            ]
            found.append(Piece(len(found), work.task, cost[work.priority], steps, most, places))
    return found


def solved(name: str, seconds: float) -> dict[str, list[tuple[int, int]]]:
    """(start, steps) on the axis of each task's blocks, tasks with all of them only."""
    problem = named(name).problem
    config = SolverConfig(
        solution_class=Week,
        entity_class_list=[Piece],
        score_director_factory_config=ScoreDirectorFactoryConfig(
            constraint_provider_function=rules
        ),
        termination_config=TerminationConfig(
            spent_limit=Duration(milliseconds=int(seconds * 1000))
        ),
    )
    solver = SolverFactory.create(config).build_solver()
    answer = solver.solve(Week(pieces_of(axis_of(problem), problem.works)))
    lacking = {piece.task for piece in answer.pieces if piece.place is None}
    found: dict[str, list[tuple[int, int]]] = {}
    for piece in answer.pieces:
        if piece.task not in lacking:
            found.setdefault(piece.task, []).append((piece.place.start, piece.steps))
    return found


if __name__ == "__main__":
    print(json.dumps(solved(sys.argv[1], float(sys.argv[2]))))
