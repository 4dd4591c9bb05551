"""Planner problems as files: `python -m tests.benchmarks.instances` writes them all anew.

Each is made from its name alone, so any seed gives an instance that nobody has seen yet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.hours import WallSpan, WorkingHours, instant
from blocker.domain.interval import Interval
from blocker.domain.member import BlockRules
from blocker.scheduling.problem import Desk, Problem, Wait, Work
from tests.benchmarks.drawing import Family, record_of

FOLDER = Path(__file__).parent / "instances"
SEEDS = range(1, 11)
"""The published seeds of every family: odd ones have a 15-minute grid, even ones 5 minutes."""

LOADS = ("loose", "tight", "overfull")
FAMILIES = {
    family.name: family
    for family in (
        *(Family(f"{tasks}-{load}", tasks, (load,)) for tasks in (8, 15, 30) for load in LOADS),
        Family("linked", 15, LOADS, links=0.5),
        Family("team", 15, LOADS, links=0.5, members=3),
        Family("fragmented", 15, LOADS, is_fragmented=True),
    )
}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Instance:
    """A problem and, where it was built around one, a plan that books every task in full."""

    name: str
    family: str
    problem: Problem
    hidden: dict[str, tuple[Interval, ...]] | None

    @property
    def size(self) -> int:
        return len(self.problem.works)

    @property
    def hidden_blocks(self) -> int | None:
        return None if self.hidden is None else sum(map(len, self.hidden.values()))


def made(family: str, seed: int) -> Instance:
    """An instance drawn anew, published or not."""
    return instance_of(record_of(FAMILIES[family], seed))


def published(family: str | None = None) -> list[Instance]:
    """The instances kept as files, of one family or all, in the families' order."""
    names = [family] if family else FAMILIES
    return [named(f"{name}-{seed:02d}") for name in names for seed in SEEDS]


def named(name: str) -> Instance:
    return instance_of(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def instance_of(record: dict[str, Any]) -> Instance:
    """What a file says; its numbers are minutes, moments count from the first day's midnight."""
    zone, first = ZoneInfo(record["zone"]), date.fromisoformat(record["first_day"])
    origin = instant(first, 0, zone)

    def interval(start: int, end: int) -> Interval:
        return Interval(origin + start * MINUTE, origin + end * MINUTE)

    horizon = interval(0, record["days"] * 1440)
    desks = tuple(
        Desk(
            row["member"],
            _hours(zone, row["hours"]),
            _rules(**row["rules"]),
            tuple(interval(*each) for each in row["busy"]),
        )
        for row in record["members"]
    )
    works = tuple(
        Work(
            task, member, priority, need * MINUTE, True, interval(start, end),
            tuple(Wait(other, lag * MINUTE) for other, lag in after),
        )
        for task, member, priority, need, start, end, after in record["works"]
    )  # fmt: skip
    hidden = record["hidden"]
    return Instance(
        record["name"],
        record["family"],
        Problem(horizon, desks, works, sprint=horizon, first_day=first),
        hidden and {key: tuple(interval(*each) for each in hidden[key]) for key in hidden},
    )


def _hours(zone: ZoneInfo, spans: list[list[int]]) -> WorkingHours:
    day = tuple(WallSpan(*span) for span in spans)
    return WorkingHours(zone, tuple(day if k < 5 else () for k in range(7)))


def _rules(
    step: int, shortest: int, longest: int, rest: int, per_day: int | None, prefer: list[list[int]]
) -> BlockRules:
    return BlockRules(
        step=step * MINUTE,
        shortest=shortest * MINUTE,
        longest=longest * MINUTE,
        rest=rest * MINUTE,
        per_day=None if per_day is None else per_day * MINUTE,
        prefer=tuple(WallSpan(*span) for span in prefer),
    )


def main() -> None:
    for family in FAMILIES.values():
        for seed in SEEDS:
            record = record_of(family, seed)
            text = json.dumps(record, separators=(",", ":")) + "\n"
            (FOLDER / f"{record['name']}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
