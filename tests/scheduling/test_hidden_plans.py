"""Worlds around a hidden plan: everything is booked, in no more blocks, and no rule is broken."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from blocker.domain.hours import WallSpan
from blocker.domain.member import Break
from blocker.scheduling.planner import plan
from tests.scheduling.checker import check
from tests.scheduling.worlds import ZONES, Kind, world

LUNCH = (Break(WallSpan(720, 870), timedelta(minutes=45)),)
KINDS = {
    "loose": Kind(tasks=8, fill=0.15),
    "medium": Kind(tasks=15, fill=0.35, tight=0.5),
    "closed": Kind(tasks=8, days=5, fill=0.9, tight=0.6, closed=1.0),
    "five minutes": Kind(tasks=6, days=3, step=5, rest=0, fill=0.4, tight=0.6, shortest=15),
    "five minutes, rest and gap": Kind(
        tasks=6, days=4, step=5, rest=10, gap=5, fill=0.6, tight=0.6, closed=0.6, shortest=15
    ),
    "no rest": Kind(tasks=7, days=5, rest=0, fill=0.8, tight=0.8, closed=0.6),
    "long rest": Kind(tasks=6, days=5, rest=45, fill=0.9, tight=0.5, closed=0.4, shortest=15),
    "day limit": Kind(tasks=8, days=5, fill=0.8, per_day=240, tight=0.5),
    "linked": Kind(tasks=8, days=5, fill=0.7, links=0.4, tight=0.4, closed=0.5),
    "linked team": Kind(
        members=3, tasks=4, days=4, fill=0.5, links=0.4, tight=0.4, closed=0.5, zones=ZONES[:3]
    ),
    "lunch": Kind(tasks=8, days=5, fill=0.8, breaks=LUNCH, tight=0.5, busy=0.2),
    "clock change": Kind(
        tasks=5, members=2, fill=0.4, tight=0.5, closed=0.5, zones=ZONES[3:], links=0.2,
        start=date(2027, 3, 22),
    ),
    "hour grid in odd zones": Kind(
        tasks=6, members=2, fill=0.7, tight=0.5, closed=0.5, step=60, shortest=60, rest=0,
        zones=("Australia/Lord_Howe", "Asia/Kathmandu"), links=0.2, start=date(2027, 4, 1),
    ),
    "preference": Kind(tasks=10, fill=0.3, tight=0.3, prefer=(WallSpan(540, 720),)),
    "reserve": Kind(tasks=10, fill=0.3, tight=0.3, reserve=Fraction(1, 10)),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", KINDS)
def test_what_can_fit_fits_in_no_more_blocks(name: str, seed: int) -> None:
    hidden = world(KINDS[name], seed)
    plans = plan(hidden.problem)
    assert not check(hidden.problem, plans)
    assert not [u for each in plans for u in each.unbooked]
    assert sum(len(each.new) for each in plans) <= hidden.blocks
    assert all("tasks" in each.proven for each in plans)


@pytest.mark.parametrize("name", KINDS)
def test_a_quick_plan_breaks_no_rule_either(name: str) -> None:
    for seed in range(5):
        hidden = world(KINDS[name], 100 + seed)
        assert not check(hidden.problem, plan(hidden.problem, effort="quick"))
