"""`book` says how such estimates have fared, and changes none."""

from datetime import timedelta

import pytest

from blocker.commands.accept import Asked, accept
from blocker.commands.close import close
from blocker.commands.done import done
from blocker.commands.more import more
from blocker.commands.reassign import reassign
from blocker.commands.swap import swap
from blocker.commands.task_changes import edit_task
from blocker.domain.closing import Decision, Whither
from blocker.domain.commitment import Completion
from tests.team import Team

HOUR = timedelta(hours=1)
HEADER = "id,title,owner,estimate,campaign,sprint\n"


def rows(team: Team, *lines: str):
    return team.write("work.csv", HEADER + "".join(f"{line}\n" for line in lines))


def booked(team: Team, *lines: str, **request):
    return team.booked(file=rows(team, *lines), sprint="S27", **request)


def remember(team: Team, *took: timedelta, member: str = "ana", campaign: str | None = "Aurora"):
    """Finished tasks of an hour each, and what they took."""
    workspace = team.open()
    with workspace.store() as store, store.transaction():
        for k, time in enumerate(took):
            name = f"OLD-{campaign}-{k}"
            store.complete(Completion(name, member, 26, campaign, HOUR, time, workspace.now))


def warnings(booking) -> list[str]:
    return [one for member in booking.members for one in member.warnings]


@pytest.fixture
def slow(team) -> Team:
    remember(team, 1.6 * HOUR, 1.6 * HOUR, 1.7 * HOUR)
    return team


def test_the_sentence(slow):
    booking = booked(slow, "T-1,Landing page,ana,5h,Aurora,", "T-2,Advert,ana,2h30,aurora,")
    assert warnings(booking) == [
        "Ana's estimates for Aurora have run 1.6x over (3 tasks); for S27 that would mean 4h30 "
        "more than the 7h30 estimated"
    ]
    with slow.open().store(rehearse=True) as store:
        assert store.tasks()["T-1"].task.estimate == 5 * HOUR
    shown = slow.book("--dry-run").json["members"][0]
    assert shown["warnings"] == warnings(booking)
    assert "1.6x over" in slow.run("book", "--dry-run").out


def test_what_has_no_room_is_said(slow):
    slow.write(
        "config.yaml",
        (slow.folder / "config.yaml")
        .read_text()
        .replace("13:00-17:00}", "13:00-17:00}\n  blocks: {rest: 0m}"),
    )
    said = warnings(booked(slow, "T-1,Landing page,ana,60h,Aurora,"))
    assert said == [
        "Ana's estimates for Aurora have run 1.6x over (3 tasks); for S27 that would mean 36h "
        "more than the 60h estimated, and 26h of that have no room"
    ]


def test_work_of_another_kind_or_of_somebody_else_is_not_spoken_of(slow):
    remember(slow, HOUR, HOUR, HOUR, HOUR, campaign="Newsletter")
    booking = booked(slow, "T-1,Issue 4,ana,5h,Newsletter,", "T-2,Report,ben,5h,Aurora,")
    assert warnings(booking) == []


def test_tasks_that_are_done_or_in_another_sprint_are_not_counted(slow):
    booked(slow, "T-1,Landing page,ana,5h,Aurora,", "T-2,Advert,ana,5h,Aurora,S28")
    done(slow.open(), "T-1", HOUR)
    assert warnings(slow.booked(sprint="S27")) == []


def test_a_recorded_overrun_is_not_counted_again(slow):
    booked(slow, "T-1,Landing page,ana,5h,Aurora,")
    accept(slow.open(asker="ben"), Asked())
    assert "3h more than the 5h" in warnings(slow.booked(sprint="S27"))[0]
    booking = more(slow.open(asker="ana"), "T-1", 2 * HOUR, "three languages")
    assert not any("x over" in one for one in warnings(booking))
    assert "1h more than the 7h" in warnings(slow.booked(sprint="S27"))[0]


def test_nothing_is_said_of_a_sprint_that_is_over(slow):
    booked(slow, "T-1,Landing page,ana,5h,Aurora,")
    assert not any(
        "x over" in one for one in warnings(slow.booked(now="2027-01-19T09:00", sprint="S27"))
    )


def test_what_a_carried_task_took_counts_all_its_sprints_against_the_first_estimate(team):
    booked(team, "T-1,Landing page,ana,3h,Aurora,")
    accept(team.open(asker="ben"), Asked())
    carried = {"T-1": Decision(Whither.NEXT, 2 * HOUR)}
    close(team.open("2027-01-18T08:00", "ben"), "S27", carried)
    team.booked(now="2027-01-18T08:00", sprint="S28")
    done(team.open("2027-01-29T18:00", "ana"), "T-1")
    with team.open().store(rehearse=True) as store:
        (kept,) = store.completions()
    assert (kept.estimate, kept.took) == (3 * HOUR, 5 * HOUR)


def test_a_task_that_closing_finds_done_is_held_against_its_first_estimate(team):
    booked(team, "T-1,Landing page,ana,3h,Aurora,")
    accept(team.open(asker="ben"), Asked())
    more(team.open(asker="ana"), "T-1", HOUR, "three languages")
    close(team.open("2027-01-18T08:00", "ben"), "S27", {"T-1": Decision(Whither.DONE, timedelta())})
    with team.open().store(rehearse=True) as store:
        (kept,) = store.completions()
    assert (kept.estimate, kept.took) == (3 * HOUR, 4 * HOUR)


NOON = "2027-01-04T14:00"
"""By then three hours have stood."""

WAYS = {
    "lowered": (lambda team: edit_task(team.open(NOON, "ben"), "T-1", {"estimate": "4h"}), 27, 4),
    "reassigned": (lambda team: reassign(team.open(NOON, "ben"), "T-1", "ben"), 27, 3),
    "swapped out": (lambda team: swap(team.open(NOON, "ben"), ["T-1"], "T-2", "press"), 28, 6),
    "carried": (
        lambda team: edit_task(team.open(NOON, "ben"), "T-1", {"sprint": "next"}, "later"),
        28,
        6,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_task_took_is_held_against_the_estimate_of_the_same_work(team, way):
    """Six hours were accepted; whoever does exactly what was estimated has a pace of one."""
    change, sprint, hours = WAYS[way]
    booked(team, "T-1,Landing page,ana,6h,Aurora,", "T-2,Advert,ana,1h,Aurora,S28")
    accept(team.open(asker="ben"), Asked())
    change(team)
    team.booked(now="2027-01-05T08:00", sprint="S27")
    team.booked(now="2027-01-05T08:00", sprint=f"S{sprint}")
    done(team.open("2027-01-29T18:00" if sprint == 28 else "2027-01-15T18:00", "ben"), "T-1")
    with team.open().store(rehearse=True) as store:
        (kept,) = store.completions()
    assert (kept.estimate, kept.took) == (hours * HOUR, hours * HOUR)
