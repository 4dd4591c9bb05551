"""Fixtures of the calendar room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calendars.google_worlds import ANA, World
from tests.google_server import GoogleServer


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Google with Ana in it, who has signed in."""
    with GoogleServer() as google:
        google.account(ANA)
        found = World(google, tmp_path)
        found.sign_in()
        yield found
