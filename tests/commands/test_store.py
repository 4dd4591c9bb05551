"""`store`: backups, checks, purges, what is kept about a person, who did what; on each database."""

import json
import stat
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from blocker.commands.audit import audit
from blocker.commands.done import done
from blocker.commands.fix import fix
from blocker.commands.sprints import list_sprints
from blocker.commands.status import status
from blocker.commands.store_backup import backup
from blocker.commands.store_check import check
from blocker.commands.store_log import log
from blocker.commands.store_migrate import migrate
from blocker.commands.store_person import everything_about
from blocker.commands.store_purge import purge
from blocker.commands.store_restore import restore
from blocker.commands.undo import undo
from blocker.domain.calendar_copy import EncryptedCopy
from blocker.domain.closing import Closing
from blocker.domain.commitment import (
    Amendment,
    AmendmentKind,
    Commitment,
    Completion,
    PromisedTask,
    away_in,
)
from blocker.domain.errors import Refused, Unreachable, WrongUse
from blocker.domain.interval import Interval
from blocker.domain.outcome import Outcome, Quarter
from blocker.domain.sprint import SprintState
from blocker.domain.task import Task, TaskState
from blocker.store.opening import open_store
from blocker.store.records import Intent, IntentState, StoredTask
from blocker.store.sealing import faults_of
from tests.team import CONFIG, Team

HOUR = timedelta(hours=1)
OLD, NOW = datetime(2026, 12, 7, 8, tzinfo=UTC), datetime(2027, 1, 4, 8, tzinfo=UTC)
YEAR = date(2027, 1, 1)
"""S25 (7-20 Dec) ended before it; S26 (21 Dec - 3 Jan) did not."""
OLD_TASKS = [
    StoredTask(Task(name, title, owner, 2 * HOUR, sprint=25, state=state), {"title": title})
    for name, title, owner, state in (
        ("O-1", "Film", "ana", TaskState.DONE),
        ("O-2", "Mailing", "ana", TaskState.DONE),
        ("O-3", "Poster", "ben", TaskState.DROPPED),
        ("O-4", "Left over", "ben", TaskState.OPEN),
    )
]


@pytest.fixture
def past(team, store_url) -> Team:
    """Three sprints: S25 and S26 closed, S27 accepted and booked."""
    team.write("config.yaml", f"store: {store_url}\n{CONFIG}")
    with team.open().store() as store, store.transaction():
        store.save_tasks(OLD_TASKS)
    team.booked(
        "N-1,Blog post,ana,2h,1,,,O-1,leads,",
        "N-2,Landing page,ben,2h,2,,,,leads,",
        now="2027-01-04T08:00",
        asker="ben",
        sprint="S27",
    )
    with team.open().store() as store, store.transaction():
        _fill(store)
    return team


def _fill(store) -> None:
    for sprint, at in ((25, OLD), (26, OLD + timedelta(days=14)), (27, NOW)):
        tasks = [one.task for one in store.tasks().values() if one.task.sprint == sprint]
        store.seal(
            Commitment("small", sprint, f"S{sprint}", at, "ben", tuple(map(promised, tasks)))
        )
        is_over = sprint < 27
        state = SprintState.CLOSED if is_over else SprintState.ACCEPTED
        store.set_sprint_state(sprint, state)
        store.log(at, "ben", f"accepted S{sprint}")
        store.amend([Amendment(AmendmentKind.AWAY, sprint, at, "ben", member="ana")])
        if is_over:
            record = Closing("small", sprint, f"S{sprint}", at, "ben", True, HOUR, HOUR, HOUR, ())
            store.close(record)
    receipt = next(iter(store.receipts().values()))
    for part, state in ((8, IntentState.DONE), (9, IntentState.OPEN)):
        block = replace(receipt.block, uid=f"{part}@blocker", sprint=25, task="O-1", part=part)
        intent = Intent("ics out/ana.ics", "ana", block.uid, None, block)
        (saved,) = store.begin_run("book", "ana", 25, OLD, [intent])
        if state is IntentState.DONE:
            store.settle(saved, state)
    store.complete(Completion("O-1", "ana", 25, None, 2 * HOUR, 3 * HOUR, OLD))
    store.raise_day_limit("ana", date(2026, 12, 9), 7 * HOUR, "launch")
    store.save_outcome(Outcome("leads", "300 leads", Quarter(2027, 1), "ana"))
    store.keep_calendar_copies("r", {"n": EncryptedCopy("n", b"secret", OLD)}, OLD)


