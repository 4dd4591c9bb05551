"""A single block that Google refuses, seen from outside."""

from tests.google_team import google_team


def test_one_block_that_is_refused_costs_the_others_nothing(tmp_path):
    with google_team(tmp_path) as (google, team):
        google.faults.answer("calendar.events.insert", 400, "invalid")
        name = team.tasks(*(f"T-{k},Task {k},ana,2h,1,,,,," for k in (1, 2, 3)))
        booked = team.book(name)
        assert booked.code == 4, booked.err
        ana, _ = booked.json["members"]
        assert len(ana["blocks"]) == len(google.calendar("ana@small.example").events()) == 2
        assert [one["reason"] for one in ana["unbooked"]] == ["unreadable"]
        again = team.book(name)
        assert again.code == 0, again.err
        assert len(google.calendar("ana@small.example").events()) == 3
