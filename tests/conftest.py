"""Fixtures that several rooms use."""

import pytest

from tests.team import CONFIG, Team


@pytest.fixture
def team(tmp_path, monkeypatch) -> Team:
    for name in ("BLOCKER_CONFIG", "BLOCKER_AS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    small = Team(tmp_path)
    small.write("config.yaml", CONFIG)
    small.calendar("ana")
    small.calendar("ben")
    return small
