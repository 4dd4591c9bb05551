"""Texts that several tests of this room begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from blocker.domain.errors import WrongInput
from blocker.domain.task import After, Task
from blocker.domain.team import Team
from blocker.intake.config import Config
from blocker.intake.tasks_file import TaskTable, read_tasks

MINIMAL = """\
team:
  name: Northwind Marketing
  timezone: Europe/Paris
  hours: {mon-fri: 09:00-12:30 13:30-18:00}
sprints: {first: 2026-01-05, length: 2 weeks}
members:
  - id: ana
    name: Ana Ruiz
    email: ana@northwind.example
  - id: ben
    name: Ben Carter
    email: ben@northwind.example
    timezone: America/New_York
"""

Loader = Callable[[str], Config]

HEADER = "id,title,owner,estimate,priority,due,not_before,after,outcome,campaign,sprint\n"


def read(path: Path, team: Team, data: str | bytes | None, **options: Any) -> TaskTable:
    """Read a tasks file with this content; None leaves the file as it is."""
    if data is not None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    settled: dict[str, Any] = {"columns": {}, "locale": None, "known": {}} | options
    return read_tasks(path, team=team, **settled)


def wrong(path: Path, team: Team, data: str | bytes | None, **options: Any) -> str:
    """The whole message about a tasks file that is wrong."""
    with pytest.raises(WrongInput) as caught:
        read(path, team, data, **options)
    return str(caught.value)


def stored(**after: str) -> dict[str, Task]:
    """Tasks that a store has, by id with _ for -, and what each waits for: `stored(T_1="T-2")`."""
    waits = {name.replace("_", "-"): text.split() for name, text in after.items()}
    return {
        name: Task(name, "x", "ana", timedelta(hours=1), after=tuple(After(one) for one in ids))
        for name, ids in waits.items()
    }