def promised(task: Task) -> PromisedTask:
    return PromisedTask(
        task.id, task.title, task.owner, task.estimate, task.priority, NOW, NOW + HOUR,
        (), task.outcome, None, task.state, (),
    )  # fmt: skip


def kept(team) -> dict:
    with team.open().store(rehearse=True) as store:
        return store.everything()


@contextmanager
def changing(team):
    """SQL against the store, as somebody might write it who should not."""
    with team.open().store() as store, store.transaction():
        yield store._connection.exec_driver_sql


# check


def test_what_was_made_rightly_is_found_right_and_says_what_was_looked_at(past):
    found = check(past.open())
    assert (found.ok, found.schema) == (True, "0005")
    assert found.counts["commitments"] == 3
    assert found.notes == ("a run was cut short, its writes: 1; the next book finishes it",)
    assert check(past.open(now="2027-02-01")).ok


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE commitments SET content = REPLACE(content, '\"PT2H\"', '\"PT1H\"') "
            "WHERE sprint = 25",
            "commitment 1, of sprint 25, is not what was sealed: somebody changed it",
        ),
        (
            "UPDATE commitments SET content = '' WHERE sprint = 27",
            "commitment 3, of sprint 27, is empty, and only a closed sprint's is ever purged",
        ),
        ("DELETE FROM commitments WHERE sprint = 26", "a commitment before number 3 is missing"),
        (
            "DELETE FROM commitments WHERE sprint = 27",
            "S27 was accepted, and its commitment is gone",
        ),
        (
            "DELETE FROM sprints WHERE number = 27",
            "S27 is not accepted, and a commitment is kept",
        ),
        (
            "UPDATE sprints SET state = 'accepted' WHERE number = 26",
            "S26 is accepted, and a record says that it was closed",
        ),
        (
            "UPDATE tasks SET sprint = 27 WHERE id = 'O-4'",
            "O-4 is in S27 now, and nothing records how it came in",
        ),
    ],
)
def test_whatever_was_changed_past_the_program_is_named(past, statement, fault):
    with changing(past) as sql:
        sql(statement)
    found = check(past.open())
    assert fault in found.faults and not found.ok


def test_on_the_command_line_a_fault_is_a_no(past):
    assert past.run("store", "check").code == 0
    with changing(past) as sql:
        sql("DELETE FROM commitments WHERE sprint = 27")
    ran = past.run("store", "check")
    assert ran.code == 1
    assert "  x S27 was accepted, and its commitment is gone" in ran.out.splitlines()
    assert past.run("store", "check", "--format", "json").json["ok"] is False


@pytest.mark.parametrize(
    ("content", "how"),
    [
        ("REPLACE(content, '\"PT2H\"', '\"PT1H\"')", "was changed since it was sealed"),
        ("'not JSON'", "was changed since it was sealed"),
        ("''", "was emptied since it was sealed"),
    ],
)
def test_nothing_rests_on_a_commitment_that_is_not_what_was_sealed(past, content, how):
    with changing(past) as sql:
        sql(f"UPDATE commitments SET content = {content} WHERE sprint = 27")
    before = kept(past)["tasks"]
    jobs = [audit, status]
    if content != "''":
        jobs.append(lambda workspace: done(workspace, "N-1"))
    for job in jobs:
        with pytest.raises(Unreachable) as told:
            job(past.open(asker="ben"))
        assert str(told.value) == (
            f"store: the commitment of sprint 27 {how}; see: blocker sprint show 27 --verify"
        )
    assert kept(past)["tasks"] == before
    assert not check(past.open()).ok
    ran = past.run("sprint", "show", "27", "--verify")
    assert ran.code == 1 and "commitment 3, of sprint 27, is " in ran.out


