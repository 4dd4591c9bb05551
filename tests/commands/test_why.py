"""`why`: what stood in a task's way, how much later it could begin, or why it has no room."""

from datetime import timedelta

import pytest

from blocker.commands.why import why
from blocker.domain.errors import Unreachable, WrongUse
from blocker.domain.explanation import InTheWay
from blocker.domain.plan import Reason
from blocker.reports.about_task import why_lines
from tests.team import CONFIG, meeting, paris

ONE = "T-1,Landing page,ana,2h,1,,,,,"
REST = CONFIG.replace("sprints:", "  blocks: {rest: 0m, longest: 2h, per_day: 3h}\nsprints:")


def in_the_way(team, task, **more):
    found = why(team.open(**more), task)
    return [(one.kind, one.span, one.task) for one in found.hindrances]


@pytest.fixture
def booked(team):
    """Mon 4 Jan: a meeting from 9 to 10; T-1 from 10 to 12; T-2 waits for it; T-3 comes last."""
    team.write("config.yaml", REST)
    team.calendar("ana", meeting("4 09:00", "4 10:00"))
    team.booked(ONE, "T-2,Blog post,ana,1h,2,,,T-1,,", "T-3,Report,ana,2h,4,,,,,")
    return team


def test_hour_by_hour_what_stood_before_the_first_block(booked):
    assert booked.standing() == {
        "T-1/1": paris(4, "10:00", 2),
        "T-2/1": paris(4, "13:00", 1),
        "T-3/1": paris(5, "09:00", 2),
    }
    assert in_the_way(booked, "T-1") == [
        (InTheWay.OUTSIDE_HOURS, paris(4, "08:00", 1), None),
        (InTheWay.BUSY, paris(4, "09:00", 1), None),
    ]
    assert in_the_way(booked, "T-3") == [
        (InTheWay.OUTSIDE_HOURS, paris(4, "08:00", 1), None),
        (InTheWay.BUSY, paris(4, "09:00", 1), None),
        (InTheWay.BLOCK, paris(4, "10:00", 2), "T-1"),
        (InTheWay.BLOCK, paris(4, "13:00", 1), "T-2"),
        (InTheWay.DAY_LIMIT, paris(4, "14:00", 3), None),
    ]


def test_what_it_waits_for_is_named_once_and_what_follows_counts_from_there(booked):
    assert in_the_way(booked, "T-2") == [
        (InTheWay.WAITS, paris(4, "08:00", 4), "T-1"),
        (InTheWay.OUTSIDE_HOURS, paris(4, "12:00", 1), None),
    ]


def test_free_time_that_was_not_taken_has_its_reason(team):
    team.write("config.yaml", REST.replace("rest: 0m", "rest: 30m, gap: 15m"))
    team.calendar("ana", meeting("4 09:15", "4 10:45"), meeting("4 11:30", "4 16:00"))
    team.booked("T-1,Landing page,ana,1h,1,,,,,")
    kinds = [kind for kind, span, _ in in_the_way(team, "T-1") if span.start.hour < 16]
    assert kinds[:5] == [
        InTheWay.OUTSIDE_HOURS,
        InTheWay.TOO_SHORT,
        InTheWay.BUSY,
        InTheWay.REST,
        InTheWay.BUSY,
    ]


def test_the_share_of_a_week_that_is_kept_free_is_a_reason(team):
    rules = "rest: 0m, longest: 3h, reserve: 50%"
    team.write("config.yaml", CONFIG.replace("sprints:", f"  blocks: {{{rules}}}\nsprints:"))
    # half of a week's 35 hours, on the grid
    team.booked("T-1,Film,ana,17h30,1,W1 Fri,,,,", "T-2,Mail,ana,1h,4,,,,,")
    found = in_the_way(team, "T-2")
    assert {kind for kind, span, _ in found if span.start.day < 11} == {
        InTheWay.OUTSIDE_HOURS,
        InTheWay.BLOCK,
        InTheWay.RESERVE,
    }
    lines = why_lines(why(team.open(), "T-2"))
    assert any(line.endswith("free, kept for what comes up in the week") for line in lines)


def test_the_limit_of_its_own_day_does_not_count_the_block_that_would_move(team):
    team.write("config.yaml", REST.replace("per_day: 3h", "per_day: 2h"))
    team.booked(ONE)
    team.edit("ana", "20270104T090000", "20270104T140000")
    team.edit("ana", "20270104T110000", "20270104T160000")
    assert in_the_way(team, "T-1")[1:] == [
        (InTheWay.WISHES, paris(4, "09:00", 3), None),
        (InTheWay.WISHES, paris(4, "13:00", 1), None),
    ]


