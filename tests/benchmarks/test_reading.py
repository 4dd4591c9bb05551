"""Reading speed, as a ratio to icalendar + recurring-ical-events on the same file in one run."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

import icalendar
import recurring_ical_events

from tests.calendars.texts import PARIS, SPRINT, calendar, read

EVENTS = 10_000
RUNS = 3
MOST = 1 / 6

Instants = list[tuple[str, datetime, datetime]]


def a_busy_decade() -> bytes:
    """Ten thousand events of ten years, every tenth a series, as Google exports them."""
    chance = random.Random(27)
    parts = []
    for number in range(EVENTS):
        start = datetime(2022, 1, 1) + timedelta(
            days=chance.randrange(3650), minutes=15 * chance.randrange(32, 72)
        )
        end = start + timedelta(minutes=chance.choice([30, 45, 60, 90]))
        lines = [
            "BEGIN:VEVENT",
            f"DTSTART;TZID=Europe/Paris:{start:%Y%m%dT%H%M%S}",
            f"DTEND;TZID=Europe/Paris:{end:%Y%m%dT%H%M%S}",
            "DTSTAMP:20260101T000000Z",
            f"UID:event-{number}@google.com",
            "CREATED:20260101T000000Z",
            f"DESCRIPTION:Agenda of meeting {number}\\, with notes and a link to the document ",
            " where everything else is written down",
            "LAST-MODIFIED:20260101T000000Z",
            "SEQUENCE:1",
            "STATUS:CONFIRMED",
            f"SUMMARY:Meeting {number}",
            "TRANSP:OPAQUE",
            "END:VEVENT",
        ]
        if number % 10 == 0:
            end_of_it = chance.choice(["COUNT=30", "UNTIL=20280101T000000Z", "INTERVAL=2"])
            lines.insert(3, f"RRULE:FREQ=WEEKLY;{end_of_it}")
        parts.append("\n".join(lines))
    return calendar(*parts)


def ours(raw: bytes) -> Instants:
    return sorted((e.uid, e.interval.start, e.interval.end) for e in read(raw).events)


def theirs(raw: bytes) -> Instants:
    whole = icalendar.Calendar.from_ical(raw)
    start, end = SPRINT.start.astimezone(PARIS), SPRINT.end.astimezone(PARIS)
    return sorted(
        (str(e["UID"]), e["DTSTART"].dt.astimezone(UTC), e["DTEND"].dt.astimezone(UTC))
        for e in recurring_ical_events.of(whole).between(start, end)
    )


def timed(read_all: Callable[[bytes], Instants], raw: bytes) -> tuple[float, Instants]:
    start = perf_counter()
    found = read_all(raw)
    return perf_counter() - start, found


def test_ten_thousand_events_are_read_in_a_sixth_of_the_libraries_time() -> None:
    raw = a_busy_decade()
    assert ours(raw)  # so that neither side pays for imports
    runs = [(timed(ours, raw), timed(theirs, raw)) for _ in range(RUNS)]
    for (_, mine), (_, reference) in runs:
        assert mine == reference and len(mine) > 500
    ratio = min(run[0][0] for run in runs) / min(run[1][0] for run in runs)
    assert ratio <= MOST, f"reading took {ratio:.3f} of the libraries' time"
    print(f"ratio {ratio:.4f}")
