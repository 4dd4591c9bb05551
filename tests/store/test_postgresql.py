"""What only a shared database has: a lock that dies with its holder, and ways to be unreachable."""

import re
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url

from blocker.domain.errors import Unreachable
from blocker.domain.task import Task
from blocker.store import on_postgresql
from blocker.store.on_postgresql import place_of
from blocker.store.opening import open_store
from blocker.store.postgresql_errors import reason_of
from blocker.store.postgresql_tls import options_of
from blocker.store.records import StoredTask


def task(name: str) -> StoredTask:
    return StoredTask(Task(name, "Landing page", "ana", timedelta(hours=2)))


def opens(url: str, message: str, **more) -> None:
    with pytest.raises(Unreachable, match=message), open_store(url, "team", **more):
        pass


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(on_postgresql, "_OTHERS_SECONDS", 0.2)


@pytest.fixture
def database(postgres) -> str:
    return make_url(postgres).database


def test_one_run_of_a_team_at_a_time_and_other_teams_do_not_wait(postgres, impatient):
    with open_store(postgres, "team") as store, store.transaction():
        store.save_tasks([task("T-1")])
    with open_store(postgres, "team"):
        opens(postgres, "another run of blocker has held it for ten minutes; wait for it to end")
        with open_store(postgres, "other") as other, other.transaction():
            other.save_tasks([task("T-2")])
        with open_store(postgres, "team", rehearse=True) as rehearsed:
            assert list(rehearsed.tasks()) == ["T-1"]
    with open_store(postgres, "team") as store:
        assert list(store.tasks()) == ["T-1"]


def test_behind_a_pooler_that_changes_sessions_nothing_is_written(postgres, monkeypatch):
    """A pooler by transaction, as it looks from here: the next transaction is elsewhere."""
    said = "a pooler serves each transaction by another session, .*; connect past the pooler"
    with pytest.raises(Unreachable, match=said), open_store(postgres, "team") as store:
        with store.transaction():
            store.save_tasks([task("T-1")])
        monkeypatch.setattr(on_postgresql, "_SESSION", "SELECT pg_backend_pid() + 1")
        with store.transaction():
            store.save_tasks([task("T-2")])
    monkeypatch.undo()
    with open_store(postgres, "team") as store:
        assert list(store.tasks()) == ["T-1"]
    monkeypatch.setattr(on_postgresql, "_wait", lambda *_: None)  # the lock is held elsewhere
    opens(postgres, said)


HOLDS = """\
import sys, time
from blocker.store.opening import open_store
with open_store(sys.argv[1], "team") as store, store.transaction():
    store.remove_tasks(["T-1"])
    print("held", flush=True)
    time.sleep(600)
"""


