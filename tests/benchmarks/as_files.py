"""An instance of one member as a marketer has it: config, calendar and tasks in a folder."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

from blocker.domain.hours import WallSpan
from blocker.domain.interval import Interval
from blocker.scheduling.problem import Desk, Problem, Work
from tests.benchmarks.instances import Instance

MINUTE = timedelta(minutes=1)
BEFORE = "2027-01-03T12:00"
"""A moment before the sprint of all instances, for `--now`."""
NEXT = ("--now", BEFORE, "book", "--sprint", "next")

_CONFIG = """\
team:
  name: Benchmark
  timezone: {zone}
  hours: {{mon-fri: {hours}}}
  blocks:
{rules}
sprints: {{first: 2026-01-05, length: 2 weeks, name: "S{{number}}"}}
members:
  - id: {member}
    name: Ana Ruiz
    email: ana@bench.example
    calendars: {{busy: [{{ics: busy.ics}}], blocks: {{ics: blocks/ana.ics}}}}
"""
_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def write(instance: Instance, folder: Path) -> None:
    """Writes config.yaml, busy.ics and tasks.csv."""
    problem = instance.problem
    (desk,) = problem.desks
    (folder / "config.yaml").write_text(_config(desk), encoding="utf-8")
    (folder / "busy.ics").write_bytes(calendar(events(desk)))
    with (folder / "tasks.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "owner", "estimate", "priority", "due", "not_before"])
        rows.writerows(_row(problem, desk, work) for work in problem.works)


def _config(desk: Desk) -> str:
    rules = desk.rules
    lines = {
        "step": _text(rules.step),
        "shortest": _text(rules.shortest),
        "longest": _text(rules.longest),
        "rest": _text(rules.rest),
    }
    if rules.per_day is not None:
        lines["per_day"] = _text(rules.per_day)
    if rules.prefer:
        lines["prefer"] = _spans(rules.prefer)
    return _CONFIG.format(
        zone=desk.hours.zone.key,
        hours=_spans(desk.hours.week[0]),
        member=desk.member,
        rules="\n".join(f"    {key}: {value}" for key, value in lines.items()),
    )


def _text(span: timedelta) -> str:
    return f"{span // MINUTE}m"


def _spans(spans: tuple[WallSpan, ...]) -> str:
    return " ".join(map(str, spans))


def _row(problem: Problem, desk: Desk, work: Work) -> list[str]:
    assert work.window is not None
    start, end = work.window.start, work.window.end
    return [
        work.task,
        f"Piece of work {work.task}",
        work.member,
        _text(work.missing),
        str(work.priority),
        "" if end == problem.horizon.end else _wall(desk, end),
        "" if start == problem.horizon.start else _wall(desk, start),
    ]


def _wall(desk: Desk, moment: datetime) -> str:
    """A moment as a cell of the tasks file; midnight is the end of the day before."""
    return f"{moment.astimezone(desk.hours.zone):%Y-%m-%d %H:%M}"


def events(desk: Desk) -> list[str]:
    """The member's meetings, each as the text of a VEVENT."""
    zone = desk.hours.zone
    return [
        "\n".join(
            (
                "BEGIN:VEVENT",
                f"UID:meeting-{number}@bench.example",
                "DTSTAMP:20261201T000000Z",
                f"DTSTART;TZID={zone.key}:{each.start.astimezone(zone):%Y%m%dT%H%M%S}",
                f"DTEND;TZID={zone.key}:{each.end.astimezone(zone):%Y%m%dT%H%M%S}",
                f"SUMMARY:Meeting {number}",
                "END:VEVENT",
            )
        )
        for number, each in enumerate(desk.busy)
    ]


def calendar(texts: list[str]) -> bytes:
    """VEVENTs with their zone as a file."""
    whole = "\n".join(
        ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN", _ZONE.strip(), *texts, "")
    )
    return f"{whole}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def blocks_of(answer: dict[str, list[dict[str, str]]]) -> dict[str, tuple[Interval, ...]]:
    """The blocks in a member's part of `book --format json`, by task."""
    found: dict[str, tuple[Interval, ...]] = {}
    for row in answer["blocks"]:
        start, end = (datetime.fromisoformat(row[key]) for key in ("start", "end"))
        found[row["task"]] = (*found.get(row["task"], ()), Interval(start, end))
    return found
