"""A small world for the auditor: one sprint, one or two members, events by hand."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blocker.auditing.acceptance import promised_tasks, sealed_findings
from blocker.auditing.audit import Question, audit
from blocker.auditing.evidence import CalendarsRead, Promise
from blocker.domain.commitment import Amendment, Commitment, Waiver
from blocker.domain.event import BlockMark, Event
from blocker.domain.hours import WallSpan, WorkingHours
from blocker.domain.interval import Interval
from blocker.domain.member import BlockRules, Member, Role
from blocker.domain.moment import parse_moment, resolve
from blocker.domain.sprint import SprintCalendar, SprintState
from blocker.domain.task import After, Task

PARIS = ZoneInfo("Europe/Paris")
SPRINT = SprintCalendar(date(2026, 1, 5), 14, "S{number}", PARIS).sprint(27)
"""S27: 4 to 17 January 2027."""


def when(text: str, hours: float = 1) -> Interval:
    """'4 10:00': that day of January 2027 by the clock in Paris."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    start = datetime(2027, 1, int(day), int(hour), int(minute), tzinfo=PARIS)
    return Interval(start, start + timedelta(hours=hours))


@dataclass
class World:
    """Tasks and events of members, and the audit of them."""

    tasks: list[Task] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=dict)
    rules: BlockRules = field(default_factory=BlockRules)
    time_off: tuple[Interval, ...] = ()
    holidays: frozenset[date] = frozenset()
    troubles: tuple = ()
    unreadable: tuple = ()
    names_meetings_of: frozenset[str] = frozenset()
    day_limits: dict[tuple[str, date], timedelta] = field(default_factory=dict)
    serial: int = 0
    commitment: Commitment | None = None
    missed: dict[str, tuple[Interval, ...]] = field(default_factory=dict)
    amendments: tuple[Amendment, ...] = ()
    now: datetime = SPRINT.interval.start

    def task(self, name="T-1", title="Landing page", hours=2.0, owner="ana", **more) -> Task:
        for key in ("due", "not_before"):
            if key in more:
                more[key] = parse_moment(more[key])
        more["after"] = tuple(more.get("after", ()))
        more.setdefault("sprint", 27)
        task = Task(name, title, owner, timedelta(hours=hours), **more)
        self.tasks.append(task)
        return task

    def event(self, title, start, hours=1.0, member="ana", **more) -> Event:
        self.serial += 1
        span = start if isinstance(start, Interval) else when(start, hours)
        values = {"uid": f"e{self.serial}", "instance": "", **more}
        event = Event("ana.ics", interval=span, title=title, **values)
        self.events.setdefault(member, []).append(event)
        return event

    def block(self, task, start, hours=2.0, sprint="S27", member="ana", **more) -> Event:
        more.setdefault("title", f"Block of {task}")
        return self.event(
            more.pop("title"), start, hours, member, mark=BlockMark(task, sprint, 1, 1), **more
        )

    def member(self, name: str) -> Member:
        day = (WallSpan(9 * 60, 18 * 60),)
        hours = WorkingHours(PARIS, (day,) * 5 + ((), ()), holidays=self.holidays)
        return Member(name, name.title(), None, Role.MARKETER, hours, self.rules, self.time_off)

    def question(self, picked=("ana",)) -> Question:
        promises = [self.promise(task) for task in self.tasks if task.sprint == 27]
        elsewhere = [self.promise(task) for task in self.tasks if (task.sprint or 99) < 27]
        never = [task.id for task in self.tasks if task.sprint is None or task.sprint > 27]
        reads = [
            CalendarsRead(
                self.member(name),
                tuple(self.events.get(name, ())),
                self.troubles,
                self.unreadable,
            )
            for name in sorted({"ana", *(task.owner for task in self.tasks)})
        ]
        return Question(
            self.now,
            SPRINT,
            SprintState.ACCEPTED if self.commitment else SprintState.PLANNED,
            reads,
            frozenset(picked),
            promises,
            elsewhere,
            frozenset(never),
            self.names_meetings_of,
            day_limits=self.day_limits,
            commitment=self.commitment,
            amendments=self.amendments,
            tasks={task.id: task for task in self.tasks},
        )

    def audit(self, picked=("ana",)):
        return audit(self.question(picked))

    def accept(self, *waivers: Waiver) -> None:
        """As the manager accepts the sprint; what the calendars say now is the promise."""
        question = self.question(("ana", "ben"))
        report = audit(question)
        self.commitment = Commitment(
            "small",
            27,
            "S27",
            question.now,
            "maya",
            promised_tasks(report, {one.task.id: one for one in question.promises}),
            sealed_findings(report),
            waivers,
        )

    def change(self, event: Event, **more) -> None:
        """Somebody changes an event of ana's; with nothing named it goes."""
        own = self.events["ana"]
        place = own.index(event)
        own[place : place + 1] = [replace(event, **more)] if more else []

    def promise(self, task: Task) -> Promise:
        calendar = SprintCalendar(date(2026, 1, 5), 14, "S{number}", PARIS)
        sprint = calendar.sprint(task.sprint or 27)
        start, due = sprint.interval.start, sprint.interval.end
        if task.not_before:
            start = max(start, resolve(task.not_before, sprint, PARIS, "start"))
        if task.due:
            due = min(due, resolve(task.due, sprint, PARIS, "end"))
        missed = self.missed.get(task.id, ())
        return Promise(task, sprint.interval, sprint.name, start, due, missed)

    def codes(self, member="ana") -> set[str]:
        """code for warnings and info, CODE for errors."""
        report = self.audit((member,))
        return {
            one.code.value.upper() if one.severity.value == "error" else one.code.value
            for one in report.members[0].findings
        }

    def counted(self, task="T-1") -> float:
        """Hours that count for a task."""
        for member in self.audit(("ana", "ben")).members:
            for one in member.tasks:
                if one.task == task:
                    return one.counted / timedelta(hours=1)
        raise KeyError(task)


@pytest.fixture
def world() -> World:
    return World()


def after(task: str, **lag: float) -> After:
    return After(task, timedelta(**lag))
