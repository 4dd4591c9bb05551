"""After acceptance: what differs from what was accepted, and what the manager waived."""

from dataclasses import replace
from datetime import timedelta

import pytest

from blocker.domain.commitment import Amendment, AmendmentKind, Waiver
from blocker.domain.finding import Code
from blocker.domain.task import TaskState
from tests.auditing.conftest import PARIS, when

HOUR = timedelta(hours=1)


@pytest.fixture
def accepted(world):
    """T-1 in two blocks, Tuesday and Wednesday from 10:00 to 12:00."""
    world.task("T-1", hours=4)
    world.blocks = [world.block("T-1", "5 10:00", 2), world.block("T-1", "6 10:00", 2)]
    world.accept()
    assert world.codes() == set()
    return world


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        (when("5 14:00", 2), {"moved"}),
        (when("5 10:00", 1), {"shrunk", "SHORT"}),
        (when("5 11:00", 1), {"shrunk", "SHORT"}),
        (when("5 10:00", 3), {"stretched"}),
        (when("5 09:00", 3), {"stretched"}),
        (when("7 10:00", 1), {"moved", "shrunk", "SHORT"}),
        (when("7 10:00", 3), {"moved", "stretched"}),
        (when("5 11:00", 2), {"moved"}),
        (when("5 10:00", 2), set()),
        (None, {"deleted", "SHORT"}),
    ],
)
def test_a_block_that_is_not_where_it_was_accepted(accepted, now, codes):
    accepted.change(accepted.blocks[0], **({"interval": now} if now else {}))
    assert accepted.codes() == codes


def test_the_last_block_deleted_is_missing(accepted):
    for block in accepted.blocks:
        accepted.change(block)
    assert accepted.codes() == {"deleted", "MISSING"}


def test_what_cannot_be_read_is_not_said_to_be_gone_for_sure(accepted):
    accepted.events["ana"] = []
    accepted.unreadable = (("ana.ics", "it is a web page"),)
    found = accepted.audit().members[0].findings
    gone = [one.message for one in found if one.code is Code.DELETED]
    assert len(gone) == 2
    assert all(one.endswith("is gone, as far as the calendars could be read") for one in gone)


def test_a_copy_at_the_very_time_is_the_block(accepted):
    """Some programs give an event that is moved to another calendar a new UID."""
    accepted.change(accepted.blocks[0], uid="another")
    assert accepted.codes() == set()


def test_a_block_that_names_another_task_now_is_deleted_for_this_one(accepted):
    accepted.task("T-2", "Blog post", hours=1)
    mark = replace(accepted.blocks[0].mark, task="T-2")
    accepted.change(accepted.blocks[0], mark=mark)
    assert {"deleted", "SHORT"} <= accepted.codes()


def test_a_meeting_that_lands_on_a_block_is_named_with_its_hour(accepted):
    accepted.event("Town hall", "5 11:00", 1)
    (finding,) = [one for one in accepted.audit().members[0].findings if one.code is Code.CONFLICT]
    assert "a meeting, Tue 5 Jan 11:00-12:00" in finding.message


def amendment(kind: AmendmentKind, **more) -> Amendment:
    return Amendment(kind, 27, when("5 09:00").start, "ana", "T-1", "ana", **more)


def test_done_dropped_and_released_tasks_have_no_drift(accepted):
    for block in accepted.blocks:
        accepted.change(block)
    accepted.tasks = [replace(accepted.tasks[0], state=TaskState.DONE)]
    assert accepted.codes() == set()
    accepted.tasks = [replace(accepted.tasks[0], state=TaskState.OPEN)]
    accepted.amendments = (amendment(AmendmentKind.CARRIED),)
    assert "deleted" not in accepted.codes()


def test_how_much_of_the_promise_still_stands(accepted):
    def share():
        (member,) = accepted.audit().members
        return member.kept / HOUR, member.promised / HOUR

    assert share() == (4, 4)
    accepted.change(accepted.blocks[0], interval=when("5 10:00", 1))
    assert share() == (3, 4)
    accepted.tasks = [replace(accepted.tasks[0], state=TaskState.DONE)]
    assert share() == (4, 4)
    accepted.amendments = (amendment(AmendmentKind.CARRIED, minutes=-4 * HOUR),)
    assert share() == (0, 0)
    accepted.amendments = (amendment(AmendmentKind.CARRIED, minutes=-3 * HOUR, stood=HOUR),)
    assert share() == (1, 1)


