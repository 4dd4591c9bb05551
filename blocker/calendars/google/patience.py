"""Patience: trying again with pauses that grow, until a deadline."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from blocker.calendars.google.errors import Refusal
from blocker.calendars.google.wire import NoAnswer

LONGEST_PAUSE_SECONDS = 16.0


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
        self._pace = pace
        self._tries = 0
        self.deadline = pace.clock() + pace.seconds

    def wait(self, problem: Refusal | NoAnswer) -> None:
        """Pause before the next try; raises the problem where trying again is no use or too late.

        As long as Google asks for, else longer each time, with a share of chance so that many who
        were refused together do not come back together.
        """
        asked = problem.wait_seconds if isinstance(problem, Refusal) else None
        if isinstance(problem, Refusal) and not problem.is_passing:
            raise problem
        if isinstance(problem, NoAnswer) and problem.is_final:
            raise problem
        most = min(2.0**self._tries, LONGEST_PAUSE_SECONDS)
        pause = most * (0.5 + self._pace.chance() / 2)
        pause = pause if asked is None else asked + pause / 4
        if self._pace.clock() + pause >= self.deadline:
            raise problem
        self._tries += 1
        self._pace.sleep(pause)
