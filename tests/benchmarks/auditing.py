"""What audits and acceptances of large teams cost: `python -m tests.benchmarks.auditing`.

Members with 60 events and 12 tasks each, in .ics files.  Each size is measured in processes of
their own, which print a line of JSON; other work on the machine only adds, so the least counts.
`--write` puts the figures into README.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from blocker.commands.accept import Asked, accept
from blocker.commands.audit import audit
from blocker.commands.import_tasks import import_tasks
from blocker.workspace import Workspace, open_workspace
from tests.benchmarks.as_files import calendar

TOP = Path(__file__).parents[2]
README = TOP / "README.md"
BEGIN = "<!-- audits: written by `python -m tests.benchmarks.auditing --write` -->"
END = "<!-- end of audits -->"
SIZES = (250, 500, 1000)
EVENTS, TASKS = 60, 12
TIMES = 3
NOW = "2027-01-04T08:00"
DAYS = [date(2027, 1, 4) + timedelta(days=day) for day in (*range(5), *range(7, 12))]

_TEAM = """\
team: {name: Large, timezone: Europe/Paris, hours: {mon-fri: 09:00-12:00 13:00-17:00}}
sprints: {first: 2026-01-05, length: 2 weeks, name: "S{number}"}
members:
"""
_MEMBER = """\
  - {{id: {id}, name: Member {id}, email: {id}@large.example{role},
     calendars: {{blocks: {{ics: calendars/{id}.ics}}}}}}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of this process: an audit before acceptance, `accept`, an audit after it.

    `sealed_mb` is the size of the commitment, `memory_mb` the most that was held.
    """

    audit: float
    accept: float
    audit_accepted: float
    sealed_mb: float
    memory_mb: float


def write(members: int, folder: Path) -> None:
    """A config, a calendar for each member, and tasks, some of which wait for a colleague's."""
    (folder / "calendars").mkdir()
    config, rows = [_TEAM], ["id,title,owner,estimate,priority,after,outcome"]
    for number in range(members):
        name = _name(number)
        config.append(_MEMBER.format(id=name, role=", role: manager" if number == 0 else ""))
        (folder / "calendars" / f"{name}.ics").write_bytes(calendar([*_events(name)]))
        for task in range(TASKS):
            after = f"{_name(number - 1)}-{task - 1}" if task in (4, 8) and number else ""
            title = f"Campaign {number % 40} part {task} for {name}"
            rows.append(f"{name}-{task},{title},{name},1h,{task % 4 + 1},{after},goal-{number % 5}")
    (folder / "config.yaml").write_text("".join(config), encoding="utf-8")
    (folder / "tasks.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")


def _name(number: int) -> str:
    return f"m{number:04d}"


def _events(name: str) -> Iterator[str]:
    """A block of an hour for each task, in order; the rest are meetings."""
    for task in range(TASKS):
        day, hour = DAYS[task % len(DAYS)], 9 + task // len(DAYS)
        marks = (f"X-BLOCKER-TASK:{name}-{task}", "X-BLOCKER-SPRINT:S27", "X-BLOCKER-PART:1/1")
        yield _event(f"{name}-{task}@blocker", f"Work [{name}-{task}]", day, hour, *marks)
    for meeting in range(EVENTS - TASKS):
        day, hour = DAYS[meeting // 5], (11, 13, 14, 15, 16)[meeting % 5]
        yield _event(f"{name}-meeting-{meeting}", f"Meeting {meeting}", day, hour)


def _event(uid: str, title: str, day: date, hour: int, *more: str) -> str:
    start = datetime(day.year, day.month, day.day, hour)
    return "\n".join(
        (
            "BEGIN:VEVENT",
            f"UID:{uid}",
            "DTSTAMP:20261201T000000Z",
            f"DTSTART;TZID=Europe/Paris:{start:%Y%m%dT%H%M%S}",
            f"DTEND;TZID=Europe/Paris:{start + timedelta(hours=1):%Y%m%dT%H%M%S}",
            f"SUMMARY:{title}",
            *more,
            "END:VEVENT",
        )
    )


def opened(folder: Path) -> Workspace:
    """As each command opens it anew, config and all; the manager asks."""
    return open_workspace(folder / "config.yaml", NOW, _name(0), {})


def take_in(folder: Path) -> None:
    import_tasks(opened(folder), folder / "tasks.csv", None)


def seconds_of_audit(folder: Path) -> float:
    """Of all members, who are all in order, config and store included."""
    start = process_time()
    report = audit(opened(folder)).report
    taken = process_time() - start
    assert report.ok and all(len(one.tasks) == TASKS for one in report.members)
    return taken


def cost_of(members: int, folder: Path) -> Cost:
    write(members, folder)
    take_in(folder)
    before = seconds_of_audit(folder)
    start = process_time()
    commitment = accept(opened(folder), Asked()).commitment
    accepting = process_time() - start
    assert commitment is not None and len(commitment.tasks) == members * TASKS
    with opened(folder).store(rehearse=True) as store:
        (sealed,) = store.commitments()
    after = seconds_of_audit(folder)
    return Cost(before, accepting, after, len(sealed.content.encode()) / 1e6, _held_mb())


def _held_mb() -> float:
    """The peak of this process; Linux alone."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmHWM:")[2].split()[0]) / 1024


def measured(members: int) -> Cost:
    """What a size costs at the least, each time in a fresh process and folder."""
    costs = []
    for _ in range(TIMES):
        command = [sys.executable, "-m", "tests.benchmarks.auditing", str(members)]
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
        costs.append(json.loads(done.stdout))
    return Cost(**{key: min(cost[key] for cost in costs) for key in costs[0]})


def figures() -> str:
    costs = {size: measured(size) for size in SIZES}

    def row(title: str, cells: Iterator[str]) -> str:
        return f"| {title} | {' | '.join(cells)} |"

    def seconds(title: str, key: str) -> str:
        taken = {size: getattr(cost, key) for size, cost in costs.items()}
        return row(
            title, (f"{one:.1f} s, {one / size * 1000:.1f} ms each" for size, one in taken.items())
        )

    return "\n".join(
        [
            row(f"members with {EVENTS} events and {TASKS} tasks", (f"{n:,}" for n in costs)),
            "|---|" + "---|" * len(costs),
            seconds("`audit`", "audit"),
            seconds("`accept`", "accept"),
            seconds("`audit` of the accepted sprint", "audit_accepted"),
            row("the sealed commitment", (f"{one.sealed_mb:.1f} MB" for one in costs.values())),
            row("most memory", (f"{one.memory_mb:.0f} MB" for one in costs.values())),
        ]
    )


def readme_with(text: str) -> str:
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}"


def main() -> None:
    words = sys.argv[1:]
    if words and words[0].isdigit():
        with TemporaryDirectory() as folder:
            print(json.dumps(asdict(cost_of(int(words[0]), Path(folder)))))
        return
    text = figures()
    print(text)
    if "--write" in words:
        README.write_text(readme_with(text), encoding="utf-8")


if __name__ == "__main__":
    main()
