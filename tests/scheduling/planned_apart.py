"""Plans a problem in a process of its own and prints the plan as JSON.

`python -m tests.scheduling.planned_apart ORDER WORKERS`: the rows in an order drawn from a seed, so
many processes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace

from blocker.domain.hours import WallSpan
from blocker.domain.plan import MemberPlan
from blocker.scheduling import side_by_side
from blocker.scheduling.planner import Effort, plan
from blocker.scheduling.problem import Problem, Wait
from tests.benchmarks.instances import named
from tests.scheduling.overfull import overfull
from tests.scheduling.worlds import Kind, shuffled, world

PARTS = ("8-loose-01", "8-overfull-08", "8-tight-06", "team-03")

MORNINGS = Kind(tasks=6, days=3, fill=0.5, tight=0.3, prefer=(WallSpan(540, 720),))


def question() -> Problem:
    """Members alone and linked, with much and too much to do; for some only a search proves it."""
    several = [named(name).problem for name in PARTS]
    several.append(world(MORNINGS, 4).problem)
    several.append(overfull(1002, "quick").booked)
    desks, works = [], []
    for number, one in enumerate(several):
        for desk in one.desks:
            standing = tuple(
                replace(block, task=f"{number}-{block.task}", key=f"{number}-{block.key}")
                for block in desk.standing
            )
            desks.append(replace(desk, member=f"{number}-{desk.member}", standing=standing))
        for work in one.works:
            after = tuple(Wait(f"{number}-{wait.task}", wait.lag) for wait in work.after)
            name, member = f"{number}-{work.task}", f"{number}-{work.member}"
            works.append(replace(work, task=name, member=member, after=after))
    return replace(several[0], desks=tuple(desks), works=tuple(works))


def as_json(plans: Sequence[MemberPlan]) -> str:
    """All that is said of each member, in the order of their ids."""
    rows = [asdict(each) for each in sorted(plans, key=lambda each: each.member)]
    return json.dumps(rows, default=str, indent=1)


def main() -> None:
    order, workers = map(int, sys.argv[1:])
    side_by_side.FEWEST_GROUPS = dict.fromkeys(Effort, 2)
    print(as_json(plan(shuffled(question(), order), workers=workers)))


if __name__ == "__main__":
    main()
