"""Tasks files: encodings, separators, spreadsheets, other tools' columns, ids and order."""

from __future__ import annotations

import tracemalloc
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocker.domain.errors import WrongInput
from blocker.domain.moment import DateMoment, SprintMoment
from blocker.domain.task import After
from blocker.domain.team import Team
from blocker.intake.sprint_word import SprintWord
from blocker.intake.tasks_file import TaskTable, read_tasks
from tests.intake.samples import HEADER, read, stored, wrong


def test_a_full_row(csv: Path, team: Team) -> None:
    row = (
        'T-1,Write the brief,Ana Ruiz,1h30,high,W2 Wed,2027-01-04,"T-2+2d, T-3",leads,Spring,S27\n'
    )
    table = read(csv, team, HEADER + row, known=stored(T_2="", T_3=""))
    (task,) = table.rows
    assert (task.line, task.id, task.id_is_made, task.title) == (2, "T-1", False, "Write the brief")
    assert (task.owner, task.estimate, task.priority) == ("ana", timedelta(minutes=90), 2)
    assert (task.due, task.not_before) == (SprintMoment(2, 2), DateMoment(date(2027, 1, 4)))
    assert task.after == (After("T-2", timedelta(days=2)), After("T-3"))
    assert (task.outcome, task.campaign, task.sprint) == ("leads", "Spring", SprintWord(27))
    assert task.cells["due"] == "W2 Wed"
    assert task.cells["owner"] == "Ana Ruiz"
    assert table.notes == ()


def test_empty_cells_are_none_and_not_cells(csv: Path, team: Team) -> None:
    (task,) = read(csv, team, HEADER + ",Write the brief,ana,2h,,,,,,,\n").rows
    assert task.id_is_made and task.id == "write-the-brief"
    assert (task.priority, task.due, task.after, task.sprint, task.outcome) == (None,) * 5
    assert set(task.cells) == {"title", "owner", "estimate"}


@pytest.mark.parametrize("owner", ["ana", "ANA", " Ana Ruiz ", "ana ruiz", "Ana@Northwind.example"])
def test_owners_by_id_name_or_email(csv: Path, team: Team, owner: str) -> None:
    (task,) = read(csv, team, f"title,owner,estimate\nx,{owner},2h\n").rows
    assert task.owner == "ana"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_separators(
    csv: Path, team: Team, encoding: str, separator: str, newline: str
) -> None:
    lines = [
        "Title|OWNER|Estimate|After",
        "Café “élan”|ana|2h|",
        '"Two|halves"|ben|3h|cafe-elan',
        "",
    ]
    text = newline.join(lines).replace("|", separator)
    table = read(csv, team, text.encode(encoding))
    assert table.rows[0].title == "Café “élan”"
    assert table.rows[1].title.split() == f"Two{separator}halves".split()
    assert table.rows[1].after == (After("cafe-elan"),)


def test_excels_own_hint_of_the_separator(csv: Path, team: Team) -> None:
    (task,) = read(csv, team, "sep=;\r\ntitle;owner;estimate\r\na, b, c, d;ana;2h\r\n").rows
    assert (task.title, task.line) == ("a, b, c, d", 3)


def test_rows_are_named_by_the_line_they_begin_on(csv: Path, team: Team) -> None:
    text = 'title,owner,estimate\n\n"Two\nlines",ana,2h\n\n,,\nThird,ben,0h\n'
    assert wrong(csv, team, text).startswith(f"{csv}:7: estimate: ")


def test_titles_stay_plain_text_on_one_line(csv: Path, team: Team) -> None:
    titles = [
        "=1+1",
        "@SUM(A1)",
        "+1",
        "-1",
        "{=x}",
        "<script>alert(1)</script>",
        "Launch \x1b[31mred\x07 \u202eevil",
    ]
    body = "".join(f'T-{n},"{title}",ana,2h,,,,,,,\n' for n, title in enumerate(titles))
    rows = read(csv, team, HEADER + body).rows
    assert [row.title for row in rows[:6]] == titles[:6]
    assert rows[6].title == "Launch [31mred evil"
    (task,) = read(csv, team, HEADER + '"T-1","a\r\nBEGIN:VALARM\r\nb",ana,2h,,,,,,,\n').rows
    assert task.title == "a BEGIN:VALARM b"


