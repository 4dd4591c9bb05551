"""What a team's store remembers, in the words of the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, insert, update

from blocker.domain.calendar_copy import EncryptedCopy
from blocker.domain.sprint import SprintState
from blocker.store import tables
from blocker.store.bookings import Bookings
from blocker.store.promises import Promises
from blocker.store.records import StoredTask
from blocker.store.rows import columns_of_task, task_of
from blocker.store.upkeep import Upkeep


class Store(Bookings, Promises, Upkeep):
    """One team's part of an open store: tasks and sprints, bookings, promises, and who did what.

    Reads see what is committed; changes happen inside `transaction`, all or none.
    """

    # Tasks and sprints

    def tasks(self) -> dict[str, StoredTask]:
        """All tasks by id, in the order they came in."""
        rows = self._rows(tables.tasks, order=tables.tasks.c.position)
        return {row.id: StoredTask(task_of(row), row.imported) for row in rows}

    def save_tasks(self, stored: Iterable[StoredTask]) -> None:
        """Add or replace tasks; new ones go to the end."""
        known = {row.id: row.position for row in self._rows(tables.tasks)}
        last = max(known.values(), default=0)
        rows = []
        for one in stored:
            if one.task.id not in known:
                last += 1
                known[one.task.id] = last
            position = known[one.task.id]
            rows.append({"team": self._team, "position": position, **columns_of_task(one)})
        if rows:
            self.remove_tasks(row["id"] for row in rows)
            self._change(insert(tables.tasks), rows)

    def rank_tasks(self, ids: Sequence[str]) -> None:
        """Put these tasks into this order among themselves; all others stay where they are."""
        c = tables.tasks.c
        at = sorted(row.position for row in self._rows(tables.tasks, c.id.in_(ids)))
        for name, position in zip(ids, at, strict=True):
            where = (c.team == self._team, c.id == name)
            self._change(update(tables.tasks).where(*where).values(position=position))

    def remove_tasks(self, ids: Iterable[str]) -> None:
        named = [{"gone": name} for name in ids]
        if named:
            where = (tables.tasks.c.team == self._team, tables.tasks.c.id == bindparam("gone"))
            self._change(delete(tables.tasks).where(*where), named)

    def sprint_states(self) -> dict[int, SprintState]:
        """The states by number; a sprint that is not here is planned."""
        return {row.number: SprintState(row.state) for row in self._rows(tables.sprints)}

    def sprint_state(self, number: int | None) -> SprintState:
        """The state of one sprint; the backlog, None, is planned like any sprint to come."""
        return self.sprint_states().get(number or 0, SprintState.PLANNED)

    # Day limits raised once

    def day_limits(self) -> Mapping[tuple[str, date], timedelta]:
        """The most block time of single local days, by member id and day."""
        return {
            (row.member, date.fromisoformat(row.day)): timedelta(minutes=row.minutes)
            for row in self._rows(tables.day_limits)
        }

    def raise_day_limit(
        self, member: str, day: date, limit: timedelta, because: str | None = None
    ) -> None:
        """Allow a member so much block time on one local day; what was said of it before goes.

        `limit` is in whole minutes, rounded down.
        """
        c = tables.day_limits.c
        key = {"team": self._team, "member": member, "day": day.isoformat()}
        self._change(
            delete(tables.day_limits).where(*(c[name] == value for name, value in key.items()))
        )
        minutes = limit // timedelta(minutes=1)
        self._change(insert(tables.day_limits).values(**key, minutes=minutes, because=because))

    # Copies of calendars that are far away

    def calendar_copies(self, reader: str) -> list[EncryptedCopy]:
        """All that one reader keeps."""
        return [
            EncryptedCopy(row.name, row.content, datetime.fromisoformat(row.read_at))
            for row in self._rows(tables.calendar_copies, tables.calendar_copies.c.reader == reader)
        ]

    def keep_calendar_copies(
        self, reader: str, copies: Mapping[str, EncryptedCopy | None], since: datetime
    ) -> None:
        """Replace a reader's copies by their names; None drops one.

        Whatever anybody read before `since` goes too: its reader has other calendars by now, or
        has lost the key.
        """
        c = tables.calendar_copies.c
        self._change(
            delete(tables.calendar_copies).where(
                c.team == self._team, c.read_at < since.isoformat()
            )
        )
        for name, copy in copies.items():
            self._change(
                delete(tables.calendar_copies).where(
                    c.team == self._team, c.reader == reader, c.name == name
                )
            )
            if copy is not None:
                self._change(
                    insert(tables.calendar_copies).values(
                        team=self._team,
                        reader=reader,
                        name=name,
                        content=copy.content,
                        read_at=copy.read_at.isoformat(),
                    )
                )
