"""The wire to Google: HTTP from any thread, over the proxies of the system.

Credentials go to the address that was asked and nowhere else.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from blocker.calendars.web.failures import Failure, TooLarge
from blocker.calendars.web.line import Line, Meter

CONNECT_SECONDS = 10.0
SILENT_SECONDS = 30.0
"""So long may a server say nothing in the middle of an answer."""
MOST_BYTES = 40_000_000
"""Of one answer, unpacked; a full page of events is a tenth of that."""

Clock = Callable[[], float]


class NoAnswer(Exception):
    """No answer that could be used; the message is a plain clause.

    `is_final`: asking again would bring the same.
    """

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


@dataclass(slots=True)
class Answer:
    """One HTTP answer; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    data: bytes


@dataclass
class Wire:
    """Asks over HTTP, from any thread; lines are kept and used again."""

    clock: Clock = time.monotonic
    _idle: deque[Line] = field(default_factory=deque)

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: str | bytes | None,
        deadline: float,
    ) -> Answer:
        """One request, one answer; redirects are answers too.

        `deadline` is by the wire's clock.  Raises NoAnswer.
        """
        line = self._free_line()
        try:
            status, heard, data = line.ask(method, url, headers, body, deadline - self.clock())
        except TooLarge:
            limit = MOST_BYTES // 1_000_000
            raise NoAnswer(f"its answer is larger than {limit} MB", is_final=True) from None
        except Failure as problem:
            raise NoAnswer(f"it {problem.words}", is_final=bool(problem.advice)) from None
        finally:
            self._idle.append(line)
        return Answer(status, {name.lower(): value for name, value in heard.items()}, data)

    def _free_line(self) -> Line:
        try:
            return self._idle.pop()
        except IndexError:
            return Line(Meter(CONNECT_SECONDS, SILENT_SECONDS), MOST_BYTES, uses_proxies=True)
