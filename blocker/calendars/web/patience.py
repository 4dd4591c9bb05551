"""Patience: pauses between tries, longer each time, until a deadline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LONGEST_PAUSE_S = 16.0


@dataclass(slots=True)
class Pauses:
    """The pauses of one piece of work, such as one request.

    `deadline` is in seconds on `clock`, which never goes back; `chance` gives 0 to below 1.
    """

    deadline: float
    clock: Callable[[], float]
    sleep: Callable[[float], object]
    chance: Callable[[], float]
    _taken: int = 0

    def take(self, asked: float | None) -> bool:
        """Pause before the next try; False, at once, where that would be too late.

        As long as the server asks for, else longer each time, with a share of chance so that many
        who were refused together do not come back together.
        """
        pause = min(2.0**self._taken, LONGEST_PAUSE_S) * (0.5 + self.chance() / 2)
        if asked is not None:
            pause = asked + pause / 4
        if self.clock() + pause >= self.deadline:
            return False
        self._taken += 1
        self.sleep(pause)
        return True
