"""What finished tasks took, and what that says of others."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.commitment import Amendment, AmendmentKind, Completion
from blocker.domain.learning import LATEST, by_member, grown_in, overrun_of, pace_of
from blocker.domain.task import Task

HOUR = timedelta(hours=1)
START = datetime(2027, 1, 4, 8, tzinfo=UTC)


def finished(*ratios: float, campaign: str | None = "Aurora", estimate: timedelta = HOUR):
    """Ana's finished tasks, an hour apart, each having taken so much of its estimate."""
    return [
        Completion(f"T-{k}", "ana", 27, campaign, estimate, estimate * ratio, START + k * HOUR)
        for k, ratio in enumerate(ratios)
    ]


def task(estimate: timedelta = 2 * HOUR, campaign: str | None = "Aurora", **more) -> Task:
    return Task("N-1", "Next", "ana", estimate, campaign=campaign, **more)


def test_the_middle_one_of_three_tasks_counts():
    pace = pace_of(finished(1.0, 1.6, 6.0), "Aurora")
    assert (pace.ratio, pace.tasks, pace.campaign) == (1.6, 3, "Aurora")
    assert pace_of(finished(1.6, 1.6), "Aurora") is None
    assert list(by_member(finished(1.6, 1.6, 1.6))) == ["ana"]


def test_one_task_that_went_wrong_is_no_habit():
    assert not pace_of(finished(1.0, 1.1, 20.0), "Aurora").is_far_over


def test_what_took_no_time_was_done_without_a_block_and_tells_nothing():
    assert pace_of(finished(0.0, 1.6, 1.6), "Aurora") is None
    assert pace_of(finished(0.0, 1.6, 1.6, 1.6), "Aurora").tasks == 3


def test_of_a_campaign_with_too_few_tasks_all_work_of_the_member_speaks():
    done = finished(2.0, 2.0) + finished(1.0, campaign=None)
    pace = pace_of(done, "Aurora")
    assert (pace.ratio, pace.tasks, pace.campaign) == (2.0, 3, None)


def test_a_campaign_is_the_same_however_it_is_spelled():
    done = finished(1.5, 1.5, campaign="Aurora  launch") + finished(1.5, campaign="AURORA LAUNCH")
    assert pace_of(done, "aurora launch").campaign == "aurora launch"


def test_who_estimates_better_by_now_is_believed():
    assert pace_of(finished(*[3.0] * 50, *[1.0] * LATEST), "Aurora").ratio == 1.0


def test_an_overrun_counts_only_what_is_not_known_already():
    done = finished(1.5, 1.5, 1.5)
    assert overrun_of([task()], done, {}).more == HOUR
    grown = Amendment(
        AmendmentKind.MORE, 27, START, "ana", "N-1", minutes=HOUR / 2, because="longer"
    )
    known = grown_in([grown], 27)
    assert overrun_of([task(2.5 * HOUR)], done, known).more == HOUR / 2
    assert grown_in([grown], 28) == {}
    assert overrun_of([task(3 * HOUR)], done, {"N-1": HOUR}) is None


def test_only_work_that_ran_far_over_is_spoken_of():
    done = finished(1.5, 1.5, 1.5) + finished(1.0, 1.0, 1.0, campaign="Newsletter")
    found = overrun_of([task(), task(campaign="Newsletter")], done, {})
    assert (found.estimated, found.more) == (2 * HOUR, HOUR)
    assert [one.campaign for one in found.paces] == ["Aurora"]
    assert overrun_of([task()], finished(1.39, 1.39, 1.39), {}) is None
    assert overrun_of([task()], finished(0.3, 0.3, 0.3), {}) is None


ratios = st.lists(st.floats(0.05, 20), min_size=3, max_size=LATEST)


@given(ratios, st.randoms(use_true_random=False))
def test_the_order_in_which_tasks_are_known_does_not_matter(found, random):
    done = finished(*found)
    shuffled = list(done)
    random.shuffle(shuffled)
    assert pace_of(shuffled, "Aurora") == pace_of(done, "Aurora")


@given(ratios, st.integers(1, 40))
def test_it_lies_among_the_ratios_and_knows_no_unit(found, factor):
    pace = pace_of(finished(*found), "Aurora")
    longer = pace_of(finished(*found, estimate=factor * HOUR), "Aurora")
    assert min(found) - 1e-6 <= pace.ratio <= max(found) + 1e-6
    assert abs(longer.ratio - pace.ratio) < 1e-6


@given(st.lists(st.floats(0.5, 2), min_size=2, max_size=LATEST - 1), st.floats(0.05, 1000))
def test_one_task_alone_never_makes_it_leave_what_the_others_say(others, odd):
    pace = pace_of(finished(odd, *others), "Aurora")
    assert pace is None or min(others) - 1e-6 <= pace.ratio <= max(others) + 1e-6


@given(ratios, st.integers(1, 80))
def test_it_never_foresees_less_than_was_estimated(found, quarters):
    own = task(quarters * HOUR / 4)
    overrun = overrun_of([own], finished(*found), {})
    assert overrun is None or (overrun.more > timedelta() and overrun.estimated == own.estimate)
