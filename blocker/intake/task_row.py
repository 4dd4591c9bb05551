"""One row of a tasks file, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from blocker.domain.member import Member
from blocker.domain.moment import Moment
from blocker.domain.task import After, Task
from blocker.domain.team import Team
from blocker.intake.block_lengths import OwnLengths, parse_block_length, refuse_contradiction
from blocker.intake.columns import Columns
from blocker.intake.dates import parse_date
from blocker.intake.durations import parse_duration
from blocker.intake.predecessors import parse_after
from blocker.intake.problems import Mistakes, Wrong, nearest, one_line, shown
from blocker.intake.sheet import Row, Sheet
from blocker.intake.sprint_word import SprintWord, parse_sprint
from blocker.intake.task_ids import made_id, parse_task_id

LONGEST_TITLE = 255
_PRIORITIES = {
    **{str(number): number for number in (1, 2, 3, 4)},
    **{f"p{number}": number for number in (1, 2, 3, 4)},
    "highest": 1,
    "urgent": 1,
    "high": 2,
    "medium": 3,
    "low": 4,
    "lowest": 4,
}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as a row of a file says it.  None is an empty cell, or a column that is not there.

    `line` is the row's line (in a spreadsheet its number).  `cells` has every cell that is not
    empty, by our column's name, as written but for control characters; a column `hours` stands
    there as `estimate`.  `owner` is a member's id.  `id_is_made`: the id was made from the title.
    """

    line: int
    id: str
    id_is_made: bool
    cells: Mapping[str, str]
    title: str
    owner: str
    estimate: timedelta
    priority: int | None = None
    due: Moment | None = None
    not_before: Moment | None = None
    after: tuple[After, ...] | None = None
    outcome: str | None = None
    campaign: str | None = None
    sprint: SprintWord | None = None
    shortest: timedelta | None = None
    longest: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SeenId:
    """An id that a row has or was given, and what it waits for; None for an empty cell.

    `after_place` names the cell of `after` for people.
    """

    id: str
    line: int
    is_made: bool
    after: tuple[After, ...] | None
    after_line: int
    after_place: str


