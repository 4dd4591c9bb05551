"""Tasks that wait for a colleague's: planned together, written for those picked alone, and said."""

import pytest

from blocker.domain.plan import Reason, RemedyKind
from tests.team import CONFIG, meeting, paris

REPORT = "T-9,Report,ben,2h,,,,,,"
PAGE = "T-1,Landing page,ana,2h,1,,,T-9,,"
SAID = "T-1 waits for T-9 (Ben, not booked yet); assumed done Mon 11:00"


def of(booking, member="ana"):
    return next(one for one in booking.members if one.member.id == member)


def kinds(booking):
    return {str(change.kind) for one in booking.members for change in one.changes}


def test_the_plan_of_a_colleague_who_was_not_picked_is_assumed_and_not_written(team):
    booking = team.booked(REPORT, PAGE, members=("ana",))
    assert of(booking).warnings == (SAID,)
    assert [one.member.id for one in booking.members] == ["ana"]
    assert team.blocks("ben") == ""
    assert team.standing() == {"T-1/1": paris(4, "13:00", 2)}


def test_the_json_and_the_table_say_it(team):
    file = team.tasks(REPORT, PAGE)
    ran = team.book(file, "--for", "ana", "--dry-run")
    assert ran.json["members"][0]["warnings"] == [SAID]
    assert SAID in " ".join(team.run("book", file, "--for", "ana").out.split())


def test_when_both_are_booked_there_is_nothing_to_say(team):
    booking = team.booked(REPORT, PAGE)
    assert [one.warnings for one in booking.members] == [(), ()]
    assert team.standing("ben") == {"T-9/1": paris(4, "09:00", 2)}
    assert [one.warnings for one in team.booked(members=("ana",)).members] == [()]


def test_a_second_run_says_it_again_until_the_colleague_is_booked(team):
    team.booked(REPORT, PAGE, members=("ana",))
    again = team.booked(members=("ana",))
    assert of(again).warnings == (SAID,)
    assert kinds(again) == {"keep"}
    assert team.booked(members=("ben",)).fits
    third = team.booked(members=("ana",))
    assert of(third).warnings == ()
    assert kinds(third) == {"keep"}
    assert team.audited().ok


def test_a_colleague_booked_later_keeps_to_what_waits_in_another_calendar(team):
    """Alone, Ben's more important film would come first, and his report after Ana's page."""
    film = "T-8,Film,ben,6h,1,,,,,"
    team.booked(
        film,
        REPORT.replace("2h,", "2h,4"),
        PAGE.replace("2h,1,", "2h,1,2027-01-04"),
        members=("ana",),
    )
    assert team.standing() == {"T-1/1": paris(4, "13:00", 2)}
    assert team.booked(members=("ben",)).fits
    assert team.standing("ben")["T-9/1"].end <= paris(4, "13:00").start
    assert team.audited().ok


def test_blocks_of_those_not_picked_are_facts(team):
    """Ben's blog post would have to move for his report to be in time; this is not his run."""
    team.booked("T-8,Blog post,ben,2h,,,,,,", members=("ben",))
    before = team.standing("ben")
    assert before == {"T-8/1": paris(4, "09:00", 2)}
    team.calendar("ben", meeting("4 13:00", "4 17:00"))
    rows = ("T-9,Report,ben,2h,1,2027-01-04,,,,", PAGE)
    booking = team.booked(*rows, members=("ana",))
    assert [one.reason for one in of(booking).unbooked] == [Reason.AFTER_UNBOOKED]
    assert of(booking).warnings == ()
    assert team.standing("ben") == before
    both = team.booked()
    assert both.fits
    assert team.standing("ben")["T-8/1"] != before["T-8/1"]


def test_a_calendar_of_somebody_who_waits_is_not_needed(team):
    team.booked(REPORT, PAGE, members=("ana",))
    team.write("out/ana.ics", "<html>sign in</html>")
    booking = team.booked(members=("ben",))
    assert booking.fits
    assert booking.errors == ()
    assert list(team.standing("ben")) == ["T-9/1"]


def test_what_stands_of_the_colleagues_task_counts_for_when_it_is_done(team):
    """An hour of the report stands on Tuesday by Ben's own hand; the other hour is assumed."""
    team.calendar("ben", meeting("5 10:00", "5 11:00").replace("Private meeting", "Report [T-9]"))
    booking = team.booked(REPORT, PAGE, members=("ana",))
    assert of(booking).warnings == (SAID.replace("Mon 11:00", "Tue 11:00"),)
    assert team.standing()["T-1/1"] == paris(5, "13:00", 2)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2027-01-07", "2027-01-07", "Thu 11:00"),
        ("2027-01-14", "2027-01-14", "Thu 14 Jan 11:00"),
    ],
)
def test_the_moment_is_told_by_the_clock_of_who_waits_and_never_by_a_doubtful_weekday(
    team, start, end, said
):
    team.write("config.yaml", CONFIG.replace("    role: manager\n", "    timezone: Asia/Tokyo\n"))
    row = f"T-9,Report,ben,2h,,{end},{start},,,"
    # Ben's day begins at nine in Tokyo, which is one at night in Paris
    booking = team.booked(row, PAGE, members=("ana",))
    assert of(booking).warnings == (SAID.replace("Mon 11:00", said.replace("11:00", "03:00")),)


def test_two_of_one_first_name_are_told_apart(team):
    config = CONFIG.replace("name: Ana Ruiz", "name: Ben Ruiz")
    team.write("config.yaml", config)
    booking = team.booked(REPORT, PAGE, members=("ana",))
    assert of(booking).warnings == (SAID.replace("(Ben,", "(Ben Carter,"),)


def test_a_colleague_who_waits_may_still_be_given_a_task_if_there_is_time_for_it(team):
    rows = [f"T-{k},Text {k},ana,1h30,{k},W1 Mon 12:00,,,," for k in (1, 2)]
    waiting = "T-9,Report,ben,1h,,,,T-1,,"
    own = "T-8,Film,ben,2h30,1,W1 Mon 12:00,,,,"
    team.write("config.yaml", CONFIG.replace("sprints:", "  blocks: {rest: 30m}\nsprints:"))
    for more, is_free in (((), True), ((own,), False)):
        booking = team.booked(*rows, waiting, *more, members=("ana",), dry_run=True)
        (lack,) = of(booking).unbooked
        kinds_of_remedy = [one.kind for one in lack.remedies]
        assert (RemedyKind.REASSIGN in kinds_of_remedy) == is_free
