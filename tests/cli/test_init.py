"""`init` without a terminal: options are answers, and what they leave out has a sensible one."""

import pytest

ANSWERS = ("--team", "Nord", "--timezone", "Europe/Oslo", "--first-day", "2027-01-04")


@pytest.mark.parametrize(
    ("hours", "options", "breaks"),
    [
        ("mon-fri 08:00-16:00", [], ["    breaks: [{between: 12:00-14:30, keep: 45m}]"]),
        ("mon-fri 08:00-16:00", ["--lunch"], ["    breaks: [{between: 12:00-14:30, keep: 45m}]"]),
        ("mon-fri 08:00-16:00", ["--no-lunch"], ["    # breaks: [{between: 12:00-14:30"]),
        ("mon-fri 08:00-12:00 13:00-16:00", [], []),
        ("mon-fri 09:00-15:00", [], []),
    ],
)
def test_a_lunch_break_is_proposed_where_a_day_has_more_than_six_hours_in_one_piece(
    team, hours, options, breaks
):
    (team.folder / "config.yaml").unlink()
    ran = team.run("init", *ANSWERS, "--hours", hours, "--member", "Kari Nordmann", *options)
    assert ran.code == 0, ran.err
    lines = (team.folder / "config.yaml").read_text().splitlines()
    found = [line for line in lines if "breaks:" in line]
    assert len(found) == len(breaks)
    assert all(line.startswith(start) for line, start in zip(found, breaks, strict=True))
