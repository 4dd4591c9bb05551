"""The fewest blocks by prices: a bound that counts what whole days can hold.

Time and blocks of each job get a price.  What all jobs need, paid at these prices, less the most
that each day can earn with its blocks, is a bound on their number, whatever the prices (the
Lagrangian bound).  Good prices are those of a linear program over the days' fillings found so far
(column generation, Dantzig and Wolfe 1960).  Prices are rounded to whole numbers before they are
used, so the bound is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocker.scheduling.block_bound import alone, blocks_between
from blocker.scheduling.bounds import windows
from blocker.scheduling.day_prices import DayStretches, Got, best_of_day, days_of
from blocker.scheduling.facts import Facts

SCALE = 1_000_000
"""Prices are whole millionths of a block."""

INFINITE = 1 << 60

MOST_TURNS = 60

HELD_BACK = 0.5
"""Prices move this part of the way only, since those of the program alone leap about."""

CLOSE = SCALE // 1000
"""Fillings that would save less than this are left: rounded prices tell no finer."""

LACKING = 3.0
"""What the linear program pays for a step or a block that no filling gives yet, in blocks."""


@dataclass(frozen=True, slots=True)
class Least:
    """Jobs that need so many blocks together."""

    jobs: tuple[int, ...]
    blocks: int


Prices = tuple[Sequence[int], Sequence[int], Mapping[tuple[int, int], int]]
"""Per step of each job, per block of each `Least`, per step of each week with a limit."""


def fewest_by_prices(facts: Facts, enough: int) -> int:
    """A bound on the number of blocks in which all jobs can be booked; none when it is 0.

    Ends when it reaches `enough` or when no prices can make it better.
    """
    days = days_of(facts)
    steps = {piece.desk: piece.step for piece in facts.pieces}
    if not days or not facts.jobs or any(job.desk not in steps for job in facts.jobs):
        return 0
    return _Prices(facts, days, steps).run(enough)


class _Prices:
    def __init__(self, facts: Facts, days: list[DayStretches], steps: Mapping[int, int]) -> None:
        self._days = days
        self._need = [job.need // steps[job.desk] for job in facts.jobs]
        self._least = _least(facts)
        self._weeks = {key: room // steps[key[0]] for key, room in sorted(facts.week_room.items())}
        self._program = _program(self._need, self._least, self._weeks, days)

    def run(self, enough: int) -> int:
        best, held = -INFINITE, None
        for _ in range(MOST_TURNS):
            self._program.run()
            top = self._program.getInfo().objective_function_value
            if _up(best) >= min(enough, _up(round(top * SCALE))):
                break
            wanted = self._asked()
            tried = wanted if held is None else _between(held, wanted)
            bound, is_new = self._try(tried, wanted)
            if not is_new and tried is not wanted:
                also, is_new = self._try(tried := wanted, wanted)
                bound = max(bound, also)
            if bound > best:
                best, held = bound, tried
            if not is_new:
                break
        return max(0, _up(best))

    def _asked(self) -> Prices:
        """The linear program's prices, rounded."""
        dual = [round(each * SCALE) for each in self._program.getSolution().row_dual]
        jobs, sets = len(self._need), len(self._least)
        weeks = dual[jobs + sets + len(self._days) :]
        return (
            dual[:jobs],
            [max(0, each) for each in dual[jobs : jobs + sets]],
            {week: min(0, each) for week, each in zip(self._weeks, weeks, strict=True)},
        )

    def _try(self, prices: Prices, wanted: Prices) -> tuple[int, bool]:
        """The bound at these prices, in millionths, and whether a day's best was new."""
        per_job, per_set, per_week = prices
        bound = sum(price * need for price, need in zip(per_job, self._need, strict=True))
        bound += sum(p * least.blocks for p, least in zip(per_set, self._least, strict=True))
        bound += sum(price * self._weeks[week] for week, price in per_week.items())
        per_block = dict.fromkeys(range(len(per_job)), -SCALE)
        for price, least in zip(per_set, self._least, strict=True):
            for job in least.jobs:
                per_block[job] += price
        is_new = False
        for number, day in enumerate(self._days):
            off = per_week.get(day.week, 0)
            per_step = {job: price + off for job, price in enumerate(per_job)}
            worth, got = best_of_day(day, per_step, per_block)
            bound -= max(0, worth)
            if self._is_missing(number, got, wanted):
                self._add(number, got)
                is_new = True
        return bound, is_new

    def _is_missing(self, number: int, got: Got, wanted: Prices) -> bool:
        """Whether the linear program would want these blocks, too."""
        per_job, per_set, per_week = wanted
        off = per_week.get(self._days[number].week, 0)
        worth = sum((per_job[job] + off) * steps - SCALE * n for job, (steps, n) in got.items())
        for price, least in zip(per_set, self._least, strict=True):
            worth += price * sum(got[job][1] for job in least.jobs if job in got)
        row = len(self._need) + len(self._least) + number
        return bool(worth + round(self._program.getSolution().row_dual[row] * SCALE) > CLOSE)

    def _add(self, number: int, got: Got) -> None:
        import numpy as np

        rows = {job: float(steps) for job, (steps, _) in got.items()}
        for place, least in enumerate(self._least, len(self._need)):
            blocks = sum(got[job][1] for job in least.jobs if job in got)
            if blocks:
                rows[place] = float(blocks)
        first = len(self._need) + len(self._least)
        rows[first + number] = 1.0
        week = self._days[number].week
        if week in self._weeks:
            place = first + len(self._days) + list(self._weeks).index(week)
            rows[place] = float(sum(steps for steps, _ in got.values()))
        cost = float(sum(blocks for _, blocks in got.values()))
        self._program.addCol(
            cost,
            0.0,
            float("inf"),
            len(rows),
            np.array(sorted(rows), dtype=np.int32),
            np.array([rows[row] for row in sorted(rows)]),
        )