class RowReader:
    """Reads the rows of one table, noting what is wrong in them.

    `seen` collects what every row says of ids, of wrong rows too: all mistakes are told at once,
    and a task that waits for a wrong row is not called wrong besides.  `known` are the tasks that
    the store has.
    """

    def __init__(
        self,
        team: Team,
        columns: Columns,
        sheet: Sheet,
        locale: str | None,
        known: Mapping[str, Task],
        mistakes: Mistakes,
    ) -> None:
        self.seen: list[SeenId] = []
        self._known = known
        self._team = team
        self._columns = columns
        self._sheet = sheet
        self._locale = locale
        self._mistakes = mistakes

    def row(self, row: Row) -> TaskRow | None:
        """The row, or None after adding every mistake in it."""
        if not row.is_whole:
            self._note(row, self._id(row, None), None)
            return None
        title = self._read(row, "title", parse_title, required=True)
        task_id = self._id(row, title)
        owner = self._read(row, "owner", self._owner, required=True)
        estimate = self._read(row, "estimate", self._estimate, required=True)
        priority = self._read(row, "priority", parse_priority)
        zone = owner.zone if owner else self._team.zone
        due, not_before = (
            self._read(row, key, lambda text: parse_date(text, locale=self._locale, zone=zone))
            for key in ("due", "not_before")
        )
        after = self._read(row, "after", parse_after)
        self._note(row, task_id, after)
        outcome, campaign = (self._read(row, key, _short) for key in ("outcome", "campaign"))
        sprint = self._read(row, "sprint", lambda text: parse_sprint(text, self._team.sprints))
        shortest, longest = (
            self._read(row, key, lambda text: parse_block_length(text, self._locale))
            for key in _LENGTHS
        )
        self._refuse_lengths(row, self._known.get(task_id or ""), owner, (shortest, longest))
        if title is None or task_id is None or owner is None or estimate is None:
            return None
        return TaskRow(
            line=row.line,
            id=task_id,
            id_is_made=not row.cell(self._columns.at.get("id")),
            cells=self._cells(row),
            title=title,
            owner=owner.id,
            estimate=estimate,
            priority=priority,
            due=due,
            not_before=not_before,
            after=after,
            outcome=outcome,
            campaign=campaign,
            sprint=sprint,
            shortest=shortest,
            longest=longest,
        )

    def _read(
        self, row: Row, column: str, parse: Callable[[str], Value], *, required: bool = False
    ) -> Value | None:
        """A cell's value; None for an empty cell and, after adding the mistake, for a wrong one."""
        position = self._columns.at.get(column)
        text = row.cell(position)
        try:
            if position is not None and (row.line, position) in self._sheet.broken:
                raise self._sheet.broken[row.line, position]
            if one_line(text):
                return parse(text)
            if required and position is not None:
                raise Wrong("is empty", _NEEDED[column])
        except Wrong as wrong:
            assert position is not None  # else there was no text to be wrong
            place = self._sheet.place(position, row.line)
            self._mistakes.add_wrong(row.line_of(position), place, wrong)
        return None

    def _refuse_lengths(
        self,
        row: Row,
        known: Task | None,
        owner: Member | None,
        lengths: tuple[timedelta | None, timedelta | None],
    ) -> None:
        """Add the mistake of a shortest block that is longer than the longest.

        An empty cell leaves what the store knows; a row that asks for nothing new is never refused.
        """
        at = self._columns.at
        written = [key for key in _LENGTHS if one_line(row.cell(at.get(key)))]
        if len(written) != sum(length is not None for length in lengths):
            return  # a cell that cannot be read was named already
        if owner is None and not written:
            return
        before = (known.shortest, known.longest) if known else (None, None)
        own = OwnLengths(*(new or old for new, old in zip(lengths, before, strict=True)))
        if known and owner and (owner.id, own.shortest, own.longest) == (known.owner, *before):
            return
        try:
            refuse_contradiction(own, owner)
        except Wrong as wrong:
            position = at[(*written, "owner")[0]]
            place = self._sheet.place(position, row.line)
            self._mistakes.add_wrong(row.line_of(position), place, wrong)

    def _cells(self, row: Row) -> dict[str, str]:
        cells = ((name, one_line(row.cell(at))) for name, at in self._columns.at.items())
        return {name: text for name, text in cells if text}

    def _note(self, row: Row, task_id: str | None, after: tuple[After, ...] | None) -> None:
        """Keep what the row says of ids."""
        if task_id is not None:
            at = self._columns.at
            id_line, after_line = row.line_of(at.get("id")), row.line_of(at.get("after"))
            place = self._sheet.place(at["after"], row.line) if "after" in at else "after"
            is_made = not row.cell(at.get("id"))
            self.seen.append(SeenId(task_id, id_line, is_made, after, after_line, place))

    def _id(self, row: Row, title: str | None) -> str | None:
        written = row.cell(self._columns.at.get("id"))
        if written:
            task_id = self._read(row, "id", parse_task_id)
        else:
            task_id = made_id(title) if title else None
        return task_id

    def _owner(self, text: str) -> Member:
        member = self._team.find(one_line(text))
        if member:
            return member
        wanted = one_line(text).casefold()
        same = [one.id for one in self._team.members if one.name.casefold() == wanted]
        if same:
            raise Wrong(f"{shown(text)} could be {' or '.join(same)}", "write the id or the email")
        names = {
            name: member.id
            for member in self._team.members
            for name in (member.id, member.name, member.email or "", member.name.split()[0])
            if name
        }
        like = nearest(wanted, names)
        everyone = ", ".join(member.id for member in self._team.members[:20])
        remedy = f"write {names[like]}" if like else f"the members are {everyone}"
        raise Wrong(f"nobody is called {shown(text)}", remedy)

    def _estimate(self, text: str) -> timedelta:
        plain_is_hours = self._columns.plain_is_hours
        return parse_duration(text, locale=self._locale, plain_is_hours=plain_is_hours)


_LENGTHS = ("shortest", "longest")
_NEEDED = {
    "title": "write what is to be done",
    "owner": "write who does it: an id, a name or an email",
    "estimate": "write how long it takes: 2h",
}


def parse_title(text: str) -> str:
    """A title on one line, without control characters.  Raises Wrong when it is too long."""
    return _short(text)


def _short(text: str) -> str:
    clean = one_line(text)
    if len(clean) > LONGEST_TITLE:
        raise Wrong(f"{shown(clean, 40)} is longer than {LONGEST_TITLE} characters", "shorten it")
    return clean


def parse_priority(text: str) -> int:
    """1 (highest) to 4.  Raises Wrong."""
    folded = text.strip().casefold()
    priority = _PRIORITIES.get(folded) or _PRIORITIES.get(folded.removesuffix(".0"))
    if priority is None:
        raise Wrong(f"{shown(text)} is no priority", "write 1 (highest) to 4, or high, medium, low")
    return priority
