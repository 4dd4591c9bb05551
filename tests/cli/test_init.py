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


@pytest.mark.parametrize(
    ("where", "line", "then"),
    [
        ("google", '  blocks: {google: "{email}"}', "blocker login google"),
        (
            "https://cloud.example",
            '  blocks: {caldav: https://cloud.example, username: "{email}"}',
            "login caldav",
        ),
        ("files", "  blocks: {ics: '.blocker/calendars/{id}.ics'}", "calendars/kari.ics"),
    ],
)
def test_it_says_where_calendars_are_and_what_comes_next(team, where, line, then):
    (team.folder / "config.yaml").unlink()
    words = ("--hours", "mon-fri 09:00-15:00", "--member", "Kari Nordmann, kari@x.example")
    ran = team.run("init", *ANSWERS, *words, "--calendars", where)
    assert ran.code == 0, ran.err
    assert line in (team.folder / "config.yaml").read_text()
    assert then in ran.out


@pytest.mark.parametrize(
    "where", ["caldav", "ftp://x", "somewhere", "https://ana:secret@x.example"]
)
def test_a_place_that_is_none_is_refused(team, where):
    (team.folder / "config.yaml").unlink()
    words = ("--hours", "mon-fri 09:00-15:00", "--member", "Kari Nordmann")
    ran = team.run("init", *ANSWERS, *words, "--calendars", where)
    assert ran.code == 2
    assert "--calendars: " in ran.err and "secret" not in ran.err
    assert not (team.folder / "config.yaml").exists()
