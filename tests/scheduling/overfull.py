"""Worlds that hold too much: built around a hidden plan, then given more to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from blocker.domain.plan import MemberPlan, Unbooked
from blocker.scheduling.as_booked import as_booked
from blocker.scheduling.changed import Choices
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem
from tests.scheduling.worlds import Kind, world

KINDS = (
    Kind(tasks=5, days=3, fill=0.9, tight=0.5),
    Kind(tasks=5, days=3, fill=0.9, tight=0.5, per_day=180),
    Kind(tasks=4, days=2, step=5, rest=10, gap=5, fill=0.8, tight=0.5, shortest=15, busy=0.6),
    Kind(tasks=6, days=4, fill=0.9, links=0.3, tight=0.4, rest=0),
    Kind(tasks=3, members=2, days=3, fill=0.6, tight=0.4, per_day=240),
    Kind(tasks=4, days=3, fill=0.9, tight=0.5, shortest=60, longest=60, rest=30),
)


@dataclass(frozen=True)
class Overfull:
    """A problem, its plan, and the question once that plan stands."""

    problem: Problem
    plans: tuple[MemberPlan, ...]
    booked: Problem
    choices: Choices

    @property
    def lacks(self) -> list[Unbooked]:
        return [lack for one in self.plans for lack in one.unbooked]

    @property
    def lacking(self) -> frozenset[str]:
        return frozenset(lack.task for lack in self.lacks)


def overfull(seed: int, effort: str = "normal") -> Overfull:
    """The world of a seed, with some tasks grown until a plan made with `effort` leaves one out."""
    random = Random(f"over-full {seed}")
    question = world(KINDS[seed % len(KINDS)], seed).problem
    while True:
        works = list(question.works)
        grown = random.randrange(len(works))
        more = random.choice((30, 60, 120)) * timedelta(minutes=1)
        works[grown] = replace(works[grown], missing=works[grown].missing + more)
        question = replace(question, works=tuple(works))
        if any(one.unbooked for one in plan(question, effort="quick")):
            case = planned(question, effort)
            if case.lacks:
                return case


def planned(question: Problem, effort: str = "normal") -> Overfull:
    """Any problem with its plan, whatever that leaves out."""
    plans = plan(question, effort=effort)
    return Overfull(question, plans, as_booked(question, plans), everything_goes(question))


def everything_goes(problem: Problem) -> Choices:
    """Everyone's meetings can be moved, everyone can do everything."""
    members = [desk.member for desk in problem.desks]
    return Choices(
        {work.task: problem.horizon.start for work in problem.works},
        {desk.member: desk.busy for desk in problem.desks},
        {
            work.task: tuple(replace(work, member=one) for one in members if one != work.member)
            for work in problem.works
        },
    )
