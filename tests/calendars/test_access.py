"""What is kept of calendars that are far away, from one run to the next."""

from datetime import UTC, datetime

from blocker.calendars.access import Copies
from blocker.domain.calendar_copy import CalendarCopy

NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)


def copy(text: str) -> CalendarCopy:
    return CalendarCopy(text.encode(), f"tag of {text}", NOW)


def test_what_is_newer_is_not_written_over_and_what_changed_is_told_once():
    copies = Copies()
    copies.keep("a", copy("new"))
    copies.add({"a": copy("old"), "b": copy("known")})
    assert copies.get("a") == copy("new") and copies.get("b") == copy("known")
    assert copies.take_changed() == {"a": copy("new")}
    assert copies.take_changed() == {}


def test_calendars_that_nobody_has_any_more_are_forgotten():
    copies = Copies({"google ana": copy("1"), "google ben as maya": copy("2"), "url x": copy("3")})
    copies.keep_only(("google ben", "url x"))
    assert copies.take_changed() == {"google ana": None}
    assert copies.get("google ben as maya") == copy("2")


def test_the_store_keeps_them_and_a_rehearsal_does_not(team):
    config = (team.folder / "config.yaml").read_text()
    own = "calendars: {busy: [{url: https://x.example/a.ics}], blocks: {ics: out/ana.ics}}"
    config = config.replace("calendars: {busy: [{ics: ana.ics}], blocks: {ics: out/ana.ics}}", own)
    team.write("config.yaml", config)
    key = team.open().team.member("ana").busy[0].key
    for rehearse, known in ((True, None), (False, None), (False, copy("feed"))):
        workspace = team.open()
        with workspace.store(rehearse=rehearse):
            assert workspace.access.copies.get(key) == known
            workspace.access.copies.keep(key, copy("feed"))
    team.write("config.yaml", config.replace("x.example/a.ics", "x.example/b.ics"))
    with team.open().store() as store:
        pass
    with team.open().store() as store:
        assert store.calendar_copies() == {}
