"""`audit --format`: what the program itself writes."""

import json
from xml.etree import ElementTree

import pytest

ONE = "T-1,Réunion “café”,ana,2h,1,,,,,"


@pytest.mark.parametrize("form", ["html", "junit"])
def test_files_are_utf8_wherever_they_are_made(team, form):
    """They say so themselves, so the locale of the machine must not matter."""
    team.tasks(ONE)
    team.environment = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    ran = team.run("audit", "tasks.csv", "--format", form)
    assert ran.code == 1
    assert "T-1 “Réunion “café””: nothing in the calendar speaks for its 2h" in ran.out
    if form == "junit":
        assert ElementTree.fromstring(ran.out.encode()).get("failures") == "1"


def test_the_exit_code_does_not_depend_on_the_form(team):
    team.tasks(ONE)
    forms = ("table", "json", "markdown", "html", "junit", "svg")
    codes = {team.run("audit", "tasks.csv", "--format", form).code for form in forms}
    assert codes == {1}
    assert team.run("audit", "tasks.csv", "--format", "junit", "--fail-on", "never").code == 0


def test_all_forms_agree_on_the_verdict(team):
    team.booked(ONE)
    assert json.loads(team.run("audit", "--format", "json").out)["ok"]
    holds = "S27 holds: 1 task, 2h of 2h in the calendars."
    assert holds in team.run("audit").out
    assert f"**{holds}**" in team.run("audit", "--format", "markdown").out
    assert "<h1>S27 holds</h1>" in team.run("audit", "--format", "html").out
