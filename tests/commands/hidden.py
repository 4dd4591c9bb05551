"""Teams built around a hidden plan that fits, as files: what `book` must find whole."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from blocker.domain.hours import instant
from blocker.domain.interval import Interval, subtract

FIRST = date(2026, 1, 5)


@dataclass
class Person:
    id: str
    zone: ZoneInfo
    step: int
    rest: int
    gap: int
    longest: int
    spans: list[tuple[int, int]]
    busy: list[Interval] = field(default_factory=list)
    hidden: list[tuple[str, Interval]] = field(default_factory=list)


@dataclass
class World:
    """Files of a team, and how many blocks its hidden plan has."""

    people: list[Person]
    rows: list[str]
    blocks: int
    now: str

    def write(self, folder: Path) -> None:
        lines = ["team: {id: w, name: W, timezone: Europe/Paris, hours: {mon-fri: 09:00-17:00}}"]
        lines += ['sprints: {first: 2026-01-05, length: 2 weeks, name: "S{number}"}', "members:"]
        for one in self.people:
            spans = " ".join(f"{clock(a)}-{clock(b)}" for a, b in one.spans)
            lines += [
                f"  - id: {one.id}",
                f"    name: Person {one.id}",
                f"    timezone: {one.zone.key}",
                f"    hours: {{mon-fri: '{spans}'}}",
                f"    blocks: {{step: {one.step}m, shortest: 30m, longest: {one.longest}m, "
                f"rest: {one.rest}m, gap: {one.gap}m}}",
                f"    calendars: {{busy: [{{ics: {one.id}.ics}}], "
                f"blocks: {{ics: out/{one.id}.ics}}}}",
            ]
            (folder / f"{one.id}.ics").write_bytes(calendar(one))
        (folder / "config.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        header = "id,title,owner,estimate,priority,due,not_before,after"
        text = "\n".join([header, *self.rows]) + "\n"
        (folder / "tasks.csv").write_text(text, encoding="utf-8")


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def calendar(one: Person) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//hidden//EN"]
    for k, span in enumerate(one.busy):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.id}-{k}",
            f"DTSTART:{span.start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{span.end:%Y%m%dT%H%M%SZ}",
            "SUMMARY:Meeting",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def world(seed: int) -> World:
    """Deterministic in the seed: people, meetings and tasks around blocks that are then hidden."""
    draw = random.Random(seed)
    first = FIRST + timedelta(days=14 * draw.choice([5, 6, 21, 26, 30]))
    people = [_person(draw, f"p{k}") for k in range(draw.choice([1, 1, 2, 3]))]
    rows: list[str] = []
    count = 0
    ends: list[tuple[str, datetime]] = []
    for one in people:
        blocks = _blocks(draw, one, first)
        tasks = _deal(draw, one, blocks)
        _fill(draw, one, first)
        for name, own in tasks.items():
            count += len(own)
            rows.append(_row(draw, one, name, own, ends))
            ends.append((name, max(span.end for span in own)))
    draw.shuffle(rows)
    return World(people, rows, count, f"{first}T00:00")


def _person(draw: random.Random, name: str) -> Person:
    step = draw.choice([5, 15, 15, 30])
    spans = draw.choice([[(540, 1020)], [(540, 720), (780, 1080)], [(480, 750), (810, 990)]])
    zone = ZoneInfo(draw.choice(["Europe/Paris", "America/New_York", "Asia/Kathmandu"]))
    rest = draw.choice([0, step, 15 if step != 30 else 30])
    return Person(
        name, zone, step, rest, draw.choice([0, 0, step]), draw.choice([60, 120, 180]), spans
    )


def _blocks(draw: random.Random, one: Person, first: date) -> list[Interval]:
    """Blocks in time order that keep to the person's own rules."""
    found = []
    for offset in range(12):
        day = first + timedelta(days=offset)
        if day.weekday() > 4:
            continue
        for low, high in one.spans:
            at = low + one.gap + one.step * draw.randint(0, 4)
            at = -(-at // one.step) * one.step
            while draw.random() < 0.7:
                most = min(one.longest, high - one.gap - at) // one.step * one.step
                least = -(-30 // one.step) * one.step
                if most < least:
                    break
                length = draw.randrange(least, most + 1, one.step)
                found.append(
                    Interval(instant(day, at, one.zone), instant(day, at + length, one.zone))
                )
                at += length + one.rest + one.step * draw.choice([0, 0, 1, 4])
                at = -(-at // one.step) * one.step
    return found


def _deal(draw: random.Random, one: Person, blocks: list[Interval]) -> dict[str, list[Interval]]:
    """Blocks dealt to tasks, neighbours more often than not."""
    tasks: dict[str, list[Interval]] = {}
    open_names: list[str] = []
    for block in blocks:
        if not open_names or draw.random() < 0.45:
            open_names.append(f"{one.id}-T{len(tasks)}")
        name = draw.choice(open_names[-3:])
        tasks.setdefault(name, []).append(block)
        one.hidden.append((name, block))
        if len(tasks[name]) >= 4:
            open_names.remove(name)
    return tasks


def _fill(draw: random.Random, one: Person, first: date) -> None:
    """Meetings in much of the time that the hidden plan leaves."""
    keep = one.gap
    taken = [span.widen(timedelta(minutes=keep)) if keep else span for _, span in one.hidden]
    tightness = draw.choice([0.3, 0.8, 1.0])
    for offset in range(12):
        day = first + timedelta(days=offset)
        if day.weekday() > 4:
            continue
        spans = [
            Interval(instant(day, a, one.zone), instant(day, b, one.zone)) for a, b in one.spans
        ]
        for hole in subtract(spans, taken):
            if draw.random() < tightness and hole.minutes > one.rest:
                one.busy.append(hole)


def _row(
    draw: random.Random,
    one: Person,
    name: str,
    own: list[Interval],
    ends: list[tuple[str, datetime]],
) -> str:
    minutes = sum(span.minutes for span in own)
    due = not_before = after = ""
    if draw.random() < 0.6:
        local = max(span.end for span in own).astimezone(one.zone)
        due = f"{local:%Y-%m-%d %H:%M}" if draw.random() < 0.6 else f"{local:%Y-%m-%d}"
    start = min(span.start for span in own)
    if draw.random() < 0.3:
        not_before = f"{start.astimezone(one.zone):%Y-%m-%d %H:%M}"
    before = [other for other, end in ends if end <= start]
    if before and draw.random() < 0.4:
        after = draw.choice(before)
    priority = draw.randint(1, 4)
    return f"{name},Task number {name},{one.id},{minutes}m,{priority},{due},{not_before},{after}"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
