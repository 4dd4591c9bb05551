"""The short last blocks of tasks that take what fits, so that planning again finds nothing new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from blocker.domain.plan import MemberPlan
from blocker.scheduling.problem import Problem, Standing, Work

_ZERO = timedelta()


def short_remainders(problem: Problem, plans: tuple[MemberPlan, ...]) -> Problem | None:
    """The question that is left once `plans` stand: short remainders alone; None without any.

    A task with standing minutes may get a part of what it lacks.  When the rest is shorter than a
    block may be, it is one block of that; the next run would book it, so this one does.  The other
    works lack nothing here and stay in for their order: their blocks bound who goes before them.
    """
    short = {work.task: _short(problem, plans, work) for work in problem.works}
    if not any(short.values()):
        return None
    works = tuple(replace(work, missing=short[work.task], is_whole=True) for work in problem.works)
    desks = tuple(
        replace(
            desk,
            standing=(
                *(block for block in desk.standing if block.key not in own.released),
                *(
                    Standing(f"new {k}", new.task, new.interval, new.interval.length)
                    for k, new in enumerate(own.new)
                ),
            ),
        )
        for desk, own in zip(problem.desks, plans, strict=True)
    )
    return replace(problem, desks=desks, works=works, may_release=False)


def with_remainders(
    first: tuple[MemberPlan, ...], second: tuple[MemberPlan, ...]
) -> tuple[MemberPlan, ...]:
    """The plans with the remainders that a second round could book."""
    return tuple(_joined(one, other) for one, other in zip(first, second, strict=True))


def _short(problem: Problem, plans: tuple[MemberPlan, ...], work: Work) -> timedelta:
    """What a task that got some time still needs, where that is under its shortest block."""
    if work.is_whole or work.window is None or work.is_stuck:
        return _ZERO
    desk, own = next(
        pair for pair in zip(problem.desks, plans, strict=True) if pair[0].member == work.member
    )
    missing = sum((each.missing for each in own.unbooked if each.task == work.task), _ZERO)
    if not any(each.task == work.task for each in own.new):
        return _ZERO
    return missing if missing < (work.shortest or desk.rules.shortest) else _ZERO


def _joined(first: MemberPlan, second: MemberPlan) -> MemberPlan:
    booked = {placement.task for placement in second.new}
    new = sorted((*first.new, *second.new), key=lambda each: (each.interval, each.task))
    return replace(
        first,
        new=tuple(new),
        unbooked=tuple(each for each in first.unbooked if each.task not in booked),
        is_cut_short=first.is_cut_short or second.is_cut_short,
    )