def test_a_short_stretch_before_the_block_is_held_against_the_room_the_block_would_leave(team):
    team.write("config.yaml", REST.replace("rest: 0m", "rest: 15m"))
    team.calendar("ana", meeting("4 09:00", "4 09:50"))
    team.booked(ONE)
    assert team.standing()["T-1/1"] == paris(4, "10:00", 2)
    # ten minutes are no step; a quarter of an hour would be enough
    assert in_the_way(team, "T-1")[2][0] is InTheWay.TOO_SHORT
    team.calendar("ana", meeting("4 09:00", "4 09:45"))
    assert in_the_way(team, "T-1")[2][0] is InTheWay.WISHES
    team.calendar("ana")
    team.booked(ONE, "T-2,Mail,ana,45m,1,W1 Mon 09:45,,,,")
    assert in_the_way(team, "T-1")[2:] == [(InTheWay.REST, paris(4, "09:45", 0.25), None)]


def test_the_latest_start_leaves_all_else_as_it_is(booked):
    found = why(booked.open(), "T-2")
    # the last hour of the last day whose three hours are not used up
    assert found.last_start == paris(15, "16:00").start
    assert found.slack is not None and found.slack > timedelta(days=2)
    team = booked
    team.edit("ana", "20270104T130000", "20270115T160000")
    team.edit("ana", "20270104T140000", "20270115T170000")
    assert team.booked().fits


def test_a_task_that_cannot_begin_later_says_so(team):
    team.booked("T-1,Landing page,ana,2h,1,W1 Mon 11:00,,,,")
    found = why(team.open(), "T-1")
    assert (found.last_start, found.slack) == (paris(4, "09:00").start, timedelta())
    assert why_lines(found)[-1] == "It cannot begin any later, all else unchanged."


def test_of_a_task_half_done_only_what_is_to_come_is_asked_about(team):
    team.write("config.yaml", REST.replace("per_day: 3h", "per_day: 2h"))
    team.calendar("ana", meeting("5 09:00", "5 10:00"))
    team.booked("T-1,Landing page,ana,4h,1,,,,,")
    assert team.standing() == {"T-1/1": paris(4, "09:00", 2), "T-1/2": paris(5, "10:00", 2)}
    found = why(team.open("2027-01-05T08:00"), "T-1")
    assert [(one.kind, one.span) for one in found.hindrances] == [
        (InTheWay.OUTSIDE_HOURS, paris(5, "08:00", 1)),
        (InTheWay.BUSY, paris(5, "09:00", 1)),
    ]
    lines = why_lines(found)
    assert "  Mon 4 Jan 09:00-11:00  past" in lines
    assert "  Tue 5 Jan 10:00-12:00  booked" in lines
    assert "Why its next block is not sooner:" in lines
    # from Tuesday at 10 to the last two hours of the sprint, its days of seven hours
    assert found.last_start == paris(15, "15:00").start
    assert found.slack == timedelta(hours=2 + 4 + 7 * 7 + 5)
    assert any(line.startswith("What is left of it could begin as late as") for line in lines)


def test_a_block_that_runs_is_named_and_so_is_a_task_whose_blocks_have_all_begun(team):
    team.write("config.yaml", REST)
    team.booked("T-1,Landing page,ana,2h,1,,,,,", "T-2,Blog,ana,1h,2,,,,,")
    lines = why_lines(why(team.open("2027-01-04T10:00"), "T-1"))
    assert lines[3:] == [
        "  Mon 4 Jan 09:00-11:00  running now",
        "All its blocks have begun or are over.",
    ]


def test_the_zone_of_the_times_is_named(team):
    zone = "name: Ana Ruiz\n    timezone: America/New_York"
    team.write("config.yaml", REST.replace("name: Ana Ruiz", zone))
    team.booked(ONE)
    lines = why_lines(why(team.open(), "T-1"))
    assert lines[2:4] == ["Times are in America/New_York.", "  Mon 4 Jan 09:00-11:00  booked"]


def test_free_time_that_the_plan_does_not_need_is_explained_in_plain_words(team):
    team.write("config.yaml", REST.replace("per_day: 3h", "prefer: 14:00-16:00"))
    team.booked(ONE)
    team.edit("ana", "20270104T140000", "20270106T140000")
    team.edit("ana", "20270104T160000", "20270106T160000")
    lines = why_lines(why(team.open(), "T-1"))
    assert "  Mon 4 Jan 13:00-17:00  free, not needed" in lines
    assert (
        "Not needed: important tasks, few blocks and preferred hours count for more than an early "
        "start, and what is booked is not moved for one."
    ) in lines


