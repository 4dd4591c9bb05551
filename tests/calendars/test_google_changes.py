"""Reading only what changed shows the same as reading everything, whatever people do."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calendars.google_worlds import ANA, World
from tests.calendars.texts import SPRINT
from tests.google_server import GoogleServer

DAYS = st.integers(4, 17)
NUMBERS = st.integers(0, 9)
DEEDS = st.one_of(
    st.tuples(st.just("put"), DAYS, st.integers(0, 3)),
    st.tuples(st.just("series"), DAYS, st.integers(1, 20)),
    st.tuples(st.just("move"), NUMBERS, DAYS),
    st.tuples(st.just("far"), NUMBERS, st.just(0)),
    st.tuples(st.just("delete"), NUMBERS, st.just(0)),
    st.tuples(st.just("restore"), NUMBERS, st.just(0)),
    st.tuples(st.just("shorter"), NUMBERS, st.integers(1, 5)),
    st.tuples(st.just("instance"), NUMBERS, DAYS),
    st.tuples(st.just("look"), st.just(0), st.just(0)),
)


def do(world: World, deed: str, number: int, more: int) -> None:
    """One thing that a person does to Ana's calendar."""
    ana = world.google.calendar(ANA)
    match deed:
        case "put":
            times = (f"2027-01-{number:02d} 10:00", f"2027-01-{number:02d} 1{more}:30")
            ana.put("Meeting", *times)
        case "series":
            times = (f"2027-01-{number:02d} 08:00", f"2027-01-{number:02d} 08:30")
            ana.put("Series", *times, recurrence=[f"RRULE:FREQ=DAILY;COUNT={more}"])
        case "restore":
            gone = ana.cancelled()
            if gone:
                ana.restore(gone[number % len(gone)]["id"])
        case _:
            change(world, deed, number, more)


def change(world: World, deed: str, number: int, more: int) -> None:
    ana = world.google.calendar(ANA)
    standing = [one for one in ana.events() if "recurringEventId" not in one]
    if not standing:
        return
    event = standing[number % len(standing)]
    rules = event.get("recurrence")
    match deed:
        case "move":
            ana.move(event["id"], f"2027-01-{more:02d} 14:00", f"2027-01-{more:02d} 15:00")
        case "far":
            ana.move(event["id"], "2031-01-05 14:00", "2031-01-05 15:00")
        case "delete":
            ana.delete(event["id"])
        case "shorter" if rules:
            ana.change(event["id"], recurrence=[f"RRULE:FREQ=DAILY;COUNT={more}"])
        case "instance" if rules:
            start = event["start"]["dateTime"]
            stamp = start[:19].replace("-", "").replace(":", "")
            identity = f"{event['id']}_{stamp}Z"
            if ana.find(identity) is not None:
                ana.move(identity, f"2027-01-{more:02d} 16:00", f"2027-01-{more:02d} 17:00")


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DEEDS, max_size=14), st.booleans(), st.sampled_from([2, 2500]))
def test_changes_add_up_to_the_whole(
    deeds: list[tuple[str, int, int]], keeps_window: bool, page: int
):
    with GoogleServer() as google, tempfile.TemporaryDirectory() as folder:
        google.account(ANA)
        google.knobs.sync_keeps_window = keeps_window
        google.knobs.largest_page = page
        world = World(google, Path(folder))
        world.sign_in()
        calendar = world.open()
        for deed in [*deeds, ("look", 0, 0)]:
            if deed[0] != "look":
                do(world, *deed)
                continue
            fresh = World(google, Path(folder)).open()
            assert calendar.events(SPRINT).events == fresh.events(SPRINT).events
