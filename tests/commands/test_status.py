"""Where the sprint stands: three lines for a marketer, a table for a manager."""

from datetime import timedelta

import pytest

from blocker.commands.accept import Asked, accept
from blocker.commands.close import close
from blocker.commands.done import done
from blocker.commands.more import more
from blocker.commands.status import status
from blocker.domain.closing import Decision, Whither
from blocker.domain.finding import Code
from blocker.domain.status import StepKind, Written
from tests.team import Team, meeting, paris

HOUR = timedelta(hours=1)
ROWS = (
    "T-1,Landing page,ana,3h,1,,,,leads,",
    "T-2,Blog post,ana,1h30,2,,,,leads,",
    "T-3,Report,ben,1h,2,,,,leads,",
)
MON, TUE, THU = "2027-01-04T09:30", "2027-01-05T09:30", "2027-01-07T12:30"
OVER = "2027-01-18T08:00"


def mine(team: Team, now: str = TUE, member: str = "ana", **more):
    """What one member hears."""
    found = status(team.open(now, member), named=(member,), **more)
    return found, found.members[0]


def lines(team: Team, now: str, *words: str, asker: str = "ana") -> list[str]:
    return team.run("--as", asker, "status", *words, now=now).out.splitlines()


@pytest.fixture
def running(team) -> Team:
    """S27, accepted on its first morning: T-1 in two blocks on Monday, the rest behind it."""
    team.booked(*ROWS, asker="ana")
    team.booked(sprint="S27", asker="ben")
    accept(team.open(asker="ben"), Asked())
    return team


def test_three_lines_and_the_step(running):
    blocks = running.standing()
    assert blocks["T-1/1"] == paris(4, "09:00", 2)
    assert lines(running, MON) == [
        "S27, 4-17 Jan 2027, accepted",
        "now:     T-1 “Landing page” until 11:00",
        "next:    today 13:00-14:00 T-1 “Landing page”; then 1 more today (1h30)",
        "changed: S27 was accepted (Ben); 3 blocks new (Ana)",
    ]


def test_a_sprint_is_told_by_its_time_also_where_the_next_one_waits_for_acceptance(running):
    running.booked("T-9,Next,ana,1h,1,,,,leads,S28", sprint="S28")
    assert lines(running, MON)[0] == "S27, 4-17 Jan 2027, accepted"
    assert lines(running, "2027-01-03T10:00", "--sprint", "next")[1] == (
        "now:     S27 has not begun; it begins Mon 4 Jan"
    )


def test_nothing_now_in_a_meeting_and_away(running):
    running.calendar("ana", meeting("6 10:00", "6 11:30"))
    _, ana = mine(running, "2027-01-06T10:15")
    assert (ana.present.works, ana.present.busy_until) == ((), paris(6, "10:00", 1.5).end)
    assert "nothing is booked now; busy until 11:30" in lines(running, "2027-01-06T10:15")[1]
    config = (running.folder / "config.yaml").read_text()
    running.write(
        "config.yaml",
        config.replace(
            "email: ana@small.example", "email: ana@small.example\n    time_off: [2027-01-07]"
        ),
    )
    assert lines(running, THU)[1] == "now:     away until Fri 8 Jan 00:00"


def test_what_changed_by_runs_by_people_and_on_record(running):
    more(running.open(MON, "ben"), "T-2", HOUR / 2, "legal", confirm=lambda _: True)
    running.delete("ana", "T-2")
    _, ana = mine(running, MON)
    assert [one.code for one in ana.news.drift] == [Code.DELETED]
    assert [(one.task, one.by) for one in ana.news.amendments] == [("T-2", "ben")]
    assert {one.by for one in ana.news.written} == {"ana", "ben"}
    assert ana.step.kind is StepKind.BOOK
    said = lines(running, MON)
    assert "T-2 takes 30m more (Ben), because: legal" in said[3]
    assert "T-2: the block Mon 4 Jan" in said[3] and "was accepted and is gone" in said[3]
    assert "mend it with: blocker book --for ana --sprint S27; where there is no room" in said[4]


def test_what_was_healed_or_is_older_than_yesterday_is_no_news(running):
    running.delete("ana", "T-2")
    running.booked(now=MON, sprint="S27", asker="ana")
    _, ana = mine(running, TUE)
    assert ana.news.drift == ()
    assert ana.errors == 0
    _, ana = mine(running, "2027-01-06T09:30")
    assert (ana.news.accepted, ana.news.written, ana.news.drift) == (None, (), ())
    assert lines(running, "2027-01-06T09:30")[3] == "changed: nothing since yesterday"


