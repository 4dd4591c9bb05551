"""A group's axis of time in whole units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from blocker.scheduling.free_time import Span


@dataclass(frozen=True, slots=True)
class Axis:
    """The group's unit and origin, in seconds."""

    unit: int
    origin: int

    def down(self, seconds: int) -> int:
        return (seconds - self.origin) // self.unit

    def up(self, seconds: int) -> int:
        return -((self.origin - seconds) // self.unit)

    def seconds(self, units: int) -> int:
        return units * self.unit + self.origin

    def span(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple((self.down(start), self.up(end)) for start, end in spans)
