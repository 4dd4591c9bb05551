"""The whole numbers of a group say what the instants said."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from blocker.domain.hours import WallSpan, spans_on
from blocker.scheduling.reading import facts_of
from tests.scheduling.small import desk, problem, work


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Asia/Kathmandu"])
@pytest.mark.parametrize("prefer", [(540, 690), (550, 690), (600, 725), (545, 1001)])
def test_preferred_hours_are_not_rounded(zone: str, prefer: tuple[int, int]) -> None:
    own = desk(zone=zone, prefer=(WallSpan(*prefer),), step=60, shortest=60)
    question = problem(own, [work("a", 60)])
    facts = facts_of(question, question.desks, question.works)
    tuesday = date(2027, 1, 5)
    (piece,) = (piece for piece in facts.pieces if piece.day == tuesday.toordinal())
    found = tuple(facts.interval(start, end - start) for start, end in piece.prefer)
    assert found == spans_on(tuesday, (WallSpan(*prefer),), ZoneInfo(zone))
