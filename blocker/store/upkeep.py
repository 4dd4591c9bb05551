"""Keeping a store sound and small: its own check, backups, and what is old taken out."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, insert, update

from blocker.domain.commitment import Amendment, AmendmentKind
from blocker.domain.task import TaskState
from blocker.store import tables
from blocker.store.records import IntentState
from blocker.store.sealing import from_plain
from blocker.store.session import Session


class Upkeep(Session):
    """The part of the store that looks after the rest."""

    def faults(self) -> list[str]:
        """What the database itself finds wrong; empty when it is sound.

        PostgreSQL checks each page that is read: of a rehearsal's copy every row has been.
        """
        with self._engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                return []
            pages = connection.exec_driver_sql("PRAGMA integrity_check(10)").all()
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        found = [row[0] for row in pages if row[0] != "ok"]
        return [
            *found,
            *(f"a row of {row[0]} refers to one of {row[2]} that is gone" for row in lost),
        ]

    def backup(self, path: Path, *, replace: bool) -> None:
        """Write a rehearsal's copy into a file, whole or not at all, its owner's alone.

        The file is a store of its own.  Raises FileExistsError unless it may `replace` one,
        OSError and sqlite3.Error when it cannot be written.
        """
        scratch = path.with_name(f".{path.name[:60]}.{secrets.token_hex(8)}.new")
        try:
            os.close(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            self._copy_into(scratch)
            if replace:
                scratch.replace(path)
            else:
                _move_to_new(scratch, path)
        finally:
            for name in (scratch, scratch.with_name(f"{scratch.name}-journal")):
                with contextlib.suppress(OSError):
                    name.unlink(missing_ok=True)

    def _copy_into(self, path: Path) -> None:
        target = sqlite3.connect(path)
        try:
            with self._engine.connect() as connection:
                source = connection.connection.driver_connection
                assert isinstance(source, sqlite3.Connection), "only a rehearsal is backed up"
                source.backup(target)
        finally:
            target.close()
        with path.open("rb+") as file:
            os.fsync(file.fileno())

    # What is old

    def purge(self, sprints: Collection[int], day: date, moment: datetime) -> dict[str, int]:
        """Take out what belongs to these sprints, and what else is older; how many of what.

        `day` is a local one, `moment` (UTC) its beginning.  Of commitments the seals stay, so that
        the chain still holds.  A finished task that another one waits for stays, and so do a run
        that was cut short and time away that lasts beyond `moment`.
        """
        return {
            "tasks": self._purge_tasks(sprints),
            **self._purge_bookings(sprints),
            **self._purge_promises(sprints, moment),
            "completions": self._purge_completions(sprints),
            "day limits": self._gone(tables.day_limits, tables.day_limits.c.day < day.isoformat()),
            "copies of calendars": self._gone(
                tables.calendar_copies, tables.calendar_copies.c.read_at < moment.isoformat()
            ),
            "log entries": self._purge_log(moment),
        }

    def _purge_tasks(self, sprints: Collection[int]) -> int:
        rows = self._rows(tables.tasks)
        over = (TaskState.DONE.value, TaskState.DROPPED.value)
        gone = {row.id for row in rows if row.sprint in sprints and row.state in over}
        kept = [row for row in rows if row.id not in gone]
        gone -= {task for row in kept for task, _lag in row.after}
        return self._gone_with(tables.tasks, tables.tasks.c.id, gone)

    def _purge_bookings(self, sprints: Collection[int]) -> dict[str, int]:
        runs, intents, receipts = tables.runs.c, tables.intents.c, tables.receipts.c
        open_ones = self._rows(tables.intents, intents.state == IntentState.OPEN.value)
        cut_short = {row.run for row in open_ones}
        gone = {row.id for row in self._rows(tables.runs, runs.sprint.in_(sprints))} - cut_short
        return {
            "intents": self._gone_with(tables.intents, intents.run, gone),
            "runs": self._gone_with(tables.runs, runs.id, gone),
            "receipts": self._gone(tables.receipts, receipts.sprint.in_(sprints)),
        }

    def _purge_promises(self, sprints: Collection[int], moment: datetime) -> dict[str, int]:
        c = tables.commitments.c
        emptied = self._change(
            update(tables.commitments)
            .where(c.team == self._team, c.sprint.in_(sprints), c.content != "")
            .values(content="")
        )
        return {
            "contents of commitments": emptied.rowcount,
            "amendments": self._purge_amendments(sprints, moment),
            "closings": self._gone(tables.closings, tables.closings.c.sprint.in_(sprints)),
        }

    def _purge_amendments(self, sprints: Collection[int], moment: datetime) -> int:
        c = tables.amendments.c
        gone = []
        for row in self._rows(tables.amendments, c.sprint.in_(sprints)):
            one = from_plain(Amendment, row.content)
            # who is away from one sprint into the next is away in both
            until = one.span.end if one.kind is AmendmentKind.AWAY and one.span else None
            if until is None or until <= moment:
                gone.append(row.id)
        return self._gone_with(tables.amendments, c.id, gone)

    def _purge_completions(self, sprints: Collection[int]) -> int:
        c = tables.completions.c
        gone = [
            row.task
            for row in self._rows(tables.completions)
            if row.content.get("sprint") in sprints
        ]
        return self._gone_with(tables.completions, c.task, gone)

    def _purge_log(self, moment: datetime) -> int:
        rows = self._rows(tables.log)
        gone = [row.id for row in rows if datetime.fromisoformat(row.at) < moment]
        return self._gone_with(tables.log, tables.log.c.id, gone)

    def _gone_with(self, table: Table, column: Any, values: Iterable[Any]) -> int:
        """Delete the rows with these values, a few hundred at once: databases have limits."""
        values = sorted(values)
        return sum(
            self._gone(table, column.in_(values[k : k + 500])) for k in range(0, len(values), 500)
        )

    def _gone(self, table: Table, condition: Any) -> int:
        found = self._change(delete(table).where(table.c.team == self._team, condition))
        return int(found.rowcount)

    # Everything

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of the team as they are kept, by table."""
        return {
            table.name: [dict(row._mapping) for row in self._rows(table, order=key_of(table))]
            for table in tables.metadata.sorted_tables
        }

    def fill(self, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Take in what `everything` gave of another store, into one that is still empty.

        Runs, and what else is counted through, get numbers of this database's own.  A log that has
        begun goes on after what is taken in; copies of calendars give way.
        """
        rows = {**rows, "log": [*rows["log"], *self.everything()["log"]]}
        for begun in (tables.log, tables.calendar_copies):
            self._change(delete(begun).where(begun.c.team == self._team))
        runs: dict[int, int] = {}
        for table in tables.metadata.sorted_tables:
            is_counted = table.c[key_of(table).name].autoincrement is True
            for row in rows[table.name]:
                values = {**row, "team": self._team}
                if is_counted:
                    del values["id"]
                if table is tables.intents:
                    values["run"] = runs[values["run"]]
                key = self._change(insert(table).values(values)).inserted_primary_key
                if table is tables.runs:
                    runs[row["id"]] = key[0]


def key_of(table: Table) -> Any:
    """The column by which a table's rows are in order."""
    return list(table.primary_key.columns)[-1]


def _move_to_new(scratch: Path, path: Path) -> None:
    """Give a file its name unless another has it.  Raises FileExistsError."""
    try:
        os.link(scratch, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(path) from None
        scratch.replace(path)
