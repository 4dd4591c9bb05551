"""Half-open spans of time and the algebra of sorted lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open span of UTC instants, ``start <= t < end``.

    Any aware datetime is accepted and kept as UTC, so that equal spans are equal values and
    ``length`` is elapsed time, also across a clock change.  Raises ValueError when a bound has no
    zone or when start is not before end.

    >>> noon = datetime(2027, 1, 4, 12, tzinfo=UTC)
    >>> Interval(noon, noon + timedelta(hours=2)).length
    datetime.timedelta(seconds=7200)
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs instants with a zone")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError(f"an interval starts before it ends, not {self.start} - {self.end}")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def minutes(self) -> int:
        """Elapsed whole minutes, rounded down."""
        return int(self.length / timedelta(minutes=1))

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Interval) -> bool:
        return self.start <= other.start and other.end <= self.end

    def holds(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def meet(self, other: Interval) -> Interval | None:
        """What both share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None

    def widen(self, by: timedelta) -> Interval:
        return Interval(self.start - by, self.end + by)


def merge(spans: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time as disjoint, sorted spans; touching ones become one."""
    merged: list[Interval] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)


def intersect(left: Iterable[Interval], right: Iterable[Interval]) -> tuple[Interval, ...]:
    """The time that lies in both, as disjoint, sorted spans."""
    a, b = merge(left), merge(right)
    shared: list[Interval] = []
    i = j = 0
    while i < len(a) and j < len(b):
        both = a[i].meet(b[j])
        if both:
            shared.append(both)
        if a[i].end <= b[j].end:
            i += 1
        else:
            j += 1
    return tuple(shared)


def subtract(left: Iterable[Interval], right: Iterable[Interval]) -> tuple[Interval, ...]:
    """The time of `left` that is not in `right`, as disjoint, sorted spans."""
    holes = merge(right)
    rest: list[Interval] = []
    first = 0
    for span in merge(left):
        start = span.start
        while first < len(holes) and holes[first].end <= start:
            first += 1
        k = first
        while k < len(holes) and holes[k].start < span.end:
            if holes[k].start > start:
                rest.append(Interval(start, holes[k].start))
            start = max(start, holes[k].end)
            k += 1
        if start < span.end:
            rest.append(Interval(start, span.end))
    return tuple(rest)


def clip(spans: Iterable[Interval], window: Interval) -> tuple[Interval, ...]:
    """The parts of `spans` inside `window`, each span kept apart, in the order given."""
    return tuple(part for span in spans if (part := span.meet(window)))


def total(spans: Sequence[Interval]) -> timedelta:
    """Elapsed time covered, overlaps counted once."""
    return sum((span.length for span in merge(spans)), timedelta())


def duration_text(span: timedelta) -> str:
    """A length as people write it, in whole minutes rounded down.

    >>> duration_text(timedelta(minutes=90)), duration_text(timedelta(hours=30))
    ('1h30', '30h')
    """
    hours, minutes = divmod(span // timedelta(minutes=1), 60)
    if not hours:
        return f"{minutes}m"
    return f"{hours}h{minutes:02d}" if minutes else f"{hours}h"
