"""Runs, what they meant to write, and what stands in calendars since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, exists, insert, update

from blocker.store import tables
from blocker.store.records import UNDO, Intent, IntentState, Run, StoredReceipt
from blocker.store.rows import block_of, intent_of, json_of_block
from blocker.store.session import Session


class Bookings(Session):
    """The part of the store by which each block is written exactly once."""

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

    def written_since(self, moment: datetime) -> list[tuple[Run, Intent]]:
        """What runs since a moment wrote into calendars, in order, each with its run."""
        c, of = tables.runs.c, tables.intents.c
        since = moment.astimezone(UTC).isoformat()
        runs = {row.id: _run_of(row) for row in self._rows(tables.runs, c.at >= since)}
        is_wanted = (of.state == IntentState.DONE.value, of.run >= min(runs, default=0))
        rows = self._rows(tables.intents, *is_wanted, order=of.id) if runs else ()
        return [(runs[row.run], intent_of(row)) for row in rows if row.run in runs]

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
        return _run_of(rows[-1])

    def mark_undone(self, run: int, at: datetime) -> None:
        c = tables.runs.c
        self._change(
            update(tables.runs)
            .where(c.team == self._team, c.id == run)
            .values(undone=at.isoformat())
        )


def _run_of(row: Row[Any]) -> Run:
    return Run(row.id, row.command, row.asker, row.sprint, datetime.fromisoformat(row.at))
