"""The promises of `calendars.base`, as tests that every provider's suite subclasses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blocker.calendars.base import Calendar, Fate, Put, Remove
from blocker.domain.errors import WrongUse
from blocker.domain.event import Event
from tests.calendars.texts import SPRINT, block, calendar, event

FOREIGN = event("SUMMARY:Foreign", uid=block().uid)


class CalendarContract:
    """Subclasses say how a calendar with some content is opened."""

    def open(self, content: bytes | None = None, *, writable: bool = True) -> Calendar:
        """A calendar with this content; None is one that holds nothing yet."""
        raise NotImplementedError

    @staticmethod
    def one(calendar: Calendar) -> Event:
        (found,) = calendar.events(SPRINT).events
        return found

    def test_an_empty_calendar_has_no_events(self) -> None:
        listing = self.open().events(SPRINT)
        assert listing.events == () and listing.troubles == ()

    def test_a_block_is_read_back_as_it_was_put(self) -> None:
        calendar = self.open()
        (receipt,) = calendar.apply([Put(block(part=2, parts=3))])
        assert receipt.fate is Fate.DONE
        found = self.one(calendar)
        assert found == receipt.event
        assert found.interval == block().interval and found.title == block().title
        assert found.mark is not None
        assert (found.mark.task, found.mark.sprint) == ("T-014", "S27")
        assert (found.mark.part, found.mark.parts) == (2, 3)
        assert found.is_busy and found.is_own and not found.others_invited
        assert found.categories == ("Work block", "Q1-leads")

    def test_putting_the_same_block_again_is_already(self) -> None:
        calendar = self.open()
        calendar.apply([Put(block())])
        before = self.one(calendar)
        (receipt,) = calendar.apply([Put(block())])
        assert receipt.fate is Fate.ALREADY
        assert receipt.event == before == self.one(calendar)

    def test_a_move_with_the_right_revision_is_done(self) -> None:
        calendar = self.open()
        calendar.apply([Put(block())])
        before = self.one(calendar)
        moved = block(start="06T1400", end="06T1530")
        (receipt,) = calendar.apply([Put(moved, before.revision)])
        assert receipt.fate is Fate.DONE
        assert self.one(calendar).interval == moved.interval
        assert self.one(calendar).revision not in ("", before.revision)

    def test_a_move_with_another_revision_is_changed_and_writes_nothing(self) -> None:
        calendar = self.open()
        calendar.apply([Put(block())])
        before = self.one(calendar)
        (receipt,) = calendar.apply([Put(block(start="06T1400", end="06T1530"), "other")])
        assert receipt.fate is Fate.CHANGED
        assert receipt.event == before == self.one(calendar)

    def test_a_new_block_where_another_event_of_its_uid_stands_is_changed(self) -> None:
        calendar = self.open()
        calendar.apply([Put(block())])
        (receipt,) = calendar.apply([Put(block(start="06T1400", end="06T1530"))])
        assert receipt.fate is Fate.CHANGED

    def test_a_move_of_what_was_deleted_is_changed(self) -> None:
        calendar = self.open()
        (receipt,) = calendar.apply([Put(block(), "some revision")])
        assert receipt.fate is Fate.CHANGED and receipt.event is None
        assert calendar.events(SPRINT).events == ()

    def test_removing(self) -> None:
        calendar = self.open()
        calendar.apply([Put(block())])
        found = self.one(calendar)
        fates = [
            calendar.apply([write])[0].fate
            for write in (
                Remove(found.uid, "other"),
                Remove(found.uid),
                Remove(found.uid, found.revision),
                Remove(found.uid, found.revision),
            )
        ]
        assert fates == [Fate.CHANGED, Fate.CHANGED, Fate.DONE, Fate.ALREADY]
        assert calendar.events(SPRINT).events == ()

    def test_writes_are_answered_in_order_each_on_its_own(self) -> None:
        calendar = self.open()
        calendar.apply([Put(block())])
        other = block(task="T-020", start="07T0900", end="07T1000")
        receipts = calendar.apply(
            [Put(block(), "other"), Remove("x@blocker"), Put(other), Remove(block().uid, "other")]
        )
        assert [r.fate for r in receipts] == [Fate.ALREADY, Fate.ALREADY, Fate.DONE, Fate.CHANGED]
        assert len(calendar.events(SPRINT).events) == 2

    def test_a_block_taken_out_and_put_back_in_one_batch(self) -> None:
        calendar = self.open()
        calendar.apply([Put(block())])
        revision = self.one(calendar).revision
        moved = block(start="06T1400", end="06T1530")
        receipts = calendar.apply([Remove(moved.uid, revision), Put(moved)])
        assert [receipt.fate for receipt in receipts] == [Fate.DONE, Fate.DONE]
        assert self.one(calendar).interval == moved.interval

    def test_a_foreign_event_with_our_uid_is_never_written(self) -> None:
        calendar_ = self.open(calendar(FOREIGN))
        revision = self.one(calendar_).revision
        receipts = calendar_.apply([Put(block(), revision), Remove(block().uid, revision)])
        assert [receipt.fate for receipt in receipts] == [Fate.CHANGED, Fate.CHANGED]
        assert self.one(calendar_).title == "Foreign"

    def test_other_words_are_another_block(self) -> None:
        calendar = self.open()
        calendar.apply([Put(block())])
        found = self.one(calendar)
        renamed = replace(block(), title="Another title")
        assert calendar.apply([Put(renamed, found.revision)])[0].fate is Fate.DONE
        assert self.one(calendar).title == "Another title"

    def test_a_calendar_that_is_only_read_refuses_writes(self) -> None:
        calendar = self.open(writable=False)
        with pytest.raises(WrongUse, match="only read"):
            calendar.apply([Put(block())])

    def test_events_are_sorted_and_touch_the_window(self) -> None:
        content = calendar(
            event(uid="c@t", start="20270117T230000Z"),  # past the window's end in Paris
            event(uid="b@t", start="20270106T090000Z"),
            event(uid="a@t", start="20270106T090000Z"),
            event(uid="d@t", start="20270103T223000Z"),  # reaches into it
        )
        assert [e.uid for e in self.open(content).events(SPRINT).events] == ["d@t", "a@t", "b@t"]
