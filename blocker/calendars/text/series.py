"""Series: the VEVENTs of one UID turned into the instances that touch a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

from blocker.calendars.text.event_reading import Fault, Reader, Reading
from blocker.calendars.text.event_times import Times
from blocker.calendars.text.expansion import Budget, TooMuchWork, expand
from blocker.calendars.text.overrides import Overrides, day_meant, key_of, shift_of
from blocker.calendars.text.recurrence import Rule, Until
from blocker.calendars.text.values import Length, NotUnderstood, Stamp, utc_text
from blocker.domain.event import Event
from blocker.domain.interval import Interval

MOST_A_DAY = 100
"""An event that repeats more often than so many times a day is taken for a mistake."""
STEPS_PER_EVENT = 40_000
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Found:
    """What the VEVENTs of one UID come to in a window."""

    events: list[tuple[Reading, Event]] = field(default_factory=list)
    faults: list[tuple[Reading, Fault]] = field(default_factory=list)

    def certain(self, window: Interval) -> list[Event]:
        """The instances in the window that come from VEVENTs which can be trusted."""
        return [
            event
            for reading, event in self.events
            if not reading.is_doubted and event.interval.overlaps(window)
        ]

    def of(self, reading: Reading) -> list[Event]:
        """The instances that one VEVENT gave."""
        return [event for source, event in self.events if source is reading]


def instances(
    readings: Sequence[Reading], window: Interval, reader: Reader, budget: Budget
) -> Found:
    """The instances of one UID that touch the window, and what of it cannot be understood.

    Of several masters the one with the highest SEQUENCE counts; of equals all do.  A moved
    instance takes the place of the one it names; one whose series is missing counts by itself.
    """
    found = Found()
    usable = [reading for reading in readings if reading.times is not None]
    for reading in readings:
        found.faults += [(reading, fault) for fault in reading.faults]
    masters = [r for r in usable if r.times and r.times.recurrence is None]
    newest = max((reading.sequence for reading in masters), default=0)
    first = next((reading.times.start for reading in masters if reading.times), None)
    overrides = Overrides([r for r in usable if r.times and r.times.recurrence], reader, first)
    names: dict[str, set[datetime]] = {}
    for master in (reading for reading in masters if reading.sequence == newest):
        series = _Series(master, overrides, window, reader, found)
        for reading, event in series.events(budget):
            taken = names.setdefault(event.instance, set())
            if event.interval.start in taken:
                continue
            if taken:  # another event under the same UID: it needs a name of its own
                event = replace(event, instance=utc_text(event.interval.start))
            taken.add(event.interval.start)
            found.events.append((reading, event))
    for key, reading in overrides.single.items():
        _add_override(found, reading, key, window, reader)
    return found


def _add_override(
    found: Found, reading: Reading, key: str, window: Interval, reader: Reader
) -> None:
    assert reading.times is not None
    try:
        interval = _interval(reading.times.start, reading.times.length, reader)
    except NotUnderstood as problem:
        found.faults.append((reading, Fault(f"the event {problem}", reading.offset, True)))
        return
    if interval and interval.overlaps(window):
        found.events.append((reading, reading.event(reader, key, interval)))


def _interval(start: Stamp, length: Length, reader: Reader) -> Interval | None:
    """The instants from a start on, None when it has no length."""
    home = reader.clocks.home
    begin = start.at(home)
    end = length.end_of(start.wall, start.zone, home, start.is_date)
    return Interval(begin, end) if begin < end else None


class _Series:
    """One master VEVENT in one window."""

    def __init__(
        self,
        master: Reading,
        overrides: Overrides,
        window: Interval,
        reader: Reader,
        found: Found,
    ) -> None:
        assert master.times is not None
        self.master = master
        self.times: Times = master.times
        self.overrides = overrides
        self.window = window
        self.reader = reader
        self.found = found
        self.home = reader.clocks.home
        self.zone: tzinfo | None = None if self.times.start.is_date else self.times.start.zone

    def events(self, budget: Budget) -> Iterator[tuple[Reading, Event]]:
        """Its instances, each with the VEVENT whose words hold for it."""
        try:
            for stamp, length in self._stamps(budget):
                found = self._event(stamp, length)
                if found:
                    yield found
        except NotUnderstood as problem:
            self._fault(f"the event cannot be placed: {problem}")

    def _fault(self, message: str) -> None:
        self.found.faults.append((self.master, Fault(message, self.master.offset)))

    def _event(self, stamp: Stamp, length: Length) -> tuple[Reading, Event] | None:
        key = key_of(stamp, self.reader)
        if key in self.overrides.single:
            return None
        source, start = self.master, stamp
        changed = self.overrides.since(stamp.at(self.home)) if self.overrides.from_then else None
        if changed and changed.times:
            zone = changed.times.start.zone
            wall = stamp.shown_in(zone, self.home) + shift_of(changed)
            start = Stamp(wall, zone, changed.times.start.is_date)
            source, length = changed, changed.times.length
        interval = _interval(start, length, self.reader)
        if interval is None or not interval.overlaps(self.window):
            return None
        repeats = self.times.repeats or bool(self.overrides.single)
        return source, source.event(self.reader, key if repeats else "", interval)

    def _stamps(self, budget: Budget) -> Iterator[tuple[Stamp, Length]]:
        """The moments of the series that may matter, EXDATEs taken out, sorted."""
        times = self.times
        walls: dict[datetime, Length] = {}
        if not times.rules or not all(self._is_over(rule) for rule in times.rules):
            walls[times.start.wall] = times.length
        if times.repeats:
            low, high = self._bounds()
            walls |= dict.fromkeys(self._expanded(times.rules, low, high, budget), times.length)
            for date, length in times.dates:
                walls[self._wall(date)] = length or times.length
            for wall in self._expanded(times.not_rules, low, high, budget):
                walls.pop(wall, None)
        days, moments = self._excluded()
        for wall in sorted(walls):
            stamp = Stamp(wall, self.zone, times.start.is_date)
            if (days and wall.date() in days) or (moments and stamp.at(self.home) in moments):
                continue
            yield stamp, walls[wall]

    def _bounds(self) -> tuple[datetime, datetime]:
        zone = self.zone or self.home
        reach = self.overrides.reach() + _DAY
        longest = max(
            [self.times.length.about, *(length.about for _, length in self.times.dates if length)]
        )
        try:
            low = self.window.start.astimezone(zone).replace(tzinfo=None) - longest - reach
            high = self.window.end.astimezone(zone).replace(tzinfo=None) + reach
        except OverflowError:
            raise NotUnderstood("a year is out of range") from None
        return low, high

    def _wall(self, stamp: Stamp) -> datetime:
        if self.times.start.is_date:
            wall = stamp.shown_in(self.home, self.home)
            return wall.replace(hour=0, minute=0, second=0)
        if stamp.is_date:  # a date in a series of times: at the series' time of day
            return datetime.combine(stamp.wall.date(), self.times.start.wall.time())
        return stamp.shown_in(self.zone, self.home)

    def _expanded(
        self, rules: Sequence[Rule], low: datetime, high: datetime, budget: Budget
    ) -> set[datetime]:
        found: set[datetime] = set()
        most = MOST_A_DAY * ((high - low).days + 2)
        for rule in rules:
            own = Budget(min(STEPS_PER_EVENT, max(0, budget.steps)))
            before = own.steps
            walls: set[datetime] = set()
            try:
                last = self._last(rule, high)
                for wall in expand(rule, self.times.start.wall, low, last, own):
                    walls.add(wall)
                    if len(walls) > most:
                        raise TooMuchWork
                found |= walls
            except TooMuchWork:
                self._fault("the event repeats too often to be worked out")
            budget.steps -= before - max(0, own.steps)
        return found

    def _last(self, rule: Rule, high: datetime) -> datetime:
        return high if rule.until is None else min(high, self._until(rule.until))

    def _until(self, until: Until) -> datetime:
        """The last wall time that UNTIL allows; a date allows the whole of that day."""
        if self.times.start.is_date:
            return until.wall.replace(hour=0, minute=0, second=0)
        if until.is_date:
            return until.wall + _DAY - timedelta(seconds=1)
        if until.is_utc:
            return Stamp(until.wall, UTC).shown_in(self.zone, self.home)
        return until.wall

    def _is_over(self, rule: Rule) -> bool:
        """It ended before the series began, which is how some calendars delete one."""
        return rule.until is not None and self._until(rule.until) < self.times.start.wall

    def _excluded(self) -> tuple[set[object], set[datetime]]:
        days: set[object] = set()
        moments: set[datetime] = set()
        for stamp in self.times.not_dates:
            if stamp.is_date:
                days.add(stamp.wall.date())
            elif self.times.start.is_date:
                days.add(day_meant(stamp, self.home).date())
            else:
                moments.add(stamp.at(self.home))
        return days, moments
