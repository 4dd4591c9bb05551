"""What a team's store remembers, in the words of the domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from blocker.domain.calendar_copy import CalendarCopy
from blocker.domain.sprint import SprintState
from blocker.store import tables
from blocker.store.records import UNDO, Intent, IntentState, Run, StoredReceipt, StoredTask
from blocker.store.rows import block_of, columns_of_task, intent_of, json_of_block, task_of


class Store:
    """One team's part of an open store.

    Reads see what is committed; changes happen inside `transaction`, all or none.
    """

    def __init__(self, engine: Engine, team: str) -> None:
        self._engine = engine
        self._team = team
        self._connection: Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes made inside become true together, or none does."""
        with self._engine.begin() as connection:
            self._connection = connection
            try:
                yield
            finally:
                self._connection = None

    def _rows(self, table: Table, *conditions: Any, order: Any = None) -> Sequence[Row[Any]]:
        query = select(table).where(table.c.team == self._team, *conditions)
        if order is not None:
            query = query.order_by(order)
        if self._connection is not None:
            return self._connection.execute(query).all()
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def _change(self, statement: Any, rows: Sequence[Mapping[str, Any]] = ()) -> Any:
        if self._connection is None:
            raise RuntimeError("a change to the store needs a transaction")
        return self._connection.execute(statement, rows or None)

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

    def faults(self) -> list[str]:
        """What the database itself finds wrong with its file; empty when it is sound."""
        with self._engine.connect() as connection:
            rows = connection.exec_driver_sql("PRAGMA quick_check").all()
        return [row[0] for row in rows if row[0] != "ok"]

    def remove_tasks(self, ids: Iterable[str]) -> None:
        named = [{"gone": name} for name in ids]
        if named:
            where = (tables.tasks.c.team == self._team, tables.tasks.c.id == bindparam("gone"))
            self._change(delete(tables.tasks).where(*where), named)

    def sprint_states(self) -> dict[int, SprintState]:
        """The states by number; a sprint that is not here is planned."""
        return {row.number: SprintState(row.state) for row in self._rows(tables.sprints)}

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

    def calendar_copies(self) -> dict[str, CalendarCopy]:
        """All that are kept, by the calendars' keys."""
        return {
            row.calendar: CalendarCopy(row.body, row.tag, datetime.fromisoformat(row.read_at))
            for row in self._rows(tables.calendar_copies)
        }

    def keep_calendar_copies(self, copies: Mapping[str, CalendarCopy | None]) -> None:
        """Replace the copies of these calendars; None drops one."""
        c = tables.calendar_copies.c
        for key, copy in copies.items():
            self._change(
                delete(tables.calendar_copies).where(c.team == self._team, c.calendar == key)
            )
            if copy is not None:
                self._change(
                    insert(tables.calendar_copies).values(
                        team=self._team,
                        calendar=key,
                        body=copy.body,
                        tag=copy.tag,
                        read_at=copy.read_at.isoformat(),
                    )
                )

    # Runs, intents, receipts

    def begin_run(
        self, command: str, asker: str | None, sprint: int, at: datetime, intents: Iterable[Intent]
    ) -> list[Intent]:
        """Save a run with all it means to write, before it writes anything."""
        run = self._change(
            insert(tables.runs).values(
                team=self._team, command=command, asker=asker, sprint=sprint, at=at.isoformat()
            )
        ).inserted_primary_key[0]
        saved = []
        for intent in intents:
            key = self._change(
                insert(tables.intents).values(
                    team=self._team,
                    run=run,
                    member=intent.member,
                    calendar=intent.calendar,
                    uid=intent.uid,
                    before=json_of_block(intent.before),
                    after=json_of_block(intent.after),
                    state=IntentState.OPEN.value,
                )
            ).inserted_primary_key[0]
            saved.append(
                Intent(
                    intent.calendar,
                    intent.member,
                    intent.uid,
                    intent.before,
                    intent.after,
                    key,
                    run,
                )
            )
        return saved

    def open_intents(self) -> list[Intent]:
        """What earlier runs meant to write and never heard back about."""
        c = tables.intents.c
        rows = self._rows(tables.intents, c.state == IntentState.OPEN.value, order=c.id)
        return [intent_of(row) for row in rows]

    def intents_of(self, run: int) -> list[Intent]:
        rows = self._rows(tables.intents, tables.intents.c.run == run, order=tables.intents.c.id)
        return [intent_of(row) for row in rows]

    def settle(self, intent: Intent, state: IntentState, revision: str = "") -> None:
        """Say what became of an intent; a block that was written, or removed, is remembered."""
        self._change(
            update(tables.intents)
            .where(tables.intents.c.team == self._team, tables.intents.c.id == intent.id)
            .values(state=state.value)
        )
        if state is IntentState.DONE:
            self.forget(intent.calendar, intent.uid)
            if intent.after is not None:
                self.remember(StoredReceipt(intent.calendar, intent.after, revision))

    def remember(self, receipt: StoredReceipt) -> None:
        """Keep a block as it was last written."""
        block = receipt.block
        self.forget(receipt.calendar, block.uid)
        self._change(
            insert(tables.receipts).values(
                team=self._team,
                calendar=receipt.calendar,
                uid=block.uid,
                member=block.member,
                task=block.task,
                sprint=block.sprint,
                block=json_of_block(block),
                revision=receipt.revision,
            )
        )

    def forget(self, calendar: str, uid: str) -> None:
        """The block is no longer known in that calendar."""
        c = tables.receipts.c
        self._change(
            delete(tables.receipts).where(
                c.team == self._team, c.calendar == calendar, c.uid == uid
            )
        )

    def receipts(self) -> dict[tuple[str, str], StoredReceipt]:
        """All blocks known, by calendar and UID."""
        return {
            (row.calendar, row.uid): StoredReceipt(row.calendar, block_of(row.block), row.revision)
            for row in self._rows(tables.receipts)
        }

    def last_run(self, asker: str | None) -> Run | None:
        """The newest run of this asker (None: of nobody named) that can be undone and was not.

        One that wrote nothing, since others were first or nothing answered, is passed over.
        """
        c, of = tables.runs.c, tables.intents.c
        wrote = (IntentState.DONE.value, IntentState.OPEN.value)
        has_written = exists().where(of.run == c.id, of.state.in_(wrote))
        is_open = (c.asker == asker, c.undone.is_(None), c.command != UNDO, has_written)
        rows = self._rows(tables.runs, *is_open, order=c.id)
        if not rows:
            return None
        row = rows[-1]
        return Run(row.id, row.command, row.asker, row.sprint, datetime.fromisoformat(row.at))

    def mark_undone(self, run: int, at: datetime) -> None:
        c = tables.runs.c
        self._change(
            update(tables.runs)
            .where(c.team == self._team, c.id == run)
            .values(undone=at.isoformat())
        )
