"""A small team for the tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocker.domain.team import Team
from blocker.intake.config import Config, load
from tests.intake.samples import MINIMAL, Loader


@pytest.fixture
def read_config(tmp_path: Path) -> Loader:
    """Load a config from its text."""

    def read(text: str) -> Config:
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, {})

    return read


@pytest.fixture
def team(read_config: Loader) -> Team:
    return read_config(MINIMAL).team


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "tasks.csv"
