"""Rules that hold for one task or one day alone, from files and the store to calendars."""

from datetime import date, timedelta

from tests.team import CONFIG

PER_DAY = CONFIG.replace("  name: Small Team\n", "  name: Small Team\n  blocks: {per_day: 2h}\n")


def raise_limit(team, member: str, day: date, hours: int) -> None:
    with team.open().store() as store, store.transaction():
        store.raise_day_limit(member, day, timedelta(hours=hours))


def test_a_day_limit_raised_once_lets_a_task_in_that_had_no_room(team):
    team.write("config.yaml", PER_DAY)
    rows = "T-1,Landing page,ana,4h,1,2027-01-05,2027-01-05,,,", "T-2,Blog post,ben,1h,,,,,,"
    assert not team.booked(*rows).fits
    raise_limit(team, "ana", date(2027, 1, 5), 4)
    booking = team.booked()
    assert booking.fits
    assert all(one.start.day == 5 for one in team.standing().values())
    again = team.booked()
    assert {change.kind for one in again.members for change in one.changes} == {"keep"}
    report = team.audited()
    assert report.ok
    assert not [finding for one in report.members for finding in one.findings]


def test_a_day_limit_raised_for_one_is_not_raised_for_others(team):
    team.write("config.yaml", PER_DAY)
    raise_limit(team, "ben", date(2027, 1, 5), 4)
    assert not team.booked("T-1,Landing page,ana,4h,1,2027-01-05,2027-01-05,,,").fits