def test_what_it_shares_its_time_with(booked):
    assert why(booked.open(), "T-3").competing == ("T-1", "T-2")


def test_a_task_not_yet_booked_stands_where_book_would_put_it(team):
    team.run("import", team.tasks(ONE), "--sprint", "S27")
    found = why(team.open(), "T-1")
    assert found.blocks == (paris(4, "09:00", 2),)
    assert found.to_come == {paris(4, "09:00", 2)}
    assert "Mon 4 Jan 09:00-11:00  would be booked here" in "\n".join(why_lines(found))
    assert team.blocks("ana") == ""


def test_why_not_is_a_sum_in_one_sentence_and_what_would_help(team):
    rows = ("T-1,Landing page,ana,2h,1,W1 Mon 12:00,,,,", "T-2,Blog,ana,1h30,2,W1 Mon 12:00,,,,")
    team.write("config.yaml", REST)
    team.booked(*rows)
    ran = team.run("why", "T-2")
    assert ran.code == 1
    assert (
        "T-2 and T-1 need 3h30 between Mon 4 Jan 08:00 and Mon 4 Jan 12:00; 3h can be booked"
        in ran.out
    )
    assert "  1 split it: 1h now, 30m in S28" in ran.out
    found = team.run("why", "T-2", "--format", "json").json
    shown = team.book("--dry-run").json["members"][0]["unbooked"][0]
    assert found["unbooked"] == shown
    assert shown["needed_minutes"] == 210
    assert (shown["free_minutes"], shown["competing"]) == (180, ["T-1"])


def test_while_remedies_are_looked_for_it_says_so(team):
    team.booked("T-1,Film,ana,90h,1,,,,,", "T-2,Blog,ana,1h,2,,,,,")
    for task, words in (("T-1", "looking for what would make T-1 fit"), ("T-2", "how late")):
        told: list[tuple[str, float]] = []
        why(team.open(), task, tell=lambda said, share, told=told: told.append((said, share)))
        assert any(words in said for said, _ in told)
        shares = [share for _, share in told]
        assert shares == sorted(shares)


def test_a_task_behind_one_that_is_not_booked_points_to_it(team):
    team.booked("T-1,Landing page,ana,20h,1,W1 Mon,,,,", "T-2,Blog,ana,1h,2,,,T-1,,")
    found = why(team.open(), "T-2")
    assert found.lack is not None and found.lack.reason is Reason.AFTER_UNBOOKED
    assert "it waits for T-1, not wholly booked" in "\n".join(why_lines(found))


def test_titles_of_meetings_are_for_their_owner_alone(booked):
    for asker, title in ((None, None), ("ben", None), ("ana", "Private meeting")):
        found = why(booked.open(asker=asker), "T-1")
        assert [one.title for one in found.hindrances if one.kind is InTheWay.BUSY] == [title]


def test_what_nothing_is_planned_for_is_said(team):
    team.booked(ONE, "T-2,Later,ana,1h,,,,,,backlog", "T-3,Next,ana,1h,,,,,,S28")
    team.booked(ONE.replace("T-1", "T-4"), prune=True)
    for task, words in (("T-2", "is in the backlog"), ("T-1", "is dropped")):
        ran = team.run("why", task)
        assert ran.code == 0
        assert words in ran.out
    later = why(team.open(), "T-3")
    assert later.sprint is not None and later.sprint.name == "S28"
    assert later.to_come


def test_an_unknown_task_is_answered_with_the_near_ones(team):
    team.booked(ONE)
    with pytest.raises(WrongUse, match="there is no task 'T1'; did you mean T-1"):
        why(team.open(), "T1")
    assert team.run("why", "zzz").code == 2


def test_a_calendar_that_cannot_be_reached_is_no_answer(team):
    team.booked(ONE)
    config = REST.replace("ics: ana.ics", 'url: "https://calendar.example/ana.ics"')
    team.write("config.yaml", config)
    with pytest.raises(Unreachable, match="Ana Ruiz"):
        why(team.open(), "T-1")


def test_it_changes_nothing(booked):
    before = booked.blocks("ana")
    why(booked.open(), "T-3")
    assert booked.blocks("ana") == before
