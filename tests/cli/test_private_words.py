"""`privacy: own`: every command, as every asker, in every form: no word of a colleague's meeting.

Titles, places, notes and names of invited people are marked with a word of their owner's; then all
that was said and written is searched for it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.cli.private_words import WORDS, PrivateTeam
from tests.dav_servers import radicale
from tests.odd_server import always, odd_server

__all__ = ["radicale"]  # a fixture

ASKERS = (None, "ana", "ben", "chloe")
LATE = "2027-01-08T08:00"

TASKS = (
    "T-1,Landing page,ana,4h,1,W1 Tue,,,leads,",
    "T-2,Report,ben,3h,1,W1 Thu,,,leads,",
    "T-3,Film cut,chloe,4h,1,W2 Wed,,T-1,leads,",
    "T-4,Everything,ana,60h,4,,,,,",
    "T-5,Everything else,chloe,60h,4,,,,,",
    "T-6,Flyer,ana,2h,3,,,,leads,backlog",
    "T-7,Poster,chloe,2h,3,,,,leads,backlog",
)

AUDITS = tuple(
    f"audit --format {form}" for form in ("table", "json", "markdown", "html", "junit", "svg")
)
DOES_NOT_FIT = (
    "book --dry-run --effort quick",
    "why T-4 --effort quick",
    "why T-5 --effort quick --format json",
    "fix T-4 1 --dry-run --effort quick",
    "fix T-5 1 --dry-run --effort quick --format json",
    "accept",
    *AUDITS,
)
"""Asked while two tasks have no room, and again when all have theirs."""
LOOKS = (
    *DOES_NOT_FIT,
    "doctor",
    "capacity",
    "capacity --format json",
    "book --dry-run --format json",
    "book --dry-run --format svg",
    *(f"why {task}{form}" for task in ("T-1", "T-3") for form in ("", " --format json")),
    "audit --for ana --for chloe",
    "accept --format json",
    "pull",
    "pull --format json",
    "reassign T-1",
    "reassign T-3 --format json",
    "away chloe 7 Jan --dry-run",
    "away ana 7 Jan --dry-run --format json",
    "close S27 --preview",
    "close S27 --preview --format json",
    "sprint list",
    "sprint show S27",
    "sprint show S27 --verify --format json",
    "status",
    "status --as-manager",
    "status --format json",
    "task list",
    "task show T-1",
    "task show T-3 --format json",
    "backlog",
    "outcome list",
    "undo --dry-run",
    "store check",
    "store log --format json",
    "store export --for ana",
    "store export --for chloe",
    "export -o exports",
    "export -o exports --team --format json",
)
"""What is asked by everybody; most change nothing, and the rest is refused."""

TAKEN_IN = (
    ("ben", "import tasks.csv"),
    ("ben", "outcome add leads Leads"),
    ("ana", "book"),
    ("ben", "book"),
    ("ben", "fix T-5 1"),
    ("ana", "undo"),
    ("ben", "book --format json"),
)
ACCEPTED = (
    ("ben", "task drop T-4"),
    ("ben", "task drop T-5"),
    ("ben", "book"),
    ("ben", "accept --waive T-1 --waive T-2 --waive T-3 --because late"),
)
LATER = (
    ("ana", "book"),
    ("ben", "book"),
    ("chloe", "more T-3 1h --because notes"),
    ("ben", "missed T-2 --because ill"),
    ("ben", "reassign T-3 ana --because ill"),
    ("ben", "away ana 14 Jan --because ill --carry"),
    ("ben", "done T-2"),
    ("ana", "pull --take T-6"),
    ("ben", "swap --out T-6 --in T-7 --because press"),
    ("ben", "export -o exports"),
    ("ben", "store backup backup.json"),
    ("ben", "close S27 --plan plan.csv"),
    ("ben", "sprint show S27"),
)
BROKEN = ("doctor", "doctor ana.ics", "capacity", "book", "why T-7", "audit", "audit --format html")


@pytest.fixture(params=["own", "all"])
def where(request, team, radicale, monkeypatch):
    """Everything that a run may write lies in the team's folder."""
    folder = team.folder
    (folder / "tmp").mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DAV_PASSWORD", radicale.password)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "settings"))
    monkeypatch.setattr("tempfile.tempdir", str(folder / "tmp"))
    team.tasks(*TASKS)
    with odd_server(always(404)) as feed:
        found = PrivateTeam(team, feed, radicale, radicale.new_calendar(), request.param)
        found.open()
        yield found


def look_around(where: PrivateTeam, lines: Iterable[str], now: str | None = None) -> None:
    """Everybody asks everything; of `privacy: all` one asker sees enough."""
    for asker in ASKERS if where.privacy == "own" else ("ben",):
        for line in lines:
            ran = where.run(asker, line, now)
            assert ran.code < 70, (asker, line, ran.err)


def act(where: PrivateTeam, steps: Iterable[tuple[str, str]], now: str | None = None) -> None:
    """Each is done; that some time finds no room does not matter here."""
    for asker, line in steps:
        ran = where.run(asker, line, now)
        assert ran.code == 0 or (ran.code == 1 and ran.out), (asker, line, ran.err)


def test_nobody_reads_a_word_of_a_colleagues_and_none_is_kept(where):
    act(where, TAKEN_IN)
    where.everybody_meets(4, "13:00", 2)  # over blocks, so that meetings are spoken of
    look_around(where, DOES_NOT_FIT)
    act(where, ACCEPTED[:-1])
    for day, clock in ((4, "15:00"), (5, "09:00")):
        where.everybody_meets(day, clock, 2)
    act(where, ACCEPTED[-1:])
    assert "S27, 4-17 Jan 2027, accepted" in where.run("ben", "sprint show S27").out
    where.everybody_meets(5, "11:00", 1)
    look_around(where, LOOKS)
    act(where, LATER[:-2], now=LATE)
    where.team.write("plan.csv", where.run("ben", "close S27 --preview --format csv", LATE).out)
    for line_by_line in (False, True):
        where.ana_breaks_hers(line_by_line=line_by_line)
        look_around(where, BROKEN, LATE)
    act(where, LATER[-2:], now=LATE)

    assert where.found_in_store() == []
    assert where.found_in_files() == []
    assert where.found_in_calendars() == []
    if where.privacy == "own":
        assert where.heard_by_others == []
        assert where.heard_by_owners == set(WORDS)  # so this search finds what is there
    else:
        assert any(WORDS["chloe"] in line for line in where.heard_by_others)


def test_a_defect_report_tells_of_the_program_alone(where, monkeypatch):
    act(where, TAKEN_IN)

    def fall_over(case: object) -> None:
        raise KeyError(type(case).__name__)

    monkeypatch.setattr("blocker.auditing.audit.TASK_RULES", (fall_over,))
    assert where.run("ben", "-v audit").code == 70
    assert list((where.team.folder / "tmp").glob("blocker-defect-*"))
    assert where.found_in_files() == [] == where.heard_by_others