# backup


def test_a_backup_is_a_store_with_everything_in_it_for_its_owner_alone(past):
    path = past.folder / "copies.db"
    done = backup(past.open(), path)
    assert (done.tasks, done.commitments) == (6, 3)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with open_store(f"sqlite:///{path}", "small") as store:
        assert store.everything() == kept(past)
        with store.transaction():
            store.log(NOW, None, "one more")
        assert store.faults() == []


def test_a_backup_writes_over_a_file_only_when_told_to_and_never_over_the_store(past):
    path = past.write("copy.db", "mine")
    with pytest.raises(Refused, match=r"copy.db is there already; name another file, or add --f"):
        backup(past.open(), path)
    assert path.read_text() == "mine"
    backup(past.open(), path, force=True)
    assert path.read_bytes().startswith(b"SQLite")
    store = past.folder / "state" / "blocker.db"
    if store.exists():
        with pytest.raises(Refused, match="is the store itself"):
            backup(past.open(), store, force=True)
    with pytest.raises(Unreachable, match="cannot be written"):
        backup(past.open(), past.folder / "nowhere" / "copy.db")
    assert [one.name for one in past.folder.iterdir() if one.name.startswith(".copy")] == []


# restore


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_backup_fills_an_empty_store_of_either_kind(past, postgres_server, to):
    backup(past.open(), past.folder / "copy 1?.db")
    before = kept(past)
    name = postgres_server.make_database()
    url = postgres_server.url(name) if to == "postgresql" else f"sqlite:///{past.folder}/new.db"
    with open_store(url, "other") as store, store.transaction():
        store.begin_run("book", None, 27, NOW, [])  # numbers are taken
        store.log(NOW, None, "something")
    past.write("config.yaml", f"store: {url}\n{CONFIG}")
    with pytest.raises(Refused, match="store restore is for a manager"):
        restore(past.open(asker="ana"), past.folder / "copy 1?.db")
    done = restore(past.open(asker="ben"), past.folder / "copy 1?.db")
    assert (done.tasks, done.commitments) == (6, 3)
    assert check(past.open()).ok and check(past.open()).counts["log entries"] == 6
    after = kept(past)
    assert after["log"].pop()["what"] == "restored copy 1?.db"
    for rows in (before, after):
        numbers = [row.pop("id") for row in rows["runs"]]
        for row in rows["intents"]:
            row["run"] = numbers.index(row["run"])
        for table in ("intents", "amendments", "log"):
            for row in rows[table]:
                del row["id"]
    assert after == before
    with pytest.raises(Refused, match="something of Small Team already; restore fills an empty"):
        restore(past.open(asker="ben"), past.folder / "copy 1?.db")
    postgres_server.drop_database(name)


def test_a_store_whose_tables_were_just_made_is_still_empty(past, postgres_server):
    """The order that PostgreSQL asks for: the manager makes the tables, then restores."""
    backup(past.open(), past.folder / "copy.db")
    before = kept(past)
    name = postgres_server.make_database()
    past.write("config.yaml", f"store: {postgres_server.url(name)}\n{CONFIG}")
    migrate(past.open(asker="ben"))
    with past.open().store() as store, store.transaction():
        store.keep_calendar_copies("r", {"n": EncryptedCopy("n", b"newer", NOW)}, OLD)
    restore(past.open(asker="ben"), past.folder / "copy.db")
    after = kept(past)
    said = [row["what"] for row in after["log"]]
    assert said[:-2] == [row["what"] for row in before["log"]]
    assert said[-2].startswith("brought the store from") and said[-1] == "restored copy.db"
    assert after["calendar_copies"] == before["calendar_copies"]
    postgres_server.drop_database(name)


