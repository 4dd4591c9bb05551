"""Answers about one task: why it stands where it stands or nowhere, and what a fix changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blocker.domain.plan import Remedy
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task


@dataclass(frozen=True, slots=True)
class Fix:
    """What applying a remedy changes.

    `before` and `after` are the tasks it touches, a new one only in `after`; `sprints` names their
    sprints by number.  `limit` says in words
    which day's limit is raised.  `ask` is what a person has to be asked, since no program can do
    it; then nothing is changed.  `is_done`: it was saved.
    """

    task: Task
    number: int
    remedy: Remedy
    sprint: Sprint
    sprints: Mapping[int, str]
    before: tuple[Task, ...] = ()
    after: tuple[Task, ...] = ()
    limit: str | None = None
    ask: str | None = None
    is_done: bool = False
