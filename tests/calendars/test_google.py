"""The Google provider against a server that behaves as Google's documents say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blocker.calendars.base import Calendar, Fate, Put
from tests.calendars.contract import CalendarContract
from tests.calendars.google_worlds import ANA, World, put_ics
from tests.calendars.texts import SPRINT, block
from tests.google_server import GoogleServer


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with GoogleServer() as google:
        google.account(ANA)
        found = World(google, tmp_path)
        found.sign_in()
        yield found


class TestGoogle(CalendarContract):
    @pytest.fixture(autouse=True)
    def _world(self, world: World) -> None:
        self.world = world

    def open(self, content: bytes | None = None, *, writable: bool = True) -> Calendar:
        if content is not None:
            put_ics(self.world.google, content)
        return self.world.open(writable=writable)


def test_twelve_blocks_cost_one_read_one_batch_and_one_read_of_changes(world: World):
    calendar = world.open()
    calendar.events(SPRINT)
    puts = [Put(block(part=k, parts=12, start=f"{k + 4:02d}T0900", end=f"{k + 4:02d}T1000"))
            for k in range(1, 13)]  # fmt: skip
    receipts = calendar.apply(puts)
    found = calendar.events(SPRINT).events
    assert {one.fate for one in receipts} == {Fate.DONE}
    assert sorted(found, key=lambda e: e.uid) == sorted(
        (one.event for one in receipts if one.event), key=lambda e: e.uid
    )
    assert world.google.names() == ["calendar.events.list", "batch", "calendar.events.list"]
    first, last = world.google.asked("calendar.events.list")
    assert first.first("syncToken") is None and last.first("syncToken")