def test_what_is_no_backup_of_the_team_is_refused(past):
    with pytest.raises(Refused, match=r"nowhere.db is not there"):
        restore(past.open(asker="ben"), past.folder / "nowhere.db")
    with open_store(f"sqlite:///{past.folder}/empty.db", "small"):
        pass
    with pytest.raises(Refused, match=r"empty.db holds nothing of the team small"):
        restore(past.open(asker="ben"), past.folder / "empty.db")
    with pytest.raises(Unreachable, match="not a blocker store"):
        restore(past.open(asker="ben"), past.write("text.db", "no database " * 500))


# purge


def test_what_is_old_goes_what_is_not_stays_and_the_chain_holds(past):
    before = kept(past)
    rehearsed = purge(past.open(asker="ben"), YEAR, dry_run=True)
    assert kept(past) == before
    done = purge(past.open(asker="ben"), YEAR)
    assert done.counts == rehearsed.counts == {
        "tasks": 2,  # O-1 stays: N-1 waits for it; O-4 is still open
        "runs": 1,  # the one that was cut short stays
        "intents": 1,
        "receipts": 1,
        "contents of commitments": 1,
        "amendments": 1,
        "closings": 1,
        "completions": 1,
        "day limits": 1,
        "copies of calendars": 1,
        "log entries": 2,
    }  # fmt: skip
    assert [one.name for one in done.sprints] == ["S25"]
    with past.open().store(rehearse=True) as store:
        assert list(store.tasks()) == ["O-1", "O-4", "N-1", "N-2"]
        chain = store.commitments()
        assert [one.content == "" for one in chain] == [True, False, False]
        assert faults_of(chain, [25]) == []
        assert store.commitment_of(25) is None and store.commitment_of(26) is not None
        assert [one.sprint for one in store.amendments()] == [26, 27]
        assert list(store.closings()) == [26]
        assert store.sprint_states()[25] is SprintState.CLOSED
        assert store.logged()[-1].what.startswith("purged what ended before 2027-01-01: 2 tasks")
    assert check(past.open()).ok
    assert purge(past.open(asker="ben"), YEAR).total == 0


def test_time_away_that_lasts_into_a_later_sprint_outlives_the_one_it_was_said_in(past):
    away = Amendment(AmendmentKind.AWAY, 25, OLD, "ben", member="ana")
    until = datetime(2027, 1, 1, tzinfo=UTC) - HOUR  # the year's first midnight in Paris
    with past.open().store() as store, store.transaction():
        store.amend(
            replace(away, span=Interval(OLD, end)) for end in (until, until + timedelta(days=9))
        )
    purge(past.open(asker="ben"), YEAR)
    with past.open().store(rehearse=True) as store:
        (kept,) = away_in(store.amendments())["ana"]
    assert kept.end == until + timedelta(days=9)


def test_a_purge_is_a_managers_and_about_what_is_past(past):
    with pytest.raises(WrongUse, match="store purge needs to know who decides"):
        purge(past.open(), YEAR)
    with pytest.raises(Refused, match="store purge is for a manager, and Ana Ruiz is none; ask B"):
        purge(past.open(asker="ana"), YEAR)
    with pytest.raises(WrongUse, match="2027-01-05 is still to come"):
        purge(past.open(asker="ben"), date(2027, 1, 5))
    before = kept(past)
    assert not purge(past.open(asker="ben"), YEAR, lambda _: False).is_done
    assert kept(past) == before
    ran = past.run("--as", "ben", "store", "purge", "--before", "2027-01-01", "--dry-run")
    assert ran.out.splitlines()[:2] == ["What is older than 2027-01-01 of S25:", "       2 tasks"]
    assert ran.out.splitlines()[-1] == "Nothing was purged yet."


def test_a_purged_sprint_is_listed_as_one_and_not_as_nothing(past):
    purge(past.open(asker="ben"), YEAR)
    sums, _ = list_sprints(past.open())
    assert {one.sprint.name: one.is_kept for one in sums} == {
        "S25": False,
        "S26": True,
        "S27": True,
    }
    assert "S25" in past.run("sprint", "list").out
    assert "its record was purged" in past.run("sprint", "list").out


