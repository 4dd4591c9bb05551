"""Whatever people do to the calendar in between, `book` keeps its word (a state machine).

After every booking each task has all its minutes or is said to lack them, nothing of other
people's was touched, no block stands twice, and booking again changes nothing.
"""

import contextlib
import re
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from blocker.commands.undo import undo
from blocker.commands.writing import carry_out
from blocker.domain.errors import Refused
from tests.team import CONFIG, EMPTY, Team

THEIRS = (
    "BEGIN:VEVENT\r\nUID:theirs\r\nDTSTART:20270106T090000Z\r\nDTEND:20270106T100000Z\r\n"
    "SUMMARY:Dentist\r\nX-KEEP:me\r\nEND:VEVENT\r\n"
)


class Crash(Exception):
    """The power goes."""


class AnyOrder(RuleBasedStateMachine):
    @initialize()
    def a_team(self):
        self.folder = Path(tempfile.mkdtemp(prefix="any-order-"))
        self.team = Team(self.folder)
        self.team.write("config.yaml", CONFIG)
        self.team.calendar("ana")
        self.team.calendar("ben")
        self.team.write("out/ana.ics", EMPTY.replace("END:VCALENDAR", THEIRS + "END:VCALENDAR"))
        self.meetings = []
        self.estimates = {"T-1": 5, "T-2": 3, "T-3": 2}
        self.book()

    def teardown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def rows(self):
        return [
            f"{name},Work of {name},ana,{hours}h,{name[-1]},,,,,"
            for name, hours in self.estimates.items()
        ]

    @rule()
    def book(self):
        booking = self.team.booked(*self.rows())
        lacking = {one.task for member in booking.members for one in member.unbooked}
        report = self.team.audited()
        errors = {
            one.task
            for one in report.members[0].findings
            if one.severity.value == "error" and one.code.value != "out_of_order"
        }
        assert errors <= lacking
        again = self.team.booked()
        assert {change.kind for one in again.members for change in one.changes} <= {"keep"}

    @rule(data=st.data())
    def a_person_moves_a_block(self, data):
        text = self.team.blocks("ana")
        starts = re.findall(r"DTSTART;TZID=Europe/Paris:(\d{8})T", text)
        if starts:
            day = data.draw(st.sampled_from(sorted(starts)))
            other = data.draw(st.sampled_from(["20270105", "20270108", "20270114", "20270116"]))
            self.team.edit("ana", f"Paris:{day}", f"Paris:{other}", count=2)

    @rule(data=st.data())
    def a_person_deletes_a_block(self, data):
        tasks = sorted({key.split("/")[0] for key in self.team.standing()})
        if tasks:
            self.team.delete("ana", data.draw(st.sampled_from(tasks)))

    @rule(day=st.integers(4, 15), hour=st.integers(8, 17), hours=st.integers(1, 8))
    def a_meeting_comes(self, day, hour, hours):
        end = min(23, hour + hours)
        self.meetings.append(
            f"DTSTART;TZID=Europe/Paris:202701{day:02d}T{hour:02d}0000\n"
            f"DTEND;TZID=Europe/Paris:202701{day:02d}T{end:02d}0000\nSUMMARY:Meeting"
        )
        self.team.calendar("ana", *self.meetings)

    @rule(task=st.sampled_from(["T-1", "T-2", "T-3"]), hours=st.integers(1, 30))
    def an_estimate_changes(self, task, hours):
        self.estimates[task] = hours

    @rule(is_written=st.booleans())
    def it_crashes_while_booking(self, is_written):
        def stop(_store, writings):
            for one in writings if is_written else ():
                one.calendar.apply(one.writes)
            raise Crash

        import blocker.commands.book as job

        job.carry_out = stop
        try:
            self.team.booked(*self.rows())
        except Crash:
            pass
        finally:
            job.carry_out = carry_out

    @rule()
    def the_last_run_is_undone(self):
        with contextlib.suppress(Refused):
            undo(self.team.open())

    @invariant()
    def other_peoples_events_are_as_they_were(self):
        if hasattr(self, "team"):
            assert THEIRS in self.team.blocks("ana")

    @invariant()
    def no_block_stands_twice(self):
        if hasattr(self, "team"):
            uids = re.findall(r"^UID:(.*)\r$", self.team.blocks("ana"), re.MULTILINE)
            assert len(uids) == len(set(uids))


AnyOrder.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestAnyOrder = AnyOrder.TestCase
