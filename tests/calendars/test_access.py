"""What is kept of calendars that are far away, from one run to the next."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from blocker.calendars.access import Copies
from blocker.calendars.copy_key import find_copy_key
from blocker.calendars.secrets import Secrets
from blocker.domain.calendar_copy import CalendarCopy
from blocker.store import tables

NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)
FEED = "https://x.example/a-secret-address.ics"
TITLE = "Marked private meeting"


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


@pytest.fixture
def subscribed(team):
    """Ana's meetings are at an address on another machine."""
    config = (team.folder / "config.yaml").read_text()
    own = f"calendars: {{busy: [{{url: {FEED}}}], blocks: {{ics: out/ana.ics}}}}"
    config = config.replace("calendars: {busy: [{ics: ana.ics}], blocks: {ics: out/ana.ics}}", own)
    team.write("config.yaml", config)
    return team


def kept(team, *, rehearse=False, **more) -> CalendarCopy | None:
    """What is kept of the feed; then a new copy is handed over."""
    workspace = team.open(**more)
    key = workspace.team.member("ana").busy[0].key
    with workspace.store(rehearse=rehearse):
        found = workspace.access.copies.get(key)
        workspace.access.copies.keep(key, copy(TITLE))
    return found


def test_the_store_keeps_them_and_a_rehearsal_does_not(subscribed):
    known = [kept(subscribed, rehearse=True), kept(subscribed), kept(subscribed)]
    assert known == [None, None, copy(TITLE)]
    config = subscribed.write("config.yaml", (subscribed.folder / "config.yaml").read_text())
    config.write_text(config.read_text().replace("x.example/a", "x.example/b"))
    with subscribed.open().store():
        pass
    with subscribed.open().store() as store:
        assert store._rows(tables.calendar_copies) == []


def test_nobody_reads_a_title_or_a_secret_address_in_the_store(subscribed):
    kept(subscribed)
    files = [path for path in (subscribed.folder / ".blocker").rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert TITLE.encode() not in path.read_bytes()
        assert FEED.encode() not in path.read_bytes()


def test_each_reader_has_copies_of_their_own_and_cannot_read_those_of_others(
    subscribed, monkeypatch, tmp_path, postgres
):
    config = (subscribed.folder / "config.yaml").read_text()
    subscribed.write("config.yaml", f"store: {postgres}\n{config}")
    known = []
    for machine in ("one", "two", "one", "two"):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / machine))
        known.append(kept(subscribed))
    assert known == [None, None, copy(TITLE), copy(TITLE)]
    with subscribed.open().store() as store:
        rows = store._rows(tables.calendar_copies)
        assert len({row.reader for row in rows}) == 2
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "three"))
    later = "2027-06-01T08:00"
    assert kept(subscribed, now=later) is None
    with subscribed.open().store() as store:
        assert len(store._rows(tables.calendar_copies)) == 1  # nobody had used the others for long


def test_a_copy_that_cannot_be_decrypted_is_none(tmp_path):
    key = find_copy_key(Secrets(tmp_path), make=True)
    assert find_copy_key(Secrets(tmp_path), make=True) == key
    kept = key.encrypted("url x", copy("feed"))
    assert key.decrypted([kept]) == {"url x": copy("feed")}
    damaged = replace(kept, content=kept.content[:-9] + b"abcdefgh=")
    assert key.decrypted([damaged]) == {}
    assert find_copy_key(Secrets(tmp_path / "other"), make=True).decrypted([kept]) == {}


def test_where_no_secret_can_be_kept_there_are_no_copies(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for place in (None, tmp_path / "file"):
        assert find_copy_key(Secrets(place), make=True) is None
    assert find_copy_key(Secrets(tmp_path / "new"), make=False) is None
    assert not (tmp_path / "new").exists()