def test_blocks_are_counted_once_however_often_they_were_written(team):
    team.booked(*ROWS, asker="ana")
    team.calendar("ana", meeting("4 09:00", "4 12:00"))
    team.booked(asker="ben", sprint="S27")
    _, ana = mine(team, MON)
    assert sum(one.created for one in ana.news.written) == len(team.standing())
    assert not any(one.moved or one.removed for one in ana.news.written)
    _, ana = mine(team, "2027-01-06T09:30")
    assert ana.news.written == ()
    _, ben = mine(team, MON, "ben")
    assert ben.news.written == (Written("ben", created=1),)


def test_when_all_the_time_of_a_task_is_past_its_owner_is_asked(running):
    found, ana = mine(running, TUE)
    assert ana.step.kind is StepKind.FINISH
    assert ana.step.tasks == ("T-1", "T-2")
    assert found.report.ok
    for name in ana.step.tasks:
        done(running.open(TUE, "ana"), name)
    said = lines(running, TUE)
    assert said[2] == "next:    no more blocks in S27"
    assert "T-1 done (Ana); T-2 done (Ana)" in said[3]
    assert said[4] == "> Nothing is left to do in S27; take work on with: blocker pull"


def test_before_acceptance_the_marketer_books_then_waits(team):
    team.booked(*ROWS, dry_run=True)
    team.run("import", "tasks.csv", "--sprint", "S27")
    found, ana = mine(team, MON)
    assert ana.step.kind is StepKind.BOOK
    assert not found.report.ok
    ran = team.run("--as", "ana", "status", now=MON)
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == (
        "> T-1 and T-2 lack 4h30 in the calendar; mend it with: blocker book --for ana --sprint "
        "S27; where there is no room, blocker why T-1 says what helps"
    )
    team.booked(sprint="S27")
    assert mine(team)[1].step.kind is StepKind.FINISH
    assert mine(team, "2027-01-04T08:00")[1].step.kind is StepKind.ACCEPT


def test_the_manager_is_first_told_that_a_running_sprint_is_not_accepted(team):
    team.booked(*ROWS, members=("ana",))
    ran = team.run("--as", "ben", "status", now=MON)
    assert ran.code == 1
    said = ran.out.splitlines()
    assert said[:2] == [
        "S27, 4-17 Jan 2027, not accepted",
        "! S27 runs since Mon 4 Jan and is not accepted: 1 of 3 tasks is not in order, 1h lacking; "
        "once that is mended: blocker accept --sprint S27",
    ]
    assert "x Ben: T-3 lacks 1h in the calendar" in said


def test_the_team_in_one_table(running):
    block = running.standing("ben")["T-3/1"]
    more(running.open(MON, "ana"), "T-1", 70 * HOUR, "rewritten", confirm=lambda _: True)
    done(running.open("2027-01-04T10:30", "ben"), "T-3")
    ran = running.run("--as", "ben", "status", now="2027-01-04T10:30")
    assert ran.code == 1
    table = [line.split() for line in ran.out.splitlines()[1:5]]
    assert table[0] == ["promised", "standing", "stood", "done", "drifted", "errors", "now"]
    assert table[1][:7] == ["Ana", "4h30", "4h30", "100%", "1h30", "0", "of"]
    assert table[1][-5:] == ["T-1", "“Landing", "page”", "until", "11:00"]
    assert table[2][:7] == ["Ben", "1h", "1h", "100%", "1h", "1", "of"]
    assert table[3][0] == "all"
    assert block == paris(4, "09:00")
    assert "x Ana: T-1 “Landing page” is at risk, lacks" in ran.out
    assert "> 1 task at risk: blocker book --sprint S27 mends what has room" in ran.out


def test_late_requests_and_who_asked_for_them(running):
    late = "T-8,Press release,ana,2h,1,,,,leads,"
    ran = running.run(
        "--as", "ben", "import", running.tasks(*ROWS, late), "--sprint", "S27", "--route",
        "--asked-by", "the CEO", now=TUE,
    )  # fmt: skip
    assert ran.code == 0
    out = running.run("--as", "ben", "status", now=TUE).out
    assert "late: T-8 “Press release”, asked for by the CEO, Tue 5 Jan, waits in S28" in out
    (late,) = running.run("--as", "ben", "status", "--format", "json", now=TUE).json["late"]
    assert (late["asked_by"], late["to"]) == ("the CEO", "S28")


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_marketer_sees_what_the_manager_sees_byte_for_byte_and_no_meeting(running, form):
    block = running.standing()["T-2/1"]
    over = "SUMMARY:Interview at a rival\nDTSTART:{:%Y%m%dT%H%M%SZ}\nDTEND:{:%Y%m%dT%H%M%SZ}"
    running.calendar("ana", over.format(block.start, block.end))
    words = ("status", "--format", form)
    manager = running.run("--as", "ben", *words, now=MON)
    marketer = running.run("--as", "ana", *words, "--as-manager", now=MON)
    assert (manager.out, manager.err, manager.code) == (marketer.out, marketer.err, marketer.code)
    assert "is at risk" in manager.out and "a meeting" in manager.out
    own = running.run("--as", "ana", *words, now=MON)
    assert own.out != manager.out
    assert "rival" not in manager.out + own.out
    named = running.run("--as", "ben", *words, "--for", "ana", now=MON)
    assert named.out == own.out


