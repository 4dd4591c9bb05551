"""Kept parts keep their numbers; new ones take the smallest unused."""

from __future__ import annotations

from blocker.domain.plan import Placement
from blocker.scheduling.changes import number_parts
from tests.scheduling.small import span

MONDAY, TUESDAY = Placement("a", span(4, "09:00-10:00")), Placement("a", span(5, "09:00-10:00"))


def test_new_parts_fill_the_holes_in_order_of_time() -> None:
    found = number_parts({"x": 2}, [TUESDAY, MONDAY])
    assert found.kept == {"x": 2}
    assert found.new == ((MONDAY, 1), (TUESDAY, 3))
    assert found.parts == 3


def test_two_that_claim_one_number_and_one_without() -> None:
    found = number_parts({"b": 1, "a": 1, "c": None}, [MONDAY], taken=[3])
    assert found.kept == {"a": 1, "b": 2, "c": 4}
    assert found.new == ((MONDAY, 5),)
