"""Which works may get blocks, and in what lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from blocker.domain.interval import Interval
from blocker.domain.plan import Reason
from blocker.scheduling.facts import is_cuttable
from blocker.scheduling.free_time import length_up
from blocker.scheduling.problem import Desk, Work

_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Plannable:
    """A work that may get blocks, its times in seconds."""

    work: Work
    desk: int
    window: Interval
    need: int
    least: int
    is_whole: bool
    shortest: int
    longest: int


def plannable_in(
    works: Sequence[Work], desks: Sequence[Desk], released: frozenset[str]
) -> tuple[list[Plannable], dict[str, Reason]]:
    """Works that need time and may get it, and the reasons of those that may not.

    A follower of a refused work is refused as well.
    """
    places = {desk.member: index for index, desk in enumerate(desks)}
    given_up: dict[str, timedelta] = {}
    standing: set[str] = set()
    for desk in desks:
        for block in desk.standing:
            if block.key in released:
                given_up[block.task] = given_up.get(block.task, _ZERO) + block.counted
            else:
                standing.add(block.task)
    plans: dict[str, Plannable] = {}
    refused: dict[str, Reason] = {}
    for work in works:
        again = given_up.get(work.task, _ZERO)
        if work.missing + again > _ZERO:
            desk = desks[places[work.member]]
            found = _plan_of(work, desk, places[work.member], again, work.task in standing)
            if isinstance(found, Reason):
                refused[work.task] = found
            else:
                plans[work.task] = found
    changed = True
    while changed:
        late = [
            task
            for task, plan in plans.items()
            if any(wait.ready is None and wait.task in refused for wait in plan.work.after)
        ]
        for task in late:
            del plans[task]
            refused[task] = Reason.AFTER_UNBOOKED
        changed = bool(late)
    return list(plans.values()), refused


def _plan_of(
    work: Work, desk: Desk, index: int, again: timedelta, has_standing: bool
) -> Plannable | Reason:
    if work.window is None:
        return Reason.PAST_DUE
    if work.is_stuck and not again:
        return Reason.AFTER_UNBOOKED
    rules = desk.rules
    missing = again if work.is_stuck else work.missing + again
    need = length_up(rules.round_up(missing))
    shortest = length_up(rules.round_up(work.shortest or rules.shortest))
    longest = max(
        length_up(work.longest or rules.longest) // length_up(rules.step) * length_up(rules.step),
        shortest,
    )
    is_whole = work.is_whole or (bool(again) and not has_standing and again >= missing)
    if need < shortest:
        shortest = longest = need
        is_whole = True
    if is_whole and not is_cuttable(need, shortest, longest):
        return Reason.CANNOT_BE_CUT
    if need < longest:
        longest = need
    least = min(need, length_up(rules.round_up(again)))
    return Plannable(work, index, work.window, need, least, is_whole, shortest, longest)
