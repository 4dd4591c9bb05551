"""Certificates add up by an independent sum, are minimal, and lie about nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from blocker.domain.hours import WallSpan, WorkingHours
from blocker.domain.interval import Interval, intersect, subtract, total
from blocker.domain.plan import Reason, Unbooked
from blocker.scheduling.certificate import rivals
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem
from blocker.scheduling.reading import facts_of
from tests.scheduling.checker import check
from tests.scheduling.small import MINUTE, at, desk, problem, span, work
from tests.scheduling.worlds import Kind, world


def overfull(seed: int) -> Problem:
    """A full world with half as much again to do."""
    question = world(Kind(tasks=8, days=5, fill=0.9, tight=0.5, per_day=None), seed).problem
    works = tuple(
        replace(w, missing=w.missing * 2) if k % 2 else w for k, w in enumerate(question.works)
    )
    return replace(question, works=works)


@pytest.mark.parametrize("seed", [1, 2, 4, 5, 6, 7, 8, 9, 10])
def test_certificates_add_up_and_are_minimal(seed: int) -> None:
    question = overfull(seed)
    (found,) = plan(question)
    assert not check(question, [found])
    for entry in found.unbooked:
        if entry.reason is Reason.NO_ROOM and entry.certificate:
            adds_up(question, entry)


def adds_up(question: Problem, entry: Unbooked) -> None:
    assert entry.certificate
    window, own = entry.certificate.window, question.desks[0]
    works = {work.task: work for work in question.works}
    needs = {}
    for task in (entry.task, *entry.competing):
        span = works[task].window
        assert span and window.contains(Interval(max(span.start, window.start), span.end))
        needs[task] = own.rules.round_up(works[task].missing)
    assert entry.certificate.needed == sum(needs.values(), timedelta())
    # The bound is no more than the free time there, and cannot be less than what a plan books.
    free = total(subtract(intersect(own.hours.within(question.horizon), [window]), own.busy))
    assert entry.certificate.free <= free
    for task in entry.competing:
        assert entry.certificate.needed - needs[task] <= entry.certificate.free
    assert is_impossible(question, (entry.task, *entry.competing))


def is_impossible(question: Problem, tasks: tuple[str, ...]) -> bool:
    works = tuple(w for w in question.works if w.task in tasks)
    (found,) = plan(replace(question, works=works))
    return bool(found.unbooked)


def test_a_task_alone_too_long_for_its_window() -> None:
    (found,) = plan(problem(desk(), [work("a", 300, window=span(4, "09:00-12:00")), work("b", 60)]))
    (entry,) = found.unbooked
    assert entry.certificate and entry.competing == ()
    assert entry.certificate.needed == timedelta(hours=5)
    assert entry.certificate.free == timedelta(hours=3)
    assert found.proven == ("tasks", "blocks", "preferred")


def test_no_working_hours_at_all() -> None:
    (found,) = plan(problem(desk(), [work("a", 60, window=span(9, "00:00-23:00"))], days=7))
    (entry,) = found.unbooked
    assert entry.certificate and entry.certificate.free == timedelta()


def test_where_only_the_search_proves_it_the_set_is_named() -> None:
    # Two pieces of 90 minutes hold three tasks of 60 by sum, but not one beside the other.
    own = desk(clocks="09:00-12:30", busy=(span(4, "10:30-11:00"),), shortest=60, longest=60)
    works = [work(name, 60) for name in ("a", "b", "c")]
    (found,) = plan(problem(own, works, days=1))
    (entry,) = found.unbooked
    assert "tasks" in found.proven
    assert entry.certificate or entry.competing
    more = [*works[:2], work("x", 60, window=Interval(at(4, "09:00"), at(4, "10:30")))]
    assert is_impossible(problem(own, more, days=1), ("a", "b", "x"))
    assert not is_impossible(problem(own, more, days=1), ("a", "x"))


def rivals_of_first(question: Problem) -> list[str]:
    facts = facts_of(question, question.desks, question.works)
    return [facts.jobs[each].task for each in rivals(facts, facts.jobs[0], range(len(facts.jobs)))]


def test_rivals_share_a_day_or_the_room_of_a_week() -> None:
    works = [
        work("a", 60, window=span(4, "09:00-17:00")),
        work("b", 60, window=span(4, "09:00-17:00")),
        work("c", 60, window=span(5, "09:00-17:00")),
        work("d", 60, window=span(11, "09:00-17:00")),
    ]
    assert rivals_of_first(problem(desk(), works, days=8)) == ["b"]
    reserved = desk(reserve=Fraction(1, 2))
    assert rivals_of_first(problem(reserved, works, days=8)) == ["b", "c"]


def test_rivals_share_a_rest_across_midnight() -> None:
    night = (WallSpan(0, 4 * 60), WallSpan(23 * 60, 24 * 60))
    own = desk(rest=15)
    own = replace(own, hours=WorkingHours(own.hours.zone, (night,) * 7))
    works = [
        work("a", 60, window=Interval(at(4, "23:00"), at(5, "00:00"))),
        work("b", 60, window=Interval(at(5, "00:00"), at(5, "01:00"))),
    ]
    assert rivals_of_first(problem(own, works)) == ["b"]


def test_who_takes_the_room_of_the_week_on_another_day_is_named() -> None:
    # The first week has room for one hour, which d takes.  The Monday after it has two pieces of 90
    # minutes, so only two of a, e and f go there; without d there is room for all three.
    own = desk(
        clocks="09:00-12:30",
        busy=(
            *(span(day, "10:00-12:30") for day in (4, 5)),
            *(span(day, "09:00-12:30") for day in (6, 7, 8)),
            span(11, "10:30-11:00"),
        ),
        reserve=Fraction(1, 2),
        longest=90,
    )
    hour = {"shortest": 60 * MINUTE, "longest": 60 * MINUTE}
    works = [
        work("a", 60, 4, Interval(at(5, "00:00"), at(12, "00:00")), **hour),
        work("d", 60, 1, span(4, "00:00-23:00")),
        work("e", 60, 1, span(11, "00:00-23:00"), **hour),
        work("f", 60, 1, span(11, "00:00-23:00"), **hour),
    ]
    question = problem(own, works, days=11)
    (found,) = plan(question)
    (entry,) = found.unbooked
    assert "tasks" in found.proven
    assert (entry.task, entry.certificate, entry.competing) == ("a", None, ("d", "e", "f"))
    assert not is_impossible(question, ("a", "e", "f"))