def test_what_is_given_away_is_promised_by_its_new_owner_and_what_stood_is_kept(accepted):
    """Ana worked an hour of four, and Ben has the rest; her block of then needs no plan."""
    accepted.tasks = [replace(accepted.tasks[0], owner="ben", estimate=3 * HOUR)]
    accepted.amendments = (
        amendment(AmendmentKind.MORE, minutes=HOUR, because="longer"),
        amendment(AmendmentKind.LOWERED, minutes=-HOUR),
        replace(
            amendment(AmendmentKind.REASSIGNED, minutes=-HOUR, stood=HOUR, giver="ana"),
            member="ben",
            at=when("5 11:00").start,
        ),
    )
    accepted.block("T-1", "7 10:00", 2, member="ben")
    ana, ben = accepted.audit(("ana", "ben")).members
    assert (ana.kept / HOUR, ana.promised / HOUR) == (1, 1)
    assert (ben.kept / HOUR, ben.promised / HOUR) == (2, 3)
    assert {one.code for one in ben.findings} == {Code.SHORT}
    unplanned = [one.span.start for one in ana.findings if one.code is Code.UNPLANNED]
    assert unplanned == [block.interval.start for block in accepted.blocks[1:]]


def test_what_has_passed_stood(accepted):
    accepted.now = when("5 11:00").start.astimezone(PARIS)
    (member,) = accepted.audit().members
    assert member.tasks[0].stood == HOUR


class TestWaivers:
    @pytest.fixture
    def short(self, world):
        """T-1 has two of its four hours, one block of them under a meeting's last half hour."""
        world.task("T-1", hours=4)
        world.blocks = [world.block("T-1", "5 10:00", 2), world.block("T-1", "6 10:00", 1)]
        world.meeting = world.event("Town hall", "6 10:30", 1)
        assert world.codes() == {"SHORT", "CONFLICT"}
        return world

    def test_what_is_waived_is_info_with_the_reason(self, short):
        short.accept(Waiver("client agreed", "T-1"))
        assert short.codes() == {"waived"}
        report = short.audit()
        assert report.ok
        assert "client agreed" in report.members[0].findings[0].message

    def test_only_the_code_that_was_named(self, short):
        short.accept(Waiver("client agreed", "T-1", Code.SHORT))
        assert short.codes() == {"waived", "CONFLICT"}

    def test_fewer_minutes_than_were_sealed_bring_the_error_back(self, short):
        short.accept(Waiver("client agreed", "T-1"))
        short.change(short.blocks[0], interval=when("5 10:00", 1))
        assert short.codes() == {"waived", "SHORT", "CONFLICT", "shrunk"}

    def test_another_meeting_is_not_covered(self, short):
        short.accept(Waiver("client agreed", "T-1", Code.CONFLICT))
        short.event("Another", "5 10:00", 0.25)
        assert "CONFLICT" in short.codes()

    def test_no_worse_is_covered_however_it_changed(self, short):
        short.accept(Waiver("client agreed", "T-1"))
        short.change(short.blocks[0], interval=when("5 10:00", 2.25))
        assert short.codes() == {"waived", "stretched"}

    def test_some_time_is_no_worse_than_none(self, world):
        world.task("T-1", hours=4)
        world.accept(Waiver("she starts on Monday", "T-1", Code.MISSING))
        assert world.codes() == {"waived"}
        world.block("T-1", "5 10:00", 2)
        assert world.codes() == {"waived"}

    def test_later_drift_is_never_waived(self, accepted):
        accepted.accept(Waiver("whatever comes", "T-1"))
        accepted.change(accepted.blocks[0])
        assert accepted.codes() == {"deleted", "SHORT", "waived"}

    def test_calendars_that_cannot_be_read(self, world):
        world.task("T-1", hours=2)
        world.block("T-1", "5 10:00", 2)
        world.unreadable = (("feed.ics", "it is a web page"),)
        assert world.codes() == {"UNREADABLE"}
        world.accept(Waiver("I saw it on her screen", member="ana"))
        assert world.codes() == {"waived"}
        world.unreadable = (*world.unreadable, ("other.ics", "it is a web page"))
        assert world.codes() == {"waived", "UNREADABLE"}

    def test_a_waiver_needs_a_reason_and_one_subject(self):
        for wrong in (("", "T-1"), ("why", None), ("why", "T-1", None, "ana")):
            with pytest.raises(ValueError, match="waiver"):
                Waiver(*wrong)


def test_of_a_block_that_was_missed_nothing_is_asked_any_more(accepted):
    """A meeting took the hour; its owner said so, and booked the time anew."""
    accepted.event("Fire drill", "5 10:00", 2)
    assert accepted.codes() == {"CONFLICT", "SHORT"}
    accepted.missed = {"T-1": (when("5 10:00", 2),)}
    assert accepted.codes() == {"SHORT"}
    accepted.block("T-1", "7 10:00", 2)
    assert accepted.codes() == set()
