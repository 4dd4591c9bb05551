"""Groups planned in several processes at once, since none needs to know of the others."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import replace

from blocker.domain.plan import MemberPlan
from blocker.scheduling.group_plan import plan_group
from blocker.scheduling.problem import Problem
from blocker.scheduling.solving import Effort, Group, groups

FEWEST_GROUPS = {Effort.QUICK: 1_500, Effort.NORMAL: 24, Effort.THOROUGH: 2}
"""From so many groups on the processes save more than their start costs, about half a second."""

CHUNKS = 8
"""Into so many chunks for each process the groups are dealt, so that all end at about one time."""


def is_worth_it(number: int, effort: Effort) -> bool:
    return number >= FEWEST_GROUPS[effort]


def side_by_side(
    problem: Problem, asked: Sequence[Group], effort: Effort, workers: int
) -> list[MemberPlan]:
    """The plans of all groups, in their order.

    Interrupted, it waits for the chunks that are being planned and gives the others quick plans.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    size = max(1, -(-len(asked) // (workers * CHUNKS)))
    parts = [
        replace(
            problem,
            desks=tuple(desk for group in asked[k : k + size] for desk in group.desks),
            works=tuple(work for group in asked[k : k + size] for work in group.works),
        )
        for k in range(0, len(asked), size)
    ]
    # a process that is copied from this one would copy the locks of its threads with it
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_the_parent
    ) as pool:
        futures = [pool.submit(_planned, part, effort) for part in parts]
        try:
            for future in futures:
                future.result()
        except KeyboardInterrupt:
            pool.shutdown(wait=True, cancel_futures=True)
    is_cut = any(future.cancelled() for future in futures)
    found: list[MemberPlan] = []
    for part, future in zip(parts, futures, strict=True):
        plans = _planned(part, Effort.QUICK) if future.cancelled() else future.result()
        found += [replace(each, is_cut_short=is_cut) for each in plans]
    return found


def _planned(part: Problem, effort: Effort) -> list[MemberPlan]:
    return [each for group in groups(part) for each in plan_group(part, group, effort)]


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