def _up(millionths: int) -> int:
    return -(-millionths // SCALE)


def _between(old: Prices, new: Prices) -> Prices:
    def mixed(a: int, b: int) -> int:
        return round(HELD_BACK * a + (1 - HELD_BACK) * b)

    return (
        [mixed(a, b) for a, b in zip(old[0], new[0], strict=True)],
        [mixed(a, b) for a, b in zip(old[1], new[1], strict=True)],
        {week: mixed(price, new[2][week]) for week, price in old[2].items()},
    )


def _least(facts: Facts) -> list[Least]:
    """What each job needs in blocks alone, and jobs that must lie between two moments together."""
    found = [Least((job.index,), alone(facts, job)) for job in facts.jobs]
    for desk in range(len(facts.members)):
        for start, end, jobs in windows(facts, desk):
            blocks = blocks_between(facts, start, end, jobs)
            if len(jobs) > 1 and blocks > sum(alone(facts, job) for job in jobs):
                found.append(Least(tuple(job.index for job in jobs), blocks))
    return found


def _program(
    need: Sequence[int],
    least: Sequence[Least],
    weeks: Mapping[tuple[int, int], int],
    days: Sequence[DayStretches],
) -> Any:
    """The linear program without any filling yet: all that jobs need is paid for as lacking."""
    import highspy
    import numpy as np

    none, nothing = np.array([], dtype=np.int32), np.array([])
    program = highspy.Highs()
    program.setOptionValue("output_flag", False)
    program.setOptionValue("threads", 1)
    for steps in need:
        program.addRow(float(steps), float(steps), 0, none, nothing)
    for each in least:
        program.addRow(float(each.blocks), float("inf"), 0, none, nothing)
    for _ in days:
        program.addRow(-float("inf"), 1.0, 0, none, nothing)
    for room in weeks.values():
        program.addRow(-float("inf"), float(room), 0, none, nothing)
    for row in range(len(need) + len(least)):
        one = np.array([row], dtype=np.int32)
        program.addCol(LACKING, 0.0, float("inf"), 1, one, np.array([1.0]))
    return program