def test_header_alone_is_an_empty_table_and_said(csv: Path, team: Team) -> None:
    assert read(csv, team, HEADER) == TaskTable((), ("the file holds no tasks",))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", 1),
        ("4", 4),
        ("high", 2),
        ("Medium", 3),
        ("LOW", 4),
        ("Highest", 1),
        ("P2", 2),
        ("2.0", 2),
    ],
)
def test_priorities(csv: Path, team: Team, text: str, wanted: int) -> None:
    (task,) = read(csv, team, f"title,owner,estimate,priority\nx,ana,2h,{text}\n").rows
    assert task.priority == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("S27", SprintWord(27)),
        ("s27", SprintWord(27)),
        ("27", SprintWord(27)),
        ("Current", SprintWord(word="current")),
        ("next", SprintWord(word="next")),
        ("BACKLOG", SprintWord(word="backlog")),
    ],
)
def test_sprints(csv: Path, team: Team, text: str, wanted: SprintWord) -> None:
    (task,) = read(csv, team, f"title,owner,estimate,sprint\nx,ana,2h,{text}\n").rows
    assert task.sprint == wanted


def test_times_with_an_offset_become_the_owners(csv: Path, team: Team) -> None:
    (task,) = read(csv, team, "title,owner,estimate,due\nx,ben,2h,2027-01-14T17:00:00.000Z\n").rows
    assert str(task.due) == "2027-01-14 12:00"


def test_a_spreadsheet(tmp_path: Path, team: Team) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Title", None, "Owner", "Estimate", "Due", "Priority"])
    sheet.append(["a", None, "ana", time(1, 30), datetime(2027, 1, 14), 2])
    sheet.append([])
    sheet.append(["b", None, "ben", timedelta(hours=30), datetime(2027, 1, 14, 12), 1.0])
    sheet.append([2027, None, "ben", "2h", "W2 Wed", None])
    path = tmp_path / "tasks.xlsx"
    book.save(path)
    rows = read_tasks(path, team=team, columns={}, locale="fr_FR", known={}).rows
    assert [row.line for row in rows] == [2, 4, 5]
    assert [row.estimate for row in rows[:2]] == [timedelta(minutes=90), timedelta(hours=30)]
    assert [str(row.due) for row in rows] == ["2027-01-14", "2027-01-14 12:00", "W2 Wed"]
    assert [row.priority for row in rows] == [2, 1, None]
    assert rows[2].title == "2027"


def test_yaml_in_both_shapes(tmp_path: Path, team: Team) -> None:
    path = tmp_path / "tasks.yaml"
    tasks = (
        "- {id: T-1, title: 'no', owner: ana, estimate: 1:30, due: 2027-01-14 12:00}\n"
        "- id: T-2\n  title: b\n  owner: ben\n  list: x\n  estimate: 2h\n  after: [T-1+2d]\n"
    )
    for text in (tasks, "tasks:\n" + tasks):
        first, second = read(path, team, text).rows
        assert (first.title, first.estimate) == ("no", timedelta(minutes=90))
        assert second.after == (After("T-1", timedelta(days=2)),)
        assert second.line == first.line + 1
    assert read(path, team, "tasks: []\n").rows == ()


def test_a_great_many_mistakes_are_cut(csv: Path, team: Team) -> None:
    message = wrong(csv, team, HEADER + "T-1,x,ana,0h,,,,,,,\n" * 5000)
    assert message.count("\n") == 100
    assert message.endswith("mistakes more")


@pytest.mark.parametrize("name", ["tasks.csv", "tasks.yaml", "tasks.xlsx", "tasks.json", "tasks"])
@given(data=st.binary(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_bytes_are_refused_in_words(tmp_path: Path, team: Team, name: str, data: bytes) -> None:
    try:
        assert read(tmp_path / name, team, data).rows == ()
    except WrongInput as error:
        assert "Traceback" not in str(error)


def test_a_huge_file_costs_little(tmp_path: Path, team: Team) -> None:
    path = tmp_path / "tasks.csv"
    with path.open("wb") as stream:
        stream.truncate(3_000_000_000)
    tracemalloc.start()
    try:
        assert "larger than" in wrong(path, team, None)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
