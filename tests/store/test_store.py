"""The store: all or nothing, one writer at a time, and plain words when it cannot be used.

`store_url` runs a test on each database; `address` is for what a file alone has.
"""

import os
import sqlite3
import stat
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.block import TimeBlock, block_uid
from blocker.domain.commitment import Amendment, AmendmentKind
from blocker.domain.errors import Unreachable
from blocker.domain.interval import Interval
from blocker.domain.moment import DateMoment, SprintMoment
from blocker.domain.task import After, Task, TaskState
from blocker.store.opening import open_store
from blocker.store.records import UNDO, Intent, IntentState, StoredTask
from blocker.store.tables import SCHEMA, metadata

NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)


def task(name="T-1", **more) -> StoredTask:
    return StoredTask(Task(name, "Landing page", "ana", timedelta(hours=2), **more), {"id": name})


def block(part=1, task="T-1") -> TimeBlock:
    span = Interval(NOW + timedelta(hours=part), NOW + timedelta(hours=part + 1))
    uid = block_uid("team", 27, task, part)
    zone = ZoneInfo("Europe/Paris")
    return TimeBlock(uid, "ana", task, 27, "S27", part, 2, span, zone, "Landing page", "Words\n")


def intent(before, after) -> Intent:
    return Intent("/ana.ics", "ana", (before or after).uid, before, after)


@pytest.fixture
def address(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/state/blocker.db"


moments = (
    st.none()
    | st.builds(
        SprintMoment, st.integers(1, 9), st.integers(0, 6), st.none() | st.integers(0, 1440)
    )
    | st.builds(DateMoment, st.dates(), st.none() | st.integers(0, 1440))
)
tasks = st.builds(
    Task,
    id=st.from_regex(r"[A-Za-z0-9._-]{1,20}", fullmatch=True),
    # intake lets no NUL through, which PostgreSQL does not take
    title=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    owner=st.just("ana"),
    estimate=st.timedeltas(timedelta(seconds=1), timedelta(days=30)).map(
        lambda span: timedelta(seconds=int(span.total_seconds()))
    ),
    priority=st.integers(1, 4),
    due=moments.filter(lambda one: not isinstance(one, DateMoment) or one.day.year > 999),
    not_before=st.none(),
    after=st.lists(st.builds(After, st.just("T-0"), st.just(timedelta(days=2))), max_size=2).map(
        tuple
    ),
    outcome=st.none() | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=9),
    sprint=st.none() | st.integers(1, 999),
    state=st.sampled_from(TaskState),
    id_is_made=st.booleans(),
    shortest=st.none() | st.just(timedelta(minutes=50)),
    longest=st.none() | st.just(timedelta(hours=1)),
)


def test_tasks_come_back_as_they_went_in_and_in_their_order(store_url):
    with open_store(store_url, "team") as store:

        @given(st.lists(tasks, max_size=4, unique_by=lambda one: one.id))
        def check(some):
            with store.transaction():
                store.remove_tasks(list(store.tasks()))
                store.save_tasks(StoredTask(one, None) for one in some)
            assert [stored.task for stored in store.tasks().values()] == some

        check()


def test_a_transaction_that_fails_leaves_nothing(store_url):
    with open_store(store_url, "team") as store:
        with pytest.raises(RuntimeError), store.transaction():
            store.save_tasks([task()])
            raise RuntimeError
        assert store.tasks() == {}


def test_a_change_outside_of_a_transaction_is_a_defect(store_url):
    with open_store(store_url, "team") as store, pytest.raises(RuntimeError):
        store.save_tasks([task()])


def test_teams_share_a_store_without_seeing_each_other(store_url):
    with open_store(store_url, "one") as store, store.transaction():
        store.save_tasks([task()])
    with open_store(store_url, "two") as store:
        assert store.tasks() == {}


