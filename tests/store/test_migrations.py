"""A store of an earlier schema, as that version left it, is brought up to date; nothing is lost.

`stores/` holds one for each, as SQL: a small team's, after its first `book`.
"""

import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, insert, select, text

import blocker.store
from blocker.domain.errors import Unreachable
from blocker.domain.moment import parse_moment
from blocker.domain.sprint import SprintState
from blocker.domain.task import After, Task
from blocker.store.opening import migrate_store, open_store
from blocker.store.tables import SCHEMA, metadata

STORES = sorted((Path(__file__).parent / "stores").glob("*.sql"))
MIGRATIONS = Path(blocker.store.__file__).parent / "migrations"
NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)
TASKS = [
    Task(
        "T-1",
        "Landing page",
        "ana",
        timedelta(hours=3),
        1,
        parse_moment("2027-01-08"),
        outcome="leads",
        sprint=27,
    ),
    Task(
        "T-2",
        "Blog post",
        "ben",
        timedelta(hours=1),
        2,
        parse_moment("W1 Fri 12:00"),
        after=(After("T-1", timedelta(days=1)),),
        sprint=27,
    ),
]


@pytest.fixture(params=STORES, ids=lambda path: path.stem)
def old(request, tmp_path) -> Path:
    path = tmp_path / f"{request.param.stem}.db"
    with sqlite3.connect(path) as store:
        store.executescript(request.param.read_text(encoding="utf-8"))
    store.close()
    return path


def columns_in(path: Path) -> dict[str, list[tuple[str, bool]]]:
    with sqlite3.connect(path) as store:
        found = {
            table.name: [
                (row[1], bool(row[3])) for row in store.execute(f"PRAGMA table_info({table.name})")
            ]
            for table in metadata.sorted_tables
        }
    store.close()
    return found


def schema_of(path: Path) -> str:
    with sqlite3.connect(path) as store:
        (found,) = store.execute("SELECT version_num FROM alembic_version").fetchone()
    store.close()
    return found


def test_there_is_a_store_of_every_schema_before_this_one():
    assert [path.stem for path in STORES] == [f"{k:04}" for k in range(1, int(SCHEMA))]


def test_nothing_is_lost(old):
    with open_store(f"sqlite:///{old}", "small") as store:
        assert [one.task for one in store.tasks().values()] == TASKS
        assert store.tasks()["T-1"].imported["estimate"] == "3h"
        assert [one.block.task for one in store.receipts().values()] == ["T-1", "T-1", "T-2"]
        run = store.last_run(None)
        assert [one.after.task for one in store.intents_of(run.id)] == ["T-1", "T-1", "T-2"]
        assert store.day_limits() == {}
    assert schema_of(old) == SCHEMA


def test_promises_and_what_became_of_them_are_still_there(old):
    with open_store(f"sqlite:///{old}", "small") as store:
        if old.stem < "0004":
            assert store.commitments() == []
            return
        (sealed,) = store.commitments()
        assert sealed.is_whole and sealed.commitment.tasks[0].counted == timedelta(hours=3)
        assert [one.because for one in store.amendments(27)] == ["two more languages"]
        assert store.sprint_states() == {26: SprintState.CLOSED, 27: SprintState.ACCEPTED}
        assert list(store.closings()) == [26] and list(store.outcomes()) == ["leads"]
        assert [one.took for one in store.completions()] == [timedelta(hours=3)]
        assert [one.what for one in store.logged()] == ["accepted S27"]


def test_titles_of_meetings_that_earlier_versions_kept_are_no_longer_in_the_file(old):
    with sqlite3.connect(old) as store:
        is_kept = store.execute("SELECT 1 FROM sqlite_master WHERE name = 'calendar_copies'")
        if is_kept.fetchone():  # one was replaced, and its pages are free
            store.execute("PRAGMA secure_delete = OFF")  # some builds have it on by default
            values = ("small", "url https://b.example", b"Marked title " * 3000, "", "2027")
            store.execute("INSERT INTO calendar_copies VALUES (?, ?, ?, ?, ?)", values)
            store.commit()
            store.execute("DELETE FROM calendar_copies WHERE calendar = 'url https://b.example'")
    store.close()
    with open_store(f"sqlite:///{old}", "small"):
        pass
    content = old.read_bytes()
    assert b"Marked title" not in content and b"Doctor" not in content


def test_it_is_then_as_a_new_one(old, tmp_path):
    for path in (old, tmp_path / "new.db"):
        with open_store(f"sqlite:///{path}", "small"):
            pass
    assert columns_in(old) == columns_in(tmp_path / "new.db")


