"""How much moves when one meeting comes in: `python -m tests.benchmarks.stability`.

Each instance that fits is planned and booked; then one random meeting lands in working hours and
the sprint is planned again.  A block moves when it gives way though the meeting does not touch it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from statistics import mean

from blocker.domain.interval import Interval
from blocker.domain.plan import MemberPlan
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Desk, Problem, Standing
from tests.benchmarks.instances import Instance, published
from tests.scheduling.checker import check

MEETINGS = 5
"""So many meetings are tried for each instance, one at a time."""


@dataclass(frozen=True, slots=True)
class Replanned:
    """One meeting's effect: blocks it lies on, others that moved, tasks left without time."""

    hit: int
    moved: int
    left_out: int


def replanned(instance: Instance, plans: tuple[MemberPlan, ...], seed: int) -> Replanned:
    """Plans an instance again that was booked as `plans`, with one meeting of an hour more."""
    random = Random(f"{instance.name}-{seed}")
    question = instance.problem
    desk = random.choice(question.desks)
    span = random.choice(desk.hours.within(question.horizon))
    start = span.start + random.randrange(int(span.length.total_seconds() // 900)) * timedelta(
        minutes=15
    )
    meeting = Interval(start, start + timedelta(hours=1))
    changed, hit = _with_meeting(question, plans, desk.member, meeting)
    again = plan(changed)
    wrong = check(changed, again)
    assert not wrong, wrong
    return Replanned(
        hit,
        sum(len(each.released) for each in again),
        sum(len(each.unbooked) for each in again),
    )


def _with_meeting(
    question: Problem, plans: tuple[MemberPlan, ...], member: str, meeting: Interval
) -> tuple[Problem, int]:
    """The question once the plans stand; blocks that the meeting lies on are to be booked anew."""
    missing = {work.task: timedelta() for work in question.works}
    desks: list[Desk] = []
    hit = 0
    for desk, own in zip(question.desks, plans, strict=True):
        standing = []
        for number, block in enumerate(own.new):
            if desk.member == member and block.interval.overlaps(meeting.widen(desk.rules.gap)):
                missing[block.task] += block.interval.length
                hit += 1
            else:
                key = f"{desk.member} {number}"
                length = block.interval.length
                standing.append(Standing(key, block.task, block.interval, length, True))
        busy = (*desk.busy, meeting) if desk.member == member else desk.busy
        desks.append(replace(desk, busy=busy, standing=tuple(standing)))
    kept = {block.task for desk in desks for block in desk.standing}
    works = tuple(
        replace(work, missing=missing[work.task], is_whole=work.task not in kept)
        for work in question.works
    )
    return replace(question, desks=tuple(desks), works=works), hit


def measured(family: str) -> list[Replanned]:
    """Every instance of a family that is booked whole, with each of its meetings."""
    found = []
    for instance in published(family):
        plans = plan(instance.problem)
        if not any(each.unbooked for each in plans):
            found += [replanned(instance, plans, seed) for seed in range(MEETINGS)]
    return found


def main() -> None:
    for family in ("8-loose", "8-tight", "15-loose", "15-tight"):
        runs = measured(family)
        hits = mean(each.hit for each in runs)
        moved = mean(each.moved for each in runs)
        left_out = sum(each.left_out > 0 for each in runs)
        print(
            f"{family:9} {len(runs)} meetings: {hits:.2f} blocks hit, {moved:.2f} others moved "
            f"per meeting; in {left_out} a task lost time"
        )


if __name__ == "__main__":
    main()
