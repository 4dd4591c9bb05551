"""An online spreadsheet's cells read as a CSV's would be, and named as people name them."""

import pytest

from blocker.domain.errors import WrongInput
from blocker.intake.google_tab import GoogleTab, parse_tab
from blocker.intake.grid_sheet import grid_sheet
from blocker.intake.problems import Wrong


@pytest.mark.parametrize(
    ("value", "looks", "text"),
    [
        (46401, "14/01/2027", "2027-01-14"),
        (46401, "Thursday, January 14, 2027", "2027-01-14"),
        (46401.5, "14.01.2027 12:00", "2027-01-14 12:00"),
        (0.0625, "1:30", "1:30"),
        (0.0625, "1:30:00", "1:30"),
        (1.5, "36:00:00", "36:00"),
        (2.5, "2,5", "2,5"),
        (2.5, "2,5 heures", "2,5"),
        (3, "3", "3"),
        ("2h", "2h", "2h"),
        (True, "TRUE", "TRUE"),
        (None, "", ""),
        ("W2 Wed", "W2 Wed", "W2 Wed"),
        (" =1+1", " =1+1", "=1+1"),
    ],
)
def test_a_number_is_what_people_see(value, looks, text):
    sheet = grid_sheet("x", [["title"], [value, "-"]], [["title"], [looks, "-"]], "fr_FR")
    assert sheet.rows[0].cell(0) == text


def test_rows_keep_their_numbers_and_cells_their_names():
    values = [[], ["id", "title"], [], ["", "Launch"], ["T-1", "#REF!"]]
    sheet = grid_sheet("x", values, values, None)
    assert sheet.line == 2
    assert [row.line for row in sheet.rows] == [4, 5]
    assert sheet.place(1, 5) == "title (B5)"
    assert sheet.broken[5, 1].message == "its formula gives #REF!"


def test_an_empty_tab_is_said():
    with pytest.raises(WrongInput, match="x: is empty; its first row names the columns"):
        grid_sheet("x", [[], [""]], [], None)


@pytest.mark.parametrize(
    ("address", "tab"),
    [
        ("https://docs.google.com/spreadsheets/d/1A-b_C", GoogleTab("1A-b_C")),
        ("https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0", GoogleTab("1AbC", None, 0)),
        (
            "https://docs.google.com/spreadsheets/d/1AbC/edit?gid=4&pli=1#gid=4&range=A1",
            GoogleTab("1AbC", None, 4),
        ),
        ("https://docs.google.com/a/x.com/spreadsheets/d/1AbC#Tâches", GoogleTab("1AbC", "Tâches")),
        ("https://docs.google.com/spreadsheets/u/1/d/1AbC#W%201", GoogleTab("1AbC", "W 1")),
    ],
)
def test_addresses_as_browsers_show_them(address, tab):
    assert parse_tab(address) == tab


@pytest.mark.parametrize(
    "address",
    [
        "http://docs.google.com/spreadsheets/d/1AbC",
        "https://docs.google.com/document/d/1AbC",
        "https://docs.google.com.evil.example/spreadsheets/d/1AbC",
        "https://example.com/spreadsheets/d/1AbC#Tasks",
    ],
)
def test_other_addresses_are_refused(address):
    with pytest.raises(Wrong, match="is no Google Sheet"):
        parse_tab(address)