def test_a_rehearsal_brings_only_its_copy_up_to_date(old):
    before = old.read_bytes()
    with open_store(f"sqlite:///{old}", "small", rehearse=True) as store:
        assert len(store.tasks()) == 2
    assert old.read_bytes() == before


KILLED = """\
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from blocker.store.opening import open_store

left = int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, parameters, context, many):
    global left
    if not statement.startswith(("SELECT", "PRAGMA")):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

with open_store("sqlite:///" + sys.argv[1], "small"):
    pass
"""


def test_fault_24_killed_before_any_statement_it_is_done_whole_the_next_time(old, tmp_path):
    for statement in range(1, 20):
        path = tmp_path / f"{statement}.db"
        path.write_bytes(old.read_bytes())
        ran = subprocess.run([sys.executable, "-c", KILLED, str(path), str(statement)], check=False)
        with open_store(f"sqlite:///{path}", "small") as store:
            assert [one.task for one in store.tasks().values()] == TASKS
        assert schema_of(path) == SCHEMA
        if ran.returncode == 0:  # it needs no more statements
            break
        assert ran.returncode == -signal.SIGKILL
    assert statement > 3


# On a shared database


def schema_at(url: str, schema: str, path: Path) -> None:
    """A database of an earlier schema, with what the file's store of that schema holds."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    shared, file = create_engine(url), create_engine(f"sqlite:///{path}")
    with shared.begin() as target, file.connect() as source:
        config.attributes["connection"] = target
        command.upgrade(config, schema)
        known = MetaData()
        known.reflect(target)
        there = MetaData()
        there.reflect(source)
        for table in known.sorted_tables:
            rows = [
                dict(row) for row in source.execute(select(there.tables[table.name])).mappings()
            ]
            if rows and table.name != "alembic_version":
                target.execute(insert(table), rows)
            if rows and "id" in table.c and table.c.id.autoincrement is True:
                last = max(row["id"] for row in rows)
                target.execute(text(f"SELECT setval('{table.name}_id_seq', {last})"))
    shared.dispose()
    file.dispose()


def test_on_a_shared_database_it_comes_forward_by_command_alone_and_nothing_is_lost(old, postgres):
    schema_at(postgres, old.stem, old)
    for rehearse in (True, False):
        with (
            pytest.raises(Unreachable, match="brings them forward with: blocker store migrate"),
            open_store(postgres, "small", rehearse=rehearse),
        ):
            pass
    assert migrate_store(postgres, "small", NOW, "ben") == old.stem
    with open_store(postgres, "small") as store:
        assert [one.task for one in store.tasks().values()] == TASKS
        assert len(store.receipts()) == len(store.intents_of(store.last_run(None).id)) == 3
        assert len(store.commitments()) == (old.stem >= "0004")
        said = store.logged()[-1]
        assert (said.who, said.what) == (
            "ben",
            f"brought the store from schema {old.stem} to {SCHEMA}",
        )
        with store.transaction():  # numbers go on where they were
            store.begin_run("book", None, 27, NOW, [])
            store.log(NOW, None, "one more")
    assert migrate_store(postgres, "small", NOW, "ben") == SCHEMA


MIGRATED = """\
import os, signal, sys
from datetime import UTC, datetime
from sqlalchemy import event
from sqlalchemy.engine import Engine
from blocker.store.opening import migrate_store

left = int(sys.argv[2])

def die_in_time(*_):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, parameters, context, many):
    if not statement.startswith(("SELECT", "SET")):
        die_in_time()

event.listen(Engine, "commit", die_in_time)
migrate_store(sys.argv[1], "small", datetime(2027, 1, 4, tzinfo=UTC), "ben")
"""


def test_fault_24_killed_in_the_midst_a_shared_store_is_as_before_or_as_after(postgres, tmp_path):
    path = tmp_path / "0004.db"
    with sqlite3.connect(path) as store:
        store.executescript(STORES[3].read_text(encoding="utf-8"))
    store.close()
    schema_at(postgres, "0004", path)
    engine = create_engine(postgres)
    for statement in range(1, 20):
        line = [sys.executable, "-c", MIGRATED, postgres, str(statement)]
        ran = subprocess.run(line, check=False)
        with engine.connect() as connection:
            schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            logged = connection.execute(text("SELECT count(*) FROM log")).scalar()
        if ran.returncode == 0:
            break
        assert (ran.returncode, schema, logged) == (-signal.SIGKILL, "0004", 1)
    engine.dispose()
    assert (schema, logged) == (SCHEMA, 2)
    assert statement > 5
