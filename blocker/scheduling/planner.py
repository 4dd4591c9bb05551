"""The best plan for a problem, as one plan for each member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from blocker.domain.plan import MemberPlan
from blocker.scheduling.group_plan import plan_group
from blocker.scheduling.problem import Problem
from blocker.scheduling.remainders import short_remainders, with_remainders
from blocker.scheduling.side_by_side import is_worth_it, side_by_side
from blocker.scheduling.solving import Effort, Group, groups

__all__ = ["Effort", "plan", "plan_whole"]


def plan(
    problem: Problem, *, effort: Effort | str = Effort.NORMAL, workers: int = 1
) -> tuple[MemberPlan, ...]:
    """One plan per desk, in the problem's order.

    The same problem in any order of rows gives the same plan on every machine, whatever the number
    of `workers`: processes that plan members who do not wait for each other, where these are many.
    Interrupted (Ctrl-C), it gives the best plans so far, marked as cut short.
    """
    effort = Effort(effort)
    asked = groups(problem)
    if workers > 1 and is_worth_it(len(asked), effort):
        found = side_by_side(problem, asked, effort, workers)
    else:
        found = _one_by_one(problem, asked, effort)
    plans = {each.member: each for each in found}
    whole = tuple(plans[desk.member] for desk in problem.desks)
    rest = short_remainders(problem, whole)
    if rest is None or any(each.is_cut_short for each in whole):
        return whole
    return with_remainders(whole, plan(rest, effort=effort, workers=workers))


def plan_whole(problem: Problem, *, effort: Effort | str) -> tuple[MemberPlan, ...]:
    """The same where a plan cut short is of no use: raises KeyboardInterrupt instead."""
    plans = plan(problem, effort=effort)
    if any(each.is_cut_short for each in plans):
        raise KeyboardInterrupt
    return plans


def _one_by_one(problem: Problem, asked: Sequence[Group], effort: Effort) -> list[MemberPlan]:
    found: list[MemberPlan] = []
    is_cut = False
    for group in asked:
        try:
            plans = plan_group(problem, group, Effort.QUICK if is_cut else effort)
        except KeyboardInterrupt:  # before the group had any plan
            is_cut = True
            plans = plan_group(problem, group, Effort.QUICK)
        is_cut = is_cut or any(each.is_cut_short for each in plans)
        found += [replace(each, is_cut_short=is_cut) for each in plans]
    return found
