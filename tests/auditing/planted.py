"""A team with a booked sprint, and what people and programs can do to one of its blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.desks import FileDesk, blocks_on
from tests.event_texts import Seen, foreign, moved
from tests.team import Team

ZONES = {
    "ana": ZoneInfo("Europe/Paris"),
    "ben": ZoneInfo("America/New_York"),
    "chloe": ZoneInfo("Europe/London"),
}
CONFIG = """\
team:
  id: three
  name: Three
  timezone: Europe/Paris
  hours: {mon-fri: 09:00-17:00}
  holidays: ES
  blocks: {per_day: 5h}
sprints: {first: 2026-01-05, length: 2 weeks, name: "S{number}"}
members:
""" + "".join(
    f"  - {{id: {name}, name: {name.title()}, email: {name}@three.example, timezone: {zone.key},\n"
    f"     calendars: {{busy: [{{ics: {name}.ics}}], blocks: {{ics: out/{name}.ics}}}}}}\n"
    for name, zone in ZONES.items()
).replace("id: ben,", "id: ben, role: manager,")

ROWS = (
    "T-1,Landing page,ana,3h,1,W2 Tue 12:00,W1 Tue,,,",
    "T-2,Newsletter draft,ana,1h,2,W2 Tue 12:00,W1 Tue,,,",
    "T-3,Press kit,ben,3h,1,W2 Tue 12:00,W1 Tue,,,",
    "T-4,Webinar script,ben,1h,2,W2 Tue 12:00,W1 Tue,,,",
    "T-5,Film cut,chloe,3h,1,W2 Tue 12:00,W1 Tue,,,",
    "T-6,Launch post,chloe,1h,2,W2 Thu 12:00,W2 Mon,T-1,,",
    "T-7,Press call,ben,1h,2,W2 Thu 12:00,W2 Mon,T-3,,",
)
AFTER = {"T-6": "T-1", "T-7": "T-3"}
"""Which task waits for which: a colleague's, and one's own; these are the later ones."""

MONDAY, EPIPHANY, SATURDAY, DUE, LATER_DUE, FRIDAY = 4, 6, 9, 12, 14, 15
"""Days of January 2027: before any task may begin, a holiday, a free day, the two days on which
tasks are due at noon, and after all are due."""

ON_CALENDARS = {"unreadable", "unplanned", "ambiguous", "unnamed", "over_day_limit"}
"""Codes that name no task."""

Said = tuple[str, str | None, str]
"""Whose, about which task, and the code: capitals for errors."""


@dataclass
class Place:
    """One block of one member, to be damaged; `due` gathers what the audit has to say."""

    team: Team
    member: str
    block: Seen
    due: set[Said] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.own_before = self.own

    @property
    def desk(self) -> FileDesk:
        return FileDesk(self.team.folder / "out" / f"{self.member}.ics")

    @property
    def own(self) -> list[Seen]:
        """The member's blocks as they are."""
        return blocks_on(self.desk)

    @property
    def length(self) -> timedelta:
        return self.block.end - self.block.start

    def at(self, day: int, hour: int) -> datetime:
        return datetime(2027, 1, day, hour, tzinfo=ZONES[self.member]).astimezone(UTC)

    def day_of(self, moment: datetime) -> int:
        return moment.astimezone(ZONES[self.member]).day

    @property
    def is_later(self) -> bool:
        return self.block.task in AFTER

    def free_day(self) -> int:
        """A working day inside the task's window, with nothing on it."""
        return 13 if self.is_later else 8

    def expect(self, *codes: str, task: str | None = None, member: str | None = None) -> None:
        """`GONE` is MISSING for a task's only block, else SHORT."""
        for code in codes:
            name = task or self.block.task
            if code == "GONE":
                alone = sum(one.task == name for one in self.own_before) == 1
                code = "MISSING" if alone else "SHORT"
            about = None if code.lower() in ON_CALENDARS else name
            self.due.add((member or self.member, about, code))

    # What people and programs do

    def rewrite(self, change: Callable[[str], str]) -> None:
        """The event's text becomes another."""
        text = self.desk.path.read_bytes().decode()
        old = self.desk.everything()[self.block.name]
        new = change(old)
        assert new != old
        self.desk.path.write_bytes(text.replace(old, new).encode())

    def line(self, name: str, value: str | None, *more: str) -> None:
        """One line gets another value, or goes; more lines are added."""

        def change(event: str) -> str:
            event = re.sub(r"\r\n[ \t]", "", event)
            event = re.sub(rf"^{name}[;:][^\r\n]*\r\n", "", event, flags=re.MULTILINE)
            lines = [*([] if value is None else [f"{name}{value}"]), *more]
            return event.replace("END:VEVENT", "\r\n".join([*lines, "END:VEVENT"]))

        self.rewrite(change)

    def unmark(self, title: str) -> None:
        """Another program keeps the event without our properties, a person writes this title."""
        for name in ("X-BLOCKER-TASK", "X-BLOCKER-SPRINT", "X-BLOCKER-PART"):
            self.line(name, None)
        self.line("SUMMARY", f":{title}")

    def move(self, start: datetime, length: timedelta | None = None) -> None:
        self.rewrite(lambda event: moved(event, start, start + (length or self.length)))

    def meet(self, *lines: str) -> None:
        """A meeting over the block in the member's other calendar."""
        event = foreign("meeting", "Town hall", self.block.start, self.block.end)
        event = event.replace("END:VEVENT", "\r\n".join([*lines, "END:VEVENT"]))
        other = FileDesk(self.team.folder / f"{self.member}.ics")
        other.path.write_text(
            other.path.read_text().replace("END:VCALENDAR", f"{event}END:VCALENDAR")
        )


@dataclass(frozen=True)
class Kind:
    """A kind of damage and the codes the contract names for it, capitals for errors."""

    do: Callable[[Place], object]
    codes: tuple[str, ...]
    at: str
    """`block`: every block is a place; `first`: each member's first; `awaited`: others wait."""

    @property
    def name(self) -> str:
        return self.do.__name__

    def places(self, team: Team) -> list[tuple[str, Seen]]:
        """Where it can be planted: whose block, and which."""
        found = []
        for member in ZONES:
            own = blocks_on(FileDesk(team.folder / "out" / f"{member}.ics"))
            found += [(member, one) for one in (own[:1] if self.at == "first" else own)]
        return [one for one in found if self.at != "awaited" or one[1].task in AFTER.values()]

    def plant(self, team: Team, member: str, block: Seen) -> set[Said]:
        """Do it; gives all that the audit has to say then of the accepted sprint."""
        place = Place(team, member, block)
        self.do(place)
        place.expect(*self.codes)
        return place.due


KINDS: list[Kind] = []


def says(
    *codes: str, at: str = "block"
) -> Callable[[Callable[[Place], object]], Callable[[Place], object]]:
    def enter(do: Callable[[Place], object]) -> Callable[[Place], object]:
        KINDS.append(Kind(do, codes, at))
        return do

    return enter
