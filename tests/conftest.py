"""Fixtures that several rooms use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.team import CONFIG, Team

if TYPE_CHECKING:
    from tests.postgres import Postgres

# no test touches the secrets and settings of whoever runs it
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

# what a test says must not depend on how fast the machine is
settings.register_profile("blocker", deadline=None)
settings.load_profile("blocker")


@pytest.fixture(scope="session", autouse=True)
def _settings(tmp_path_factory) -> None:
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("settings"))


@pytest.fixture
def team(tmp_path, monkeypatch) -> Team:
    for name in ("BLOCKER_CONFIG", "BLOCKER_AS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    small = Team(tmp_path)
    small.write("config.yaml", CONFIG)
    small.calendar("ana")
    small.calendar("ben")
    return small


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    from tests.postgres import running_postgres  # most test runs need none of it

    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres(postgres_server) -> Iterator[str]:
    """The URL of a fresh, empty database."""
    name = postgres_server.make_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path) -> str:
    """The URL of a store that is not there yet, on each database in turn."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres")
    return f"sqlite:///{tmp_path}/state/blocker.db"
