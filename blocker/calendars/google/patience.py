"""Patience: trying again with pauses that grow, until a deadline."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from blocker.calendars.google.errors import Refusal
from blocker.calendars.google.wire import NoAnswer
from blocker.calendars.web.patience import Pauses


@dataclass(frozen=True, slots=True)
class Pace:
    """How long Google is given, and how time passes; tests bring their own.

    `clock` never goes back; `chance` gives 0 to below 1.
    """

    seconds: float = 60.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random


class Patience:
    """One piece of work with Google, such as reading one calendar, from its beginning on."""

    def __init__(self, pace: Pace) -> None:
        self.deadline = pace.clock() + pace.seconds
        self._pauses = Pauses(self.deadline, pace.clock, pace.sleep, pace.chance)

    def wait(self, problem: Refusal | NoAnswer) -> None:
        """Pause before the next try; raises the problem where one is no use or comes too late."""
        asked = problem.wait_seconds if isinstance(problem, Refusal) else None
        if isinstance(problem, Refusal) and not problem.is_passing:
            raise problem
        if isinstance(problem, NoAnswer) and problem.is_final:
            raise problem
        if not self._pauses.take(asked):
            raise problem