# export


def test_a_person_hears_everything_that_is_kept_about_them_and_nothing_of_others(past):
    found = everything_about(past.open(asker="ana"), "Ana Ruiz")
    rows = {
        name: part["rows"]
        for name, part in found.items()
        if isinstance(part, dict) and "rows" in part
    }
    assert set(rows) == {"config", *kept(past)} - {"sprints"}
    assert {row["id"] for row in rows["tasks"]} == {"N-1", "O-1", "O-2"}
    assert rows["day_limits"][0]["because"] == "launch"
    assert {row["member"] for row in rows["intents"]} == {"ana"} == {
        row["member"] for row in rows["receipts"]
    }  # fmt: skip
    assert [task["id"] for one in rows["commitments"] for task in one["tasks"]] == [
        "O-1", "O-2", "N-1",
    ]  # fmt: skip
    assert len(rows["amendments"]) == 3 and len(rows["completions"]) == 1
    assert all(part["note"] for name, part in found.items() if name in rows)
    text = json.dumps(found)
    assert "Poster" not in text and "Landing page" not in text


def test_only_that_person_or_a_manager_may_ask(past):
    assert everything_about(past.open(asker="ben"), "ana")["person"]["id"] == "ana"
    with pytest.raises(Refused, match="about Ben Carter is for them, or for a manager"):
        everything_about(past.open(asker="ana"), "ben")
    with pytest.raises(WrongUse, match="needs to know who asks"):
        everything_about(past.open(), "ana")
    with pytest.raises(WrongUse, match="nobody in Small Team is called 'zoe'"):
        everything_about(past.open(asker="ben"), "zoe")


def test_it_is_written_into_a_new_file_or_to_stdout(past):
    ran = past.run("--as", "ana", "store", "export", "--for", "ana", "-o", "ana.json")
    assert (ran.code, ran.out) == (0, "")
    path = past.folder / "ana.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    said = past.run("--as", "ana", "store", "export", "--for", "ana")
    assert said.json == json.loads(path.read_text())
    again = past.run("--as", "ana", "store", "export", "--for", "ana", "-o", "ana.json")
    assert again.code == 1 and "ana.json is there already" in again.err


# log


def test_what_changes_calendars_and_tasks_is_logged_with_who_did_it(team):
    rows = (
        "T-1,Landing page,ana,2h,1,W1 Mon 12:00,,,,",
        "T-2,Blog post,ana,1h30,2,W1 Mon 12:00,,,,",
    )
    team.booked(*rows, asker="ana")
    team.booked(asker="ben")  # nothing to do: nothing to log
    assert fix(team.open(asker="ben"), "T-2", 1).is_done
    undo(team.open(asker="ana"))
    assert [(one.who, one.what) for one in log(team.open())] == [
        ("ana", "took in tasks.csv"),
        ("ana", "book: blocks of S27 written, moved or removed: 1"),
        ("ben", "fix T-2: split it: 45m now, 45m in S28"),
        ("ana", "undo: blocks of S27 set back: 1"),
    ]


def test_the_log_says_who_did_what_newest_last(past):
    recent = [one.what for one in log(past.open(), date(2026, 12, 20))]
    assert "accepted S26" in recent and "accepted S25" not in recent
    with past.open().store() as store, store.transaction():
        store.log(NOW + HOUR, None, "took in \x1b[31mtasks.csv")
    ran = past.run("store", "log", "--since", "2027-01-04")
    assert ran.out.splitlines()[-2:] == [
        "2027-01-04 09:00  Ben Carter    accepted S27",
        "2027-01-04 10:00  nobody named  took in  [31mtasks.csv",
    ]
    entries = past.run("store", "log", "--format", "json").json["entries"]
    assert entries[-1]["at"] == "2027-01-04T10:00:00+01:00"
    assert entries[0]["who"] in ("ben", None)
