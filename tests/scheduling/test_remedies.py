"""Every remedy works when it is applied, asks for no less than is needed, and comes in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from blocker.domain.interval import Interval
from blocker.domain.plan import Reason, Remedy, RemedyKind, Unbooked
from blocker.scheduling.as_booked import as_booked
from blocker.scheduling.changed import Choices, changed, harm
from blocker.scheduling.freed_certificate import with_freed_certificates
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem, Wait
from blocker.scheduling.remedies import MOST, MOST_OF_A_KIND, has_room_elsewhere, remedies_for
from tests.scheduling.checker import check
from tests.scheduling.overfull import Overfull, overfull
from tests.scheduling.small import MINUTE, at, desk, problem, span, work
from tests.scheduling.test_certificates import adds_up
from tests.scheduling.worlds import shuffled

MANY = [range(k, 120, 12) for k in range(12)]
SOME = (1001, 1002, 1003, 1004, 1006, 1007, 1008, 1010)
"""Worlds that are planned quickly with normal effort too."""


@pytest.mark.parametrize("seeds", MANY, ids=str)
def test_every_remedy_of_many_overfull_worlds_works_when_applied(seeds: range) -> None:
    for seed in seeds:
        works_when_applied(overfull(seed, "quick"), "quick")


@pytest.mark.parametrize("seed", SOME)
def test_so_it_does_with_the_effort_of_a_booking(seed: int) -> None:
    works_when_applied(overfull(seed), "normal")


def works_when_applied(case: Overfull, effort: str) -> None:
    """Planned as the next booking plans it, with everything as it stands then."""
    assert not check(case.problem, case.plans)
    for lack in case.lacks:
        remedies = remedies_for(case.booked, lack, case.lacking, case.choices, effort)
        assert len(remedies) <= MOST
        for remedy in remedies:
            question = changed(case.booked, remedy, case.choices)
            plans = plan(question, effort=effort)
            assert not check(question, plans)
            left_out = {one.task for each in plans for one in each.unbooked}
            assert lack.task not in left_out, remedy
            assert left_out <= case.lacking, remedy


def test_they_are_in_order_numbered_few_and_of_every_kind() -> None:
    kinds: Counter[RemedyKind] = Counter()
    for seed in range(60):
        case = overfull(seed, "quick")
        for lack in case.lacks:
            remedies = remedies_for(case.booked, lack, case.lacking, case.choices, "quick")
            itself = [one for one in remedies if one == Remedy(RemedyKind.DEFER, lack.task)]
            others = [one for one in remedies if one not in itself]
            assert list(remedies) == [*others, *itself]
            harms = [harm(case.booked, one) for one in others]
            assert all(one <= other for one, other in pairwise(harms))
            found = Counter(one.kind for one in others)
            assert not found or max(found.values()) <= MOST_OF_A_KIND
            kinds += found
    assert set(kinds) == set(RemedyKind)


@pytest.mark.parametrize("seed", range(6))
def test_the_same_question_in_any_order_gives_the_same_remedies(seed: int) -> None:
    case = overfull(seed, "quick")
    for lack in case.lacks:
        args = (lack, case.lacking, case.choices, "quick")
        assert remedies_for(case.booked, *args) == remedies_for(shuffled(case.booked, 3), *args)


# --- how much each asks for ------------------------------------------------------------------


def booked(question: Problem) -> tuple[Problem, dict[str, Unbooked]]:
    plans = plan(question)
    return as_booked(question, plans), {u.task: u for one in plans for u in one.unbooked}


def remedies(question: Problem, task: str, choices: Choices | None = None) -> list[Remedy]:
    standing, lacks = booked(question)
    return list(remedies_for(standing, lacks[task], lacks, choices or Choices()))


def of(kind: RemedyKind, found: list[Remedy]) -> list[Remedy]:
    return [one for one in found if one.kind is kind]


MORNING = span(4, "09:00-12:00")


def test_a_split_and_a_shorter_estimate_take_off_no_more_than_lacks() -> None:
    works = [work("a", 120, 1, MORNING), work("b", 90, 2, MORNING)]
    found = remedies(problem(desk(), works), "b")
    assert [one.less for one in of(RemedyKind.SPLIT, found)] == [30 * MINUTE]
    assert [one.less for one in of(RemedyKind.SHORTEN, found)] == [30 * MINUTE]


def test_an_estimate_is_never_said_to_be_less_than_half() -> None:
    works = [work("a", 120, 1, MORNING), work("b", 150, 2, MORNING)]
    found = remedies(problem(desk(), works), "b")
    assert [one.less for one in of(RemedyKind.SPLIT, found)] == [90 * MINUTE]
    assert not of(RemedyKind.SHORTEN, found)


def test_an_estimate_off_the_grid_is_cut_to_whole_steps() -> None:
    works = [work("a", 120, 1, MORNING), work("b", 70, 2, MORNING)]
    (split,) = of(RemedyKind.SPLIT, remedies(problem(desk(), works), "b"))
    assert split.less == 10 * MINUTE


def test_a_task_that_has_time_already_may_stop_there() -> None:
    works = [work("a", 180, 1, MORNING), work("b", 60, 2, MORNING, whole=False)]
    (split,) = of(RemedyKind.SPLIT, remedies(problem(desk(), works), "b"))
    assert split.less == 60 * MINUTE


def test_the_earliest_due_moment_that_works_at_a_pause_or_a_days_end() -> None:
    works = [work("a", 120, 1, MORNING), work("b", 90, 2, MORNING)]
    (later,) = of(RemedyKind.EXTEND_DUE, remedies(problem(desk(), works), "b"))
    assert later.until == at(5, "00:00")


def test_a_task_past_due_needs_another_due_moment() -> None:
    (later,) = of(
        RemedyKind.EXTEND_DUE,
        remedies(problem(desk(), [work("a", 60, window=None)]), "a"),
    )
    assert later.until == at(5, "00:00")


def test_the_shortest_meeting_that_helps() -> None:
    busy = (span(4, "09:00-09:15"), span(4, "10:00-10:30"), span(4, "11:00-12:00"))
    works = [work("a", 105, 1, MORNING)]
    question = problem(desk(busy=busy), works)
    choices = Choices(meetings={"ana": busy})
    found = of(RemedyKind.FREE_TIME, remedies(question, "a", choices))
    assert [one.span for one in found] == [busy[1], busy[2]]


def test_only_what_can_be_moved_is_asked_for() -> None:
    busy = (span(4, "10:00-12:00"),)
    question = problem(desk(busy=busy), [work("a", 120, 1, MORNING)])
    assert not of(RemedyKind.FREE_TIME, remedies(question, "a"))


def test_the_smallest_step_beyond_the_limit_of_a_day() -> None:
    works = [work("a", 120, 1, MORNING), work("b", 45, 2, MORNING)]
    (raised,) = of(RemedyKind.RAISE_DAY_LIMIT, remedies(problem(desk(per_day=120), works), "b"))
    assert (raised.day, raised.limit) == (date(2027, 1, 4), 165 * MINUTE)


def test_a_colleague_must_have_room_beside_their_own_tasks() -> None:
    works = [work("a", 180, 1, MORNING), work("b", 90, 2, MORNING)]
    for minutes, names in ((90, ["ben"]), (120, [])):
        question = problem(
            (desk(), desk("ben")), [*works, work("c", minutes, 4, MORNING, member="ben")]
        )
        theirs = replace(works[1], member="ben")
        found = remedies(question, "b", Choices(colleagues={"b": (theirs,)}))
        assert [one.member for one in of(RemedyKind.REASSIGN, found)] == names


def test_less_important_tasks_are_put_off_first_and_more_important_ones_never() -> None:
    works = [
        work("a", 60, 1, MORNING),
        work("c", 60, 3, MORNING),
        work("d", 60, 4, MORNING),
        work("b", 120, 3, MORNING, after=()),
    ]
    standing, lacks = booked(problem(desk(), [*works[:3]]))
    question = replace(standing, works=(*standing.works, works[3]))
    lack = Unbooked("b", 120 * MINUTE, Reason.NO_ROOM)
    found = remedies_for(question, lack, ["b"], Choices())
    assert not lacks
    assert [one.task for one in of(RemedyKind.DEFER, list(found))] == ["b"]
    smaller = replace(question, works=(*standing.works, replace(works[3], missing=60 * MINUTE)))
    found = remedies_for(smaller, replace(lack, missing=60 * MINUTE), ["b"], Choices())
    assert [one.task for one in of(RemedyKind.DEFER, list(found))] == ["c", "d", "b"]


def test_a_task_that_others_wait_for_is_not_put_off() -> None:
    works = [
        work("a", 120, 3, MORNING),
        work("f", 60, 3, Interval(at(5, "09:00"), at(5, "12:00")), after=(Wait("a"),)),
        work("b", 90, 3, MORNING),
    ]
    standing, _ = booked(problem(desk(), works[:2]))
    question = replace(standing, works=(*standing.works, works[2]))
    found = remedies_for(question, Unbooked("b", 90 * MINUTE, Reason.NO_ROOM), ["b"], Choices())
    assert [one.task for one in of(RemedyKind.DEFER, list(found))] == ["b"]


def test_another_task_left_out_may_not_take_the_place() -> None:
    # An hour more would book c (two hours, as important) instead of b, so b gets no such advice.
    works = [work("a", 120, 1, MORNING), work("b", 75, 2, MORNING), work("c", 105, 2, MORNING)]
    question = problem(desk(busy=(span(4, "11:00-12:00"),)), works)
    choices = Choices(meetings={"ana": (span(4, "11:00-12:00"),)})
    standing, lacks = booked(question)
    assert set(lacks) == {"b", "c"}
    for task in lacks:
        for remedy in remedies_for(standing, lacks[task], lacks, choices):
            plans = plan(changed(standing, remedy, choices))
            assert task not in {u.task for one in plans for u in one.unbooked}


def test_reasons_that_no_change_mends_have_no_remedies() -> None:
    standing, _ = booked(problem(desk(), [work("a", 60)]))
    for reason in (Reason.AFTER_UNBOOKED, Reason.UNREADABLE):
        assert remedies_for(standing, Unbooked("a", 60 * MINUTE, reason), ["a"], Choices()) == ()


# --- certificates beside what stands ----------------------------------------------------------


@pytest.mark.parametrize("seed", range(24))
def test_a_certificate_beside_standing_blocks_adds_up_and_is_minimal(seed: int) -> None:
    case = overfull(seed, "quick")
    again = plan(case.booked, effort="quick")
    for lack in (lack for one in again for lack in one.unbooked):
        found = with_freed_certificates(case.booked, [lack], case.lacking)[lack.task]
        if found.certificate is not None and found != lack and len(case.problem.desks) == 1:
            adds_up(case.problem, found)


def test_it_names_the_tasks_whose_blocks_stand_there() -> None:
    works = [work("a", 120, 1, MORNING), work("b", 90, 2, MORNING)]
    standing, _ = booked(problem(desk(), works))
    (again,) = plan(standing)
    (found,) = with_freed_certificates(standing, again.unbooked[:1], ["b"]).values()
    assert found.competing == ("a",)
    assert found.certificate is not None
    assert found.certificate.needed == timedelta(minutes=210)
    assert found.certificate.free == timedelta(minutes=180)


def test_what_fits_into_no_sprint_is_not_put_off() -> None:
    """A task of one piece longer than any day, and one longer than the whole sprint."""
    piece = work("a", 600, shortest=600 * MINUTE, longest=600 * MINUTE)
    question = problem(desk(), [piece, work("b", 60)])
    assert not has_room_elsewhere(question, piece)
    assert not has_room_elsewhere(question, work("c", 100_000))
    assert has_room_elsewhere(question, work("d", 480))
    for task in (piece, work("c", 100_000)):
        asked = problem(desk(), [task, work("b", 60)])
        (found,) = plan(asked)
        (lack,) = found.unbooked
        remedies = remedies_for(as_booked(asked, (found,)), lack, {task.task}, Choices())
        assert not [each for each in remedies if each.kind is RemedyKind.DEFER]
