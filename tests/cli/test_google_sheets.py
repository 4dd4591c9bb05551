"""Tasks from a Google Sheet, ids written back, and the audit's report beside them."""

import pytest

from tests.google_team import MANAGER, google_team

HEADER = ["id", "title", "owner", "estimate", "due", "priority"]
ROWS = [
    HEADER,
    ["", "Write the landing page", "ana", "3h", "2027-01-08", 1],
    ["T-2", "=Plan the webinar", "Ben Carter", "2h30", "W2 Wed", ""],
]


@pytest.fixture
def world(tmp_path):
    with google_team(tmp_path) as (google, team):
        sheet = google.spreadsheet("sheet-1", MANAGER, {"Tasks": ROWS, "Other": [["x"]]})
        yield google, team, sheet


def address(tab: str = "#Tasks") -> str:
    return f"https://docs.google.com/spreadsheets/d/sheet-1/edit{tab}"


def test_a_tab_is_booked_as_a_file_is(world):
    _, team, _ = world
    booked = team.book(address())
    assert booked.code == 0, booked.err
    members = {one["member"]: one["blocks"] for one in booked.json["members"]}
    assert {block["title"] for block in members["ben"]} == {"=Plan the webinar"}
    assert {block["task"] for block in members["ana"]} == {"write-the-landing-page"}
    assert team.audit().json["ok"]


def test_written_ids_keep_a_renamed_task_itself(world):
    _, team, sheet = world
    ran = team.run("import", address(), "--write-ids")
    assert ran.code == 0, ran.err
    assert "1 id written into the sheet." in ran.out
    tab = sheet.tabs[0]
    assert tab.get(1, 0).value == "write-the-landing-page"
    tab.get(1, 1).value = tab.get(1, 1).shown = "Write two landing pages"
    assert team.run("import", address()).out.endswith("0 tasks added, 1 changed, 0 dropped.\n")
    listed = team.run("task", "list", "--format", "json").json["tasks"]
    assert [(one["task"], one["title"]) for one in listed] == [
        ("write-the-landing-page", "Write two landing pages"),
        ("T-2", "=Plan the webinar"),
    ]
    again = team.run("import", address(), "--write-ids")
    assert again.code == 0 and "written" not in again.out


def test_mistakes_name_the_cell(world):
    _, team, sheet = world
    tab = sheet.tabs[0]
    tab.get(1, 2).value = tab.get(1, 2).shown = "nobody"
    tab.get(2, 3).value = tab.get(2, 3).shown = "0h"
    ran = team.run("import", address())
    assert ran.code == 3
    first, second = ran.err.splitlines()
    assert first.startswith("docs.google.com/…/sheet-…#Tasks:2: owner (C2): ")
    assert second.startswith("docs.google.com/…/sheet-…#Tasks:3: estimate (D3): ")


def test_the_report_is_pushed_and_pushed_again_but_never_over_something_else(world):
    _, team, sheet = world
    assert team.book(address()).code == 0
    first = team.run("audit", "--push", address("#Audit"))
    assert first.code == 0, first.err
    tab = next(one for one in sheet.tabs if one.title == "Audit")
    assert tab.get(0, 0).value == "blocker audit"
    assert tab.get(5, 2).value == "=Plan the webinar" and tab.get(5, 2).formula is None
    assert team.run("audit", "--push", address("#Audit")).code == 0
    refused = team.run("audit", "--push", address("#Tasks"))
    assert refused.code == 4
    assert "holds something else; name a tab that may be written" in refused.err
    assert sheet.tabs[0].get(1, 1).value == "Write the landing page"
    assert team.run("audit", "--push", address("")).code == 2
    assert team.run("audit", "--push", "report.csv").code == 2


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda google, sheet: google.state.sheets.clear(), "there is no such"),
        (lambda google, sheet: sheet.tabs.pop(0), "there is no such tab; its tabs are: Other"),
        (lambda google, sheet: setattr(sheet, "owner", "x@x.example"), "ben@small.example"),
        (lambda google, sheet: google.end_sign_ins(), "blocker login google"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_taken(world, spoil, said):
    google, team, sheet = world
    spoil(google, sheet)
    ran = team.run("import", address())
    assert ran.code == 4, ran.out + ran.err
    assert said in ran.err and "docs.google.com/…/sheet-…#Tasks" in ran.err
    assert "Traceback" not in ran.err
    assert team.run("task", "list", "--format", "json").json["tasks"] == []
