"""TaskJuggler (Debian's tj3): effort, priority, start, leaves and a daily limit.

It knows no shortest or longest block and no rest, and its due dates do not steer it: a task that
ends late is taken as not booked.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from blocker.domain.interval import Interval, merge
from blocker.scheduling.problem import Desk, Problem, Work
from tests.benchmarks.instances import Instance

_BOOKING = re.compile(r"(\d{4}-\d\d-\d\d-\d\d:\d\d-[+-]\d{4}) \+ ([\d.]+)h")
_TASK = re.compile(r"supplement task (\w+) \{(.*?)\}\n", re.DOTALL)


def missing() -> str | None:
    """Why it cannot run; None when it can."""
    return None if shutil.which("tj3") else "not installed (apt-get install tj3)"


def solved(instance: Instance, folder: Path) -> dict[str, tuple[Interval, ...]]:
    """Its bookings by task, those without all their time in their window left out.

    Raises RuntimeError with its own words when it fails.
    """
    (folder / "p.tjp").write_text(text(instance.problem), encoding="utf-8")
    command = ["tj3", "--silent", "p.tjp"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"tj3: {done.stderr.strip()}")
    booked = {
        name: _spans(rows) for name, rows in _TASK.findall((folder / "out.tji").read_text("utf-8"))
    }
    found = {}
    for work in instance.problem.works:
        spans = booked.get(_name(work), ())
        if work.window and spans and all(work.window.contains(span) for span in spans):
            found[work.task] = spans
    return found


def text(problem: Problem) -> str:
    """The problem of one member as a project; its time goes on after the sprint."""
    (desk,) = problem.desks
    zone, rules = desk.hours.zone, desk.rules
    spans = ", ".join(str(span).replace("-", " - ") for span in desk.hours.week[0])
    leaves = ", ".join(f"special {_moment(each.start)} - {_moment(each.end)}" for each in desk.busy)
    limit = f"limits {{ dailymax {rules.per_day / timedelta(hours=1)}h }}" if rules.per_day else ""
    lines = [
        f'project p "p" {_moment(problem.horizon.start)} +4w '
        f'{{ timezone "{zone.key}" timingresolution {rules.step // timedelta(minutes=1)}min }}',
        f'resource {desk.member} "{desk.member}" {{',
        f"  workinghours mon - fri {spans}",
        "  workinghours sat, sun off",
        f"  leaves {leaves}",
        f"  {limit}",
        "}",
        *(_task(problem, desk, work) for work in problem.works),
        'export "out" { definitions - taskattributes booking resourceattributes booking }',
    ]
    return "\n".join(lines) + "\n"


def _task(problem: Problem, desk: Desk, work: Work) -> str:
    """Of one priority the task that is due first comes first."""
    assert work.window is not None
    days = (work.window.end - problem.horizon.start).days
    minutes = desk.rules.round_up(work.missing) // timedelta(minutes=1)
    return (
        f'task {_name(work)} "{work.task}" {{ effort {minutes}min allocate {desk.member} '
        f"priority {900 - 100 * work.priority - days} start {_moment(work.window.start)} }}"
    )


def _name(work: Work) -> str:
    return work.task.replace("-", "_")


def _moment(moment: datetime) -> str:
    """In UTC, since the project's own zone does not hold for the line that names it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d-%H:%M}-+0000"


def _spans(rows: str) -> tuple[Interval, ...]:
    found = []
    for start, hours in _BOOKING.findall(rows):
        first = datetime.strptime(start, "%Y-%m-%d-%H:%M-%z")
        minutes = round(float(hours) * 60)
        found.append(Interval(first, first + timedelta(minutes=minutes)))
    return merge(found)
