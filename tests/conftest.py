"""Fixtures that several rooms use."""

import pytest
from hypothesis import settings

from tests.team import CONFIG, Team

# what a test says must not depend on how fast the machine is
settings.register_profile("blocker", deadline=None)
settings.load_profile("blocker")


@pytest.fixture
def team(tmp_path, monkeypatch) -> Team:
    for name in ("BLOCKER_CONFIG", "BLOCKER_AS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    small = Team(tmp_path)
    small.write("config.yaml", CONFIG)
    small.calendar("ana")
    small.calendar("ben")
    return small
