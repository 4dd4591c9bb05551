"""Pulling: what somebody who finished early could take on."""

from __future__ import annotations

from dataclasses import dataclass

from blocker.domain.sprint import Sprint
from blocker.domain.task import Task


@dataclass(frozen=True, slots=True)
class Offer:
    """A task of the next sprint, or of the backlog, and whether the free time holds all of it."""

    task: Task
    member: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """The whole answer of `pull` without a task, in the order in which work is offered.

    `lacking` are the ids of tasks of the sprint itself that still lack time: they come first.
    """

    sprint: Sprint
    offers: tuple[Offer, ...]
    lacking: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