def test_over_and_not_closed_then_closed(running):
    _, ana = mine(running, OVER, sprint_word="S27")
    assert ana.step.kind is StepKind.CLOSE
    said = lines(running, OVER, "--sprint", "S27")
    assert said[1:3] == [
        "now:     S27 is over since Sun 17 Jan, and not closed",
        "next:    no time is left in S27; T-1 and T-2 still open",
    ]
    assert "blocker close S27" in said[4]
    assert "> S27 is over since Sun 17 Jan and not closed, 3 tasks still open" in "\n".join(
        lines(running, OVER, asker="ben")
    )
    decided = {name: Decision(Whither.DONE) for name in ("T-1", "T-2", "T-3")}
    close(running.open(OVER, "ben"), "S27", decided)
    ran = running.run("--as", "ana", "status", "--sprint", "S27", now=OVER)
    assert ran.code == 0
    assert ran.out.splitlines()[:2] == [
        "S27, 4-17 Jan 2027, closed",
        "S27 was closed Mon 18 Jan.",
    ]
    assert "3 tasks promised, 3 done" in ran.out


def test_before_the_first_sprint_and_without_tasks(team):
    said = lines(team, "2025-12-20T10:00")
    assert said[:3] == [
        "S1, 5-18 Jan 2026, not accepted",
        "now:     S1 has not begun; it begins Mon 5 Jan",
        "next:    no blocks in S1 yet",
    ]
    empty = lines(team, MON, asker="ben")
    assert empty[1:] == [
        "> No task is open in S27; take some in with: blocker import tasks.csv --sprint S27"
    ]
    assert team.run("status", "--sprint", "current", now="2025-12-20T10:00").code == 2


def test_the_next_sprint_is_named_when_it_begins_soon(running):
    friday = "2027-01-15T16:00"
    assert "S28 begins Mon 18 Jan and has no tasks" in "\n".join(
        lines(running, friday, asker="ben")
    )
    running.booked("T-9,Next,ana,1h,1,,,,leads,S28", sprint="S28")
    assert "> S28 begins Mon 18 Jan and is not accepted (1 task, 1h): blocker accept" in "\n".join(
        lines(running, friday, asker="ben")
    )
    assert "S28" not in "\n".join(lines(running, TUE, asker="ben"))


def test_a_calendar_that_cannot_be_read_is_said_and_nothing_made_of_it(running):
    running.write("ana.ics", "<html>sign in</html>")
    _, ana = mine(running, TUE)
    assert ana.step.kind is StepKind.READ
    ran = running.run("--as", "ben", "status", now=TUE)
    assert ran.code == 1
    assert "x Ana: ana.ics could not be read" in ran.out
    assert lines(running, TUE)[1].endswith("as far as the calendars could be read")


def test_a_calendar_that_does_not_answer_is_exit_4_and_the_rest_is_told(running):
    config = (running.folder / "config.yaml").read_text()
    url = "{url: 'http://127.0.0.1:9/ana.ics'}"
    running.write("config.yaml", config.replace("[{ics: ana.ics}]", f"[{url}]"))
    ran = running.run("--as", "ben", "status", now=TUE)
    assert ran.code == 4
    assert "127.0.0.1:9" in ran.err
    assert "Ben" in ran.out


def test_it_changes_nothing(running):
    before = {one: one.read_bytes() for one in running.folder.rglob("*") if one.is_file()}
    running.run("--as", "ben", "status", now=TUE)
    running.run("--as", "ana", "status", now=TUE)
    assert before == {one: one.read_bytes() for one in running.folder.rglob("*") if one.is_file()}


def test_as_json(running):
    found = running.run("--as", "ana", "status", "--format", "json", now=MON).json
    assert (found["schema"], found["view"], found["ok"]) == ("blocker.status/1", "member", True)
    (ana,) = found["members"]
    assert ana["now"]["blocks"] == [
        {
            "task": "T-1",
            "title": "Landing page",
            "start": "2027-01-04T09:00:00+01:00",
            "end": "2027-01-04T11:00:00+01:00",
        }
    ]
    assert ana["minutes"] == {
        "committed": 270, "on_calendar": 270, "promised": 270, "kept": 270, "stood": 30,
    }  # fmt: skip
    assert [one["task"] for one in ana["ahead"]] == ["T-1", "T-2"]
    assert ana["changed"]["accepted"]["by"] == "ben"
    assert ana["changed"]["since"] == "2027-01-03T00:00:00+01:00"
