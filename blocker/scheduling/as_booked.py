"""The question as it will be once a plan stands in the calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from blocker.domain.interval import Interval
from blocker.domain.plan import MemberPlan
from blocker.scheduling.problem import Problem, Standing

_ZERO = timedelta()


def as_booked(
    problem: Problem,
    plans: Sequence[MemberPlan],
    keys: Mapping[tuple[str, Interval], str] | None = None,
) -> Problem:
    """The problem with the plans' blocks standing and what they give taken off what is missing.

    `plans` are one per desk, in its order.  `keys` names new blocks by task and time as they will
    be named when they stand; others get names of their own.
    """
    keys = keys or {}
    gives: dict[str, timedelta] = {}
    desks = []
    for desk, own in zip(problem.desks, plans, strict=True):
        for block in desk.standing:
            if block.key in own.released:
                gives[block.task] = gives.get(block.task, _ZERO) - block.counted
        for new in own.new:
            gives[new.task] = gives.get(new.task, _ZERO) + new.interval.length
        standing = [block for block in desk.standing if block.key not in own.released]
        standing += [
            Standing(
                keys.get((new.task, new.interval), f"{desk.member} {number}"),
                new.task,
                new.interval,
                new.interval.length,
                problem.may_release,
            )
            for number, new in enumerate(own.new)
        ]
        desks.append(replace(desk, standing=tuple(standing)))
    begun = {new.task for own in plans for new in own.new}
    works = tuple(
        replace(
            work,
            missing=max(work.missing - gives.get(work.task, _ZERO), _ZERO),
            is_whole=work.is_whole and work.task not in begun,
        )
        for work in problem.works
    )
    return replace(problem, desks=tuple(desks), works=works)
