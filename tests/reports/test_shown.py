"""What each form shows of an accepted sprint that has drifted, kept as files to read.

After a wanted change write them anew with: RENEW=1 pytest tests/reports/test_shown.py
"""

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from blocker.reports.as_json import audit_json, to_text
from blocker.reports.as_junit import audit_junit
from blocker.reports.as_markdown import audit_markdown
from blocker.reports.as_rows import audit_rows
from blocker.reports.audit_table import show_audit
from tests.reports.drifted import drifted

SHOWN = Path(__file__).parent / "shown"
NOTES = ("an all-day event, 2027-01-15, takes 8h of working time",)


def table(report, team) -> str:
    out = Console(file=io.StringIO(), width=200, highlight=False, markup=False, emoji=False)
    show_audit(report, team, NOTES, out)
    return "".join(f"{line.rstrip()}\n" for line in out.file.getvalue().splitlines())


def rows(report, team) -> str:
    return "".join(
        "\t".join(str(cell) for cell in row).rstrip() + "\n" for row in audit_rows(report, team)
    )


FORMS = {
    "audit.txt": table,
    "audit.md": lambda report, team: audit_markdown(report, team, NOTES) + "\n",
    "audit.tsv": rows,
    "audit.junit.xml": lambda report, team: audit_junit(report, team).decode() + "\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_it_reads_as_the_file_says(name):
    text, path = FORMS[name](*drifted()), SHOWN / name
    if "RENEW" in os.environ:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
    assert "Dentist" not in text


def test_json_has_what_was_promised_only_after_acceptance():
    from dataclasses import replace

    report, team = drifted()
    zones = {one.id: one.zone for one in team.members}
    after = audit_json(report, zones)
    assert after["accepted"] == {"at": "2027-01-04T00:00:00+01:00", "by": "maya"}
    assert after["members"][0]["minutes"] == {
        "committed": 540, "on_calendar": 180, "promised": 420, "kept": 240,
    }  # fmt: skip
    assert [one["stood_minutes"] for one in after["outcomes"]] == [120, 0]
    before = audit_json(replace(report, accepted=None), zones)
    assert "accepted" not in before
    assert set(before["members"][0]["minutes"]) == {"committed", "on_calendar"}
    assert list(before) == [
        "schema", "now", "sprint", "ok", "members", "outcomes", "errors", "warnings",
    ]  # fmt: skip
    assert "Dentist" not in to_text(after)
