"""How time and memory grow: `python -m tests.benchmarks.growth members 1000`, or `tasks 120`.

Each size is measured in a process of its own, which prints one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter

from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem, Wait
from tests.benchmarks.drawing import Family, record_of
from tests.benchmarks.instances import LOADS, instance_of

TOP = Path(__file__).parents[2]
MEMBERS = (1, 10, 100, 1000)
TASKS = (8, 15, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of all cores together; the most memory that was held, in MB."""

    seconds: float
    cores: float
    memory: float


def team(members: int) -> Problem:
    """Members with 12 tasks each, a third of them with more than fits."""
    desks, works = [], []
    for number in range(members):
        part = instance_of(record_of(Family("growth", 12, LOADS), number)).problem
        name = f"m{number:04d}"
        desks.append(replace(part.desks[0], member=name))
        for work in part.works:
            after = tuple(Wait(f"{name}-{wait.task}", wait.lag) for wait in work.after)
            works.append(replace(work, task=f"{name}-{work.task}", member=name, after=after))
    return replace(part, desks=tuple(desks), works=tuple(works))


def person(tasks: int) -> Problem:
    """One member with so many tasks, more than fit."""
    return instance_of(record_of(Family(f"{tasks}-growth", tasks, ("overfull",)), 1)).problem


def cost_of(problem: Problem, effort: str) -> Cost:
    """What planning costs; Linux alone."""
    start = perf_counter()
    cores = cores_of(problem, effort)
    return Cost(perf_counter() - start, cores, _most_held() / 1024)


def cores_of(problem: Problem, effort: str) -> float:
    """Seconds of all cores, those of other processes that the planner starts too."""
    before = _used()
    plan(problem, effort=effort)
    return _used() - before


def _used() -> float:
    from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

    usages = [getrusage(each) for each in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in usages)


def _most_held() -> int:
    """The peak in KB of this process or one it started.

    `ru_maxrss` of itself would also count the process that started this one.
    """
    from resource import RUSAGE_CHILDREN, getrusage

    text = Path("/proc/self/status").read_text(encoding="ascii")
    own = int(text.partition("VmHWM:")[2].split()[0])
    return max(own, getrusage(RUSAGE_CHILDREN).ru_maxrss)


def measured(what: str, size: int, effort: str, times: int = 3) -> Cost:
    """What a size costs in a fresh process: the least of a few, since other work adds to it."""
    command = [sys.executable, "-m", "tests.benchmarks.growth", what, str(size), effort]
    costs = []
    for _ in range(times):
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
        costs.append(Cost(**json.loads(done.stdout)))
    return min(costs, key=lambda cost: cost.cores)


def main() -> None:
    what, size, effort = sys.argv[1], int(sys.argv[2]), (sys.argv[3:] or ["quick"])[0]
    problem = {"members": partial(team, size), "tasks": partial(person, size)}[what]()
    cost = cost_of(problem, effort)
    print(json.dumps({"seconds": cost.seconds, "cores": cost.cores, "memory": cost.memory}))


if __name__ == "__main__":
    main()
