"""Whatever people and servers do in between, `book` keeps its word (a state machine).

After every booking each task has all its minutes or is said to lack them, nothing of other
people's was touched, no block stands twice, and booking again changes nothing.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from blocker.calendars.base import Calendar, Heard, Receipt, Write, unheard
from blocker.commands.book import Request, book
from blocker.commands.undo import undo
from blocker.domain.errors import Refused
from blocker.domain.finding import Code, Finding, Severity
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef, Member
from blocker.workspace import Workspace
from tests.dav_servers import radicale
from tests.desks import GoogleDesk, Seen, blocks_on
from tests.offices import AFTER, BEFORE, Office, dav_office, google_office, ics_office

__all__ = ["radicale"]  # a fixture

DAYS = [datetime(2027, 1, day, tzinfo=UTC) for day in (4, 5, 8, 14, 16)]
"""A Saturday among them, on which nobody works."""


class PowerGoes(Exception):
    """The program is no more."""


class Failing:
    """A calendar that carries out so many writes, and then the power goes."""

    def __init__(self, calendar: Calendar, count: int, *, is_heard: bool) -> None:
        self._calendar, self._count, self._is_heard = calendar, count, is_heard

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calendar, name)

    def apply(self, writes: Sequence[Write], heard: Heard = unheard) -> list[Receipt]:
        self._calendar.apply(writes[: self._count], heard if self._is_heard else unheard)
        raise PowerGoes


@dataclass(frozen=True)
class FailingWorkspace(Workspace):
    """All calendars of blocks fail after so many writes."""

    count: int = 0
    is_heard: bool = False

    def calendar(self, ref: CalendarRef, member: Member, *, writable: bool = False) -> Calendar:
        calendar = super().calendar(ref, member, writable=writable)
        return Failing(calendar, self.count, is_heard=self.is_heard) if writable else calendar


class AnyOrder(RuleBasedStateMachine):
    def __init__(self, opened: Callable[[Path], AbstractContextManager[Office]]) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="any-order-"))
        self.office = self.stack.enter_context(opened(Path(folder)))
        self.desk = self.office.desks["ana"]
        self.estimates = {"T-1": 5, "T-2": 3, "T-3": 2}
        self.theirs: dict[str, object] = {}
        self.deleted: list[tuple[str, Callable[[], object]]] = []
        self.brought_back: set[str] = set()
        self.booked: dict[str, tuple[datetime, datetime]] = {}
        self.a_meeting_comes(2, 8, 1)
        self.book()

    def teardown(self) -> None:
        self.stack.close()

    def tasks(self) -> Path:
        rows = [
            f"{name},Work of {name},ana,{hours}h,{name[-1]},,,,,"
            for name, hours in self.estimates.items()
        ]
        return self.office.machine.folder / self.office.machine.tasks(*rows)

    def one_of(self, data: st.DataObject) -> Seen:
        return data.draw(st.sampled_from(self.blocks()))

    def blocks(self) -> list[Seen]:
        """Those that are not a person's own."""
        return [one for one in blocks_on(self.desk) if one.name not in self.theirs]

    @rule()
    def book(self) -> None:
        promised = book(self.office.machine.open(), Request(self.tasks(), dry_run=True))
        with self.the_program_runs():
            booking = book(self.office.machine.open(), Request(self.tasks()))
        assert booking.errors == ()
        assert [one.changes for one in booking.members] == [one.changes for one in promised.members]
        lacking = {one.task for member in booking.members for one in member.unbooked}
        assert {one.task for one in self.errors()} <= lacking
        before = self.office.all_there_is()
        again = self.office.machine.booked()
        assert {change.kind for one in again.members for change in one.changes} <= {"keep"}
        assert self.office.all_there_is() == before

    def errors(self) -> list[Finding]:
        """What the auditor finds, but for a person's own copies, which are not ours to move."""
        findings = self.office.machine.audited().members[0].findings
        by_person = {*self.theirs, *self.brought_back}
        copies = [
            Interval(one.start, one.end) for one in blocks_on(self.desk) if one.name in by_person
        ]
        return [
            one
            for one in findings
            if one.severity is Severity.ERROR
            and one.code is not Code.OUT_OF_ORDER
            and not (one.span and any(one.span.overlaps(copy) for copy in copies))
        ]

    @rule()
    def the_last_run_is_undone(self) -> None:
        """What a person has touched stays as it is."""
        touched = [one for one in self.blocks() if self.is_touched(one)]
        with self.the_program_runs(), contextlib.suppress(Refused):
            undo(self.office.machine.open())
        assert set(touched) <= set(self.blocks())

    @rule(task=st.sampled_from(["T-1", "T-2", "T-3"]), hours=st.integers(1, 30))
    def an_estimate_changes(self, task: str, hours: int) -> None:
        self.estimates[task] = hours

    @contextlib.contextmanager
    def the_program_runs(self) -> Iterator[None]:
        """What it gave another time is no longer touched."""
        before = {one.name: (one.start, one.end) for one in self.blocks()}
        yield
        for one in self.blocks():
            if before.get(one.name) != (one.start, one.end):
                self.booked.pop(one.name, None)

    def is_touched(self, block: Seen) -> bool:
        """A person gave it another time than it had when it was last booked."""
        return self.booked.get(block.name, (block.start, block.end)) != (block.start, block.end)

    def touch(self, block: Seen, start: datetime, end: datetime) -> None:
        if not self.is_touched(block):
            self.booked[block.name] = block.start, block.end
        self.desk.move(block.name, start, end)

    # What people do

    @precondition(blocks)
    @rule(data=st.data(), day=st.sampled_from(DAYS), hour=st.integers(6, 17))
    def a_person_moves_a_block(self, data: st.DataObject, day: datetime, hour: int) -> None:
        block = self.one_of(data)
        start = day + timedelta(hours=hour)
        self.touch(block, start, start + (block.end - block.start))

    @precondition(blocks)
    @rule(data=st.data(), day=st.sampled_from(DAYS), hour=st.integers(6, 17))
    def a_person_copies_a_block(self, data: st.DataObject, day: datetime, hour: int) -> None:
        block = self.one_of(data)
        start = day + timedelta(hours=hour)
        name = self.desk.copy(block.name, start, start + (block.end - block.start))
        self.theirs[name] = self.desk.everything()[name]

    @precondition(blocks)
    @rule(data=st.data(), minutes=st.sampled_from([5, 30, 60]))
    def a_person_shortens_a_block(self, data: st.DataObject, minutes: int) -> None:
        block = self.one_of(data)
        end = max(block.start + timedelta(minutes=5), block.end - timedelta(minutes=minutes))
        self.touch(block, block.start, end)

    @precondition(blocks)
    @rule(data=st.data())
    def a_person_deletes_a_block(self, data: st.DataObject) -> None:
        name = self.one_of(data).name
        self.deleted.append((name, self.desk.delete(name)))

    @precondition(lambda self: self.deleted)
    @rule()
    def a_person_wants_the_block_back(self) -> None:
        name, bring_back = self.deleted.pop()
        bring_back()
        self.brought_back.add(name)

    @rule(day=st.integers(0, 11), hour=st.integers(7, 16), hours=st.integers(1, 8))
    def a_meeting_comes(self, day: int, hour: int, hours: int) -> None:
        start = DAYS[0] + timedelta(days=day, hours=hour)
        name = self.desk.put("Meeting", start, start + timedelta(hours=hours))
        self.theirs[name] = self.desk.everything()[name]

    # What goes wrong

    @rule(count=st.integers(0, 4), is_heard=st.booleans())
    def the_power_goes_while_it_books(self, count: int, is_heard: bool) -> None:
        with self.the_program_runs(), contextlib.suppress(PowerGoes):
            book(self.failing(count, is_heard), Request(self.tasks()))

    @rule(count=st.integers(0, 4), is_heard=st.booleans())
    def the_power_goes_while_it_undoes(self, count: int, is_heard: bool) -> None:
        with self.the_program_runs(), contextlib.suppress(PowerGoes, Refused):
            undo(self.failing(count, is_heard))

    def failing(self, count: int, is_heard: bool) -> Workspace:
        whole = self.office.machine.open()
        given = {one.name: getattr(whole, one.name) for one in fields(whole)}
        return FailingWorkspace(**given, count=count, is_heard=is_heard)

    @precondition(lambda self: self.office.road)
    @rule(number=st.integers(1, 3), when=st.sampled_from([BEFORE, AFTER]))
    def a_connection_breaks(self, number: int, when: str) -> None:
        """Some later write, or its answer, does not get through."""
        self.office.road.befalls(number, when, lambda: None, of_writes=True, breaks=True)

    @precondition(lambda self: isinstance(self.desk, GoogleDesk))
    @rule()
    def google_forgets_what_was_read(self) -> None:
        self.desk.calendar.expire_sync_tokens()

    @invariant()
    def other_peoples_events_are_as_they_were(self) -> None:
        there = self.desk.everything()
        assert {name: there[name] for name in self.theirs} == self.theirs

    @invariant()
    def no_block_stands_twice(self) -> None:
        """But for those that a person took out of the bin when they were booked anew already."""
        uids = [one.uid for one in self.blocks() if one.name not in self.brought_back]
        assert len(uids) == len(set(uids))


def run(opened: Callable[[Path], AbstractContextManager[Office]], examples: int, steps: int):
    run_state_machine_as_test(
        lambda: AnyOrder(opened),
        settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None),
    )


def test_in_files():
    run(ics_office, 25, 12)


def test_on_radicale(radicale):
    run(partial(dav_office, server=radicale), 4, 20)


def test_on_google():
    run(google_office, 4, 20)
