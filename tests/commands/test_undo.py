"""`undo` takes back what the last run wrote, and nothing that is somebody's or past."""

import pytest

from blocker.commands.undo import undo
from blocker.domain.errors import Refused
from tests.team import meeting, paris

ONE = "T-1,Landing page,ana,2h,1,,,,,"
TWO = "T-2,Blog post,ana,1h30,2,,,,,"


def test_it_removes_what_was_new_and_keeps_the_tasks(team):
    team.booked(ONE, TWO)
    assert undo(team.open()).count == 2
    assert team.standing() == {}
    booking = team.booked()
    assert booking.members[0].warnings == ()  # what undo removed was never booked
    assert len(team.standing()) == 2


def test_it_puts_back_what_was_moved_and_removed(team):
    team.booked(ONE, TWO)
    before = team.standing()
    team.calendar("ana", meeting("4 10:00", "4 10:30"))
    team.booked(ONE)
    team.booked(ONE.replace("2h", "1h"), prune=True)
    assert team.standing() != before
    undo(team.open())
    undo(team.open())
    assert team.standing() == before


def test_again_is_one_further_back_until_nothing_is_left(team):
    team.booked(ONE)
    team.booked(TWO)
    team.booked()  # wrote nothing: not a run to undo
    undo(team.open())
    assert list(team.standing()) == ["T-1/1"]
    undo(team.open())
    assert team.standing() == {}
    with pytest.raises(Refused, match="nothing to undo"):
        undo(team.open())


def test_a_block_a_person_touched_stays_and_is_named(team):
    team.booked(ONE, TWO)
    team.edit("ana", "20270104T110000", "20270104T103000")
    done = undo(team.open())
    assert team.standing() == {"T-1/1": paris(4, "09:00", 1.5)}
    assert any("T-1" in one and "a person changed it" in one for one in done.stayed)


def test_a_block_that_began_stays_and_is_named(team):
    team.booked(ONE, TWO)
    done = undo(team.open("2027-01-04T09:30"))
    assert list(team.standing()) == ["T-1/1"]
    assert any("it is past" in one for one in done.stayed)


def test_a_block_a_person_deleted_is_not_put_back(team):
    team.booked(ONE, TWO)
    team.delete("ana", "T-1")
    undo(team.open())
    assert team.standing() == {}


def test_everyone_undoes_their_own_runs(team):
    team.booked(ONE, asker="ana")
    with pytest.raises(Refused):
        undo(team.open())
    with pytest.raises(Refused):
        undo(team.open(asker="ben"))
    assert undo(team.open(asker="ana")).count == 1


def test_a_rehearsal_changes_nothing(team):
    team.booked(ONE)
    assert undo(team.open(), dry_run=True).count == 1
    assert undo(team.open(), lambda _: False).count == 1
    assert list(team.standing()) == ["T-1/1"]
    assert undo(team.open()).count == 1


def test_a_block_that_somebody_changes_while_it_is_undone_stays_and_is_named(team):
    team.booked(ONE)

    def confirm(_undone):
        team.edit("ana", "20270104T110000", "20270104T103000")
        return True

    done = undo(team.open(), confirm)
    assert done.count == 0
    assert any("a person changed it" in one for one in done.stayed)
    assert team.standing() == {"T-1/1": paris(4, "09:00", 1.5)}


def test_who_left_the_team_does_not_block_the_undo_of_others(team):
    team.booked(ONE, "T-9,Report,ben,1h,,,,,,")
    config = (team.folder / "config.yaml").read_text()
    team.write("config.yaml", config[: config.index("  - id: ben")])
    done = undo(team.open())
    assert done.count == 1
    assert any("T-9" in one for one in done.stayed)
    with pytest.raises(Refused):
        undo(team.open())