def test_a_run_saves_its_intents_and_remembers_what_became_of_them(store_url):
    with open_store(store_url, "team") as store:
        with store.transaction():
            saved = store.begin_run(
                "book", "ana", 27, NOW, [intent(None, block(1)), intent(None, block(2))]
            )
        assert store.open_intents() == saved
        with store.transaction():
            store.settle(saved[0], IntentState.DONE, "r1")
            store.settle(saved[1], IntentState.CHANGED)
        assert store.open_intents() == []
        known = store.receipts()
        assert [one.block for one in known.values()] == [block(1)]
        assert [one.revision for one in known.values()] == ["r1"]
        with store.transaction():
            gone = store.begin_run("book", "ana", 27, NOW, [intent(block(1), None)])
            store.settle(gone[0], IntentState.DONE)
        assert store.receipts() == {}


def test_the_last_run_is_the_askers_own_and_not_undone(store_url):
    with open_store(store_url, "team") as store:
        for asker in ("ana", None, "ana"):
            with store.transaction():
                store.begin_run("book", asker, 27, NOW, [intent(None, block())])
        assert store.last_run("ana").id == 3
        assert store.last_run(None).id == 2
        assert store.last_run("ben") is None
        with store.transaction():
            store.begin_run(UNDO, "ana", 27, NOW, [intent(block(), None)])
            store.mark_undone(3, NOW)
        assert store.last_run("ana").id == 1


def test_a_day_limit_is_raised_for_one_member_and_day_and_the_last_word_counts(store_url):
    day = date(2027, 1, 6)
    with open_store(store_url, "team") as store:
        with store.transaction():
            store.raise_day_limit("ana", day, timedelta(hours=6))
            store.raise_day_limit("ana", day, timedelta(hours=7), "launch week")
            store.raise_day_limit("ben", day, timedelta(hours=5))
        assert store.day_limits() == {
            ("ana", day): timedelta(hours=7),
            ("ben", day): timedelta(hours=5),
        }
    with open_store(store_url, "other") as store:
        assert store.day_limits() == {}


def test_a_rehearsal_sees_what_is_there_and_changes_nothing(store_url):
    with open_store(store_url, "team") as store, store.transaction():
        store.save_tasks([task(after=(After("T-0", timedelta(days=2)),))])
        store.begin_run("book", None, 27, NOW, [intent(None, block(1)), intent(block(1), None)])
        store.raise_day_limit("ana", date(2027, 1, 6), timedelta(hours=7))
        kept = store.tasks(), store.open_intents(), store.day_limits(), store.last_run(None)
    with open_store(store_url, "other") as store, store.transaction():
        store.save_tasks([task("T-9")])
    with open_store(store_url, "team", rehearse=True) as store:
        assert kept == (
            store.tasks(), store.open_intents(), store.day_limits(), store.last_run(None)
        )  # fmt: skip
        with store.transaction():
            store.save_tasks([task("T-2")])
            store.begin_run("book", None, 27, NOW, [intent(None, block(2))])
        assert len(store.tasks()) == 2
    with open_store(store_url, "team") as store:
        assert (store.tasks(), store.open_intents()) == kept[:2]


def test_a_rehearsal_leaves_no_trace_in_the_folder(address, tmp_path):
    with open_store(address, "team", rehearse=True) as store, store.transaction():
        store.save_tasks([task()])
    assert list(tmp_path.iterdir()) == []
    with open_store(address, "team") as store, store.transaction():
        store.save_tasks([task()])
    before = (tmp_path / "state" / "blocker.db").read_bytes()
    with open_store(address, "team", rehearse=True) as store, store.transaction():
        store.save_tasks([task("T-2")])
        assert len(store.tasks()) == 2
    assert (tmp_path / "state" / "blocker.db").read_bytes() == before