def test_the_lock_of_a_killed_run_is_gone_with_it_and_so_is_what_it_began(postgres):
    with open_store(postgres, "team") as store, store.transaction():
        store.save_tasks([task("T-1")])
    holder = subprocess.Popen([sys.executable, "-c", HOLDS, postgres], stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout.readline() == b"held\n"
        threading.Timer(0.2, lambda: holder.send_signal(signal.SIGKILL)).start()
        with open_store(postgres, "team") as store:  # it waits until then
            assert list(store.tasks()) == ["T-1"]
        assert holder.wait() == -signal.SIGKILL


def test_nothing_is_held_in_the_database_while_calendars_are_waited_for(
    postgres, postgres_server, database
):
    with open_store(postgres, "team") as store:
        with store.transaction():
            store.save_tasks([task("T-1")])
        store.tasks()
        states = postgres_server.execute(
            f"SELECT state FROM pg_stat_activity WHERE datname = '{database}' "
            "AND application_name = 'blocker'"
        )
    assert states == [("idle",)]


def test_a_connection_lost_in_the_midst_is_said_and_nothing_more_is_written(
    postgres, postgres_server
):
    lose = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='blocker'"
    said = "the connection was lost; run it again"
    with pytest.raises(Unreachable, match=said), open_store(postgres, "team") as store:
        with store.transaction():
            store.save_tasks([task("T-1")])
        with pytest.raises(Exception, match="terminating"), store.transaction():
            store.save_tasks([task("T-2")])
            postgres_server.execute(lose)
            store.save_tasks([task("T-3")])
        with store.transaction():  # whoever goes on must not write without the lock
            store.save_tasks([task("T-4")])
    with open_store(postgres, "team") as store:
        assert list(store.tasks()) == ["T-1"]
    with pytest.raises(Unreachable, match=said), open_store(postgres, "team") as store:
        postgres_server.execute(lose)
        store.tasks()


def test_whoever_comes_first_makes_the_tables_and_the_others_use_them(postgres):
    troubles = []

    def come(name: str) -> None:
        try:
            with open_store(postgres, "team") as store, store.transaction():
                store.save_tasks([task(name)])
        except Exception as problem:
            troubles.append(problem)

    threads = [threading.Thread(target=come, args=(f"T-{k}",)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with open_store(postgres, "team", rehearse=True) as store:
        assert sorted(store.tasks()) == [f"T-{k}" for k in range(6)]


def test_a_rehearsal_on_an_empty_database_makes_nothing(postgres, postgres_server, database):
    with open_store(postgres, "team", rehearse=True) as store, store.transaction():
        store.save_tasks([task("T-1")])
    count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert postgres_server.execute(count, database) == [(0,)]


@pytest.mark.parametrize("rehearse", [True, False])
def test_another_schema_is_said_and_left_alone(postgres, postgres_server, database, rehearse):
    with open_store(postgres, "team"):
        pass
    for schema, said in {
        "0003": r"earlier version \(schema 0003.*brings them forward with: blocker store migrate",
        "9999": "newer version of blocker .*update blocker",
        "1f3a9c": "belongs to another program; name one of its own",
    }.items():
        postgres_server.execute(f"UPDATE alembic_version SET version_num = '{schema}'", database)
        opens(postgres, said, rehearse=rehearse)


def test_texts_are_in_the_same_order_as_in_a_file_whatever_the_databases_language(postgres):
    """The server of these tests knows no language but C: what it is asked has to do."""
    with open_store(postgres, "team") as store:
        asked = []
        event.listen(store._engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        store.outcomes()
        store.tasks()
        store.day_limits()
    assert [statement.split("ORDER BY ")[1] for statement in asked if "ORDER BY" in statement] == [
        'outcomes.id COLLATE "C"',
        "tasks.position",
        'day_limits.team COLLATE "C", day_limits.member COLLATE "C", day_limits.day COLLATE "C"',
    ]


# Who cannot get in


def test_what_cannot_be_reached_is_named_with_its_reason(postgres_server):
    opens("postgresql+psycopg://ana@127.0.0.1:1/db", r"ana@127.0.0.1:1/db: it cannot be reached")
    opens("postgresql+psycopg://ana@/db?host=/nowhere", r"it cannot be reached \(.*No such file")
    opens(postgres_server.url("nodb"), "no database nodb; make it with: createdb nodb")
    opens(postgres_server.url("postgres", "zoe"), "the server knows no user named zoe")
    far = postgres_server.far_url("postgres")
    opens(f"{far}?sslmode=require", r"knows no TLS.*or add \?sslmode=disable")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("failed to resolve host 'db': [Errno -2] Name or service not known", "cannot be reached"),
        ("[Errno -2] Name or service not known", "cannot be reached"),
        ("connection timeout expired", "cannot be reached"),
        ("FATAL:  sorry, too many clients already", "no connection left; try again later"),
        ("FATAL:  the database system is starting up", "not ready .* try again in a minute"),
        ("FATAL:  no pg_hba.conf entry for host", "lets nobody in from here .* ask whoever runs"),
        ("SSL error: certificate verify failed", "TLS cannot be trusted .* check sslmode"),
    ],
)
def test_what_servers_elsewhere_say_is_put_in_plain_words(said, reason):
    url = make_url("postgresql+psycopg://ana@db/blocker")
    assert re.search(reason, reason_of(psycopg.OperationalError(said), url))


@pytest.fixture
def locked(postgres, postgres_server, database) -> str:
    """A store whose user needs a password."""
    postgres_server.execute("CREATE ROLE locked LOGIN PASSWORD 'open sesame'")
    postgres_server.execute("GRANT ALL ON SCHEMA public TO locked", database)
    rules = postgres_server.folder / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all locked scram-sha-256\n{before}")
    postgres_server.execute("SELECT pg_reload_conf()")
    yield postgres_server.url(database, "locked")
    rules.write_text(before)
    postgres_server.execute("SELECT pg_reload_conf()")
    postgres_server.execute("DROP OWNED BY locked", database)
    postgres_server.execute("DROP ROLE locked")


def test_a_password_comes_from_where_postgresql_looks_for_it(locked, monkeypatch, tmp_path):
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    opens(locked, r"asks for a password.*~/.pgpass \(a line HOST:PORT:.*PGPASSWORD")
    monkeypatch.setenv("PGPASSWORD", "wrong")
    opens(locked, "refuses locked with this password; mend it")
    monkeypatch.delenv("PGPASSWORD")
    (tmp_path / "pgpass").write_text("*:*:*:locked:open sesame\n")
    (tmp_path / "pgpass").chmod(0o600)
    with open_store(locked, "team") as store:
        assert store.tasks() == {}


def test_who_lacks_a_right_is_told_so(postgres, postgres_server, database):
    with open_store(postgres, "team"):
        pass
    postgres_server.execute("CREATE ROLE reader LOGIN")
    try:
        opens(postgres_server.url(database, "reader"), "does not let reader do this .permission")
    finally:
        postgres_server.execute("DROP ROLE reader")


def test_no_password_is_ever_shown():
    url = make_url("postgresql+psycopg://ana:secret@db.example:5433/blocker?sslmode=disable")
    assert place_of(url) == "postgresql://ana:***@db.example:5433/blocker"


@pytest.mark.parametrize(
    ("address", "environment", "mode"),
    [
        ("//ana@db.example/blocker", {}, "require"),
        ("//ana@db.example:5433/blocker", {}, "require"),
        ("///blocker?host=db.example", {}, "require"),
        ("///blocker?host=localhost:5432&host=db.example:5432", {}, "require"),
        ("///blocker", {"PGHOST": "db.example"}, "require"),
        ("//ana@db.example/blocker?sslmode=verify-full", {}, None),
        ("//ana@db.example/blocker", {"PGSSLMODE": "verify-ca"}, None),
        ("//ana@localhost/blocker", {}, None),
        ("//ana@127.0.0.1/blocker", {}, None),
        ("//ana@[::1]/blocker", {}, None),
        ("///blocker?host=/run/postgresql", {}, None),
        ("///blocker", {}, None),
    ],
)
def test_tls_is_required_off_this_machine_unless_somebody_says_otherwise(
    address, environment, mode, monkeypatch
):
    for name in ("PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert options_of(make_url(f"postgresql+psycopg:{address}")).get("sslmode") == mode


def test_a_service_file_serves_and_must_encrypt_off_this_machine(
    postgres, postgres_server, database, monkeypatch, tmp_path
):
    (tmp_path / "services").write_text(
        f"[team]\nhost={postgres_server.folder}\nport={postgres_server.port}\nuser=postgres\n"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    with open_store(f"postgresql+psycopg:///{database}?service=team", "team") as store:
        assert store.tasks() == {}
    monkeypatch.setattr("blocker.store.postgresql_tls._is_here", lambda _: False)
    opens(f"postgresql+psycopg:///{database}?service=team", "connects without TLS; add sslmode=req")