def test_the_migrations_make_the_tables_that_the_program_knows(address, tmp_path):
    with open_store(address, "team"):
        pass
    path = tmp_path / "state" / "blocker.db"
    with sqlite3.connect(path) as found:
        for table in metadata.sorted_tables:
            columns = [row[1] for row in found.execute(f"PRAGMA table_info({table.name})")]
            assert columns == [column.name for column in table.columns]
        assert found.execute("SELECT version_num FROM alembic_version").fetchone() == (SCHEMA,)


def test_the_file_is_its_owners_alone_whatever_the_umask(address, tmp_path):
    old = os.umask(0)
    try:
        with open_store(address, "team"):
            pass
    finally:
        os.umask(old)
    for path in (tmp_path / "state").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_fault_13_a_store_of_a_newer_version_is_refused(address, tmp_path):
    with open_store(address, "team"):
        pass
    with sqlite3.connect(tmp_path / "state" / "blocker.db") as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unreachable, match="newer version of blocker"), open_store(address, "team"):
        pass


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"x" * 5000]
)
def test_fault_13_a_file_that_is_no_store_is_refused_and_left_alone(address, tmp_path, content):
    (tmp_path / "state").mkdir()
    path = tmp_path / "state" / "blocker.db"
    path.write_bytes(content)
    with pytest.raises(Unreachable, match="not a blocker store"), open_store(address, "team"):
        pass
    assert path.read_bytes() == content


def test_fault_13_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    address = f"sqlite:///{tmp_path}/file/blocker.db"
    with pytest.raises(Unreachable, match="store "), open_store(address, "team"):
        pass


@pytest.mark.parametrize("address", ["nonsense", "mysql://x/y", "oracle://x/y"])
def test_an_address_that_is_not_understood_is_refused(address):
    with pytest.raises(Unreachable, match="store: "), open_store(address, "team"):
        pass


def test_a_full_disk_is_said_and_nothing_is_half_saved(address, tmp_path):
    with open_store(address, "team") as store, store.transaction():
        store.save_tasks([task()])
    with pytest.raises(Unreachable, match="disk is full"), open_store(address, "team") as store:
        with store._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with store.transaction():
            store._connection.exec_driver_sql("PRAGMA max_page_count = 1")
            store.save_tasks(
                [StoredTask(Task(f"T-{k}", "x" * 9000, "ana", timedelta(1))) for k in range(99)]
            )
    with open_store(address, "team") as store:
        assert list(store.tasks()) == ["T-1"]


def test_a_store_whose_writer_was_killed_can_be_read(address, tmp_path):
    """A hot journal: what was half written is rolled back, by a reader too."""
    import subprocess
    import sys

    with open_store(address, "team") as store, store.transaction():
        store.save_tasks([task()])
    path = tmp_path / "state" / "blocker.db"
    code = (
        "import os, sqlite3, signal\n"
        f"c = sqlite3.connect({str(path)!r}, isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 1'); c.execute('BEGIN IMMEDIATE')\n"
        "c.execute('CREATE TABLE big (x)')\n"
        "for k in range(200): c.execute('INSERT INTO big VALUES (?)', ('x' * 5000,))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert path.with_name("blocker.db-journal").exists()
    with open_store(address, "team", rehearse=True) as store:
        assert list(store.tasks()) == ["T-1"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tasks SET estimate = -5",
        "UPDATE tasks SET state = 'gone'",
        "UPDATE amendments SET content = '{}'",
    ],
)
def test_a_row_that_somebody_changed_is_named_and_no_defect(tmp_path, change):
    path = tmp_path / "blocker.db"
    with open_store(f"sqlite:///{path}", "team") as store, store.transaction():
        store.save_tasks([task()])
        store.amend([Amendment(AmendmentKind.DONE, 27, NOW, "ana", "T-1")])
    with sqlite3.connect(path) as raw:
        raw.execute(change)
    raw.close()
    with (
        pytest.raises(Unreachable, match="somebody changed it: restore"),
        open_store(f"sqlite:///{path}", "team") as store,
    ):
        store.tasks()
        store.amendments()
