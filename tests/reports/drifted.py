"""An accepted sprint that has drifted, with any titles: a report made by the auditor itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from blocker.auditing.audit import audit
from blocker.domain.finding import AuditReport
from blocker.domain.sprint import SprintCalendar
from blocker.domain.task import TaskState
from blocker.domain.team import Team
from tests.auditing.conftest import PARIS, World, when


def drifted(title: str = "Landing page") -> tuple[AuditReport, Team]:
    """T-1 has lost a block, T-2 moved under a meeting, T-3 is done, T-4 was never booked.

    Read on Tuesday afternoon; all tasks have this title, and so has the outcome without hours.
    """
    world = World()
    world.task("T-1", title, 4, outcome="leads")
    world.task("T-2", title, 2, outcome="leads")
    world.task("T-3", title, 1)
    world.block("T-1", "5 10:00")
    lost, moved = world.block("T-1", "5 14:00"), world.block("T-2", "6 10:00")
    world.block("T-3", "4 10:00", 1)
    world.accept()
    world.task("T-4", title, 3, state=TaskState.PULLED, outcome="leads")
    world.tasks[2] = replace(world.tasks[2], state=TaskState.DONE)
    world.change(lost)
    world.change(moved, interval=when("7 10:00", 2))
    world.event("Dentist for Zoë", "7 11:00", 2)
    world.event("Focus time", "8 09:00", 1)
    world.now = datetime(2027, 1, 5, 15, tzinfo=PARIS)
    question = replace(world.question(), outcomes={"leads": "500 leads", "seo": title})
    sprints = SprintCalendar(date(2026, 1, 5), 14, "S{number}", PARIS)
    ana = replace(world.member("ana"), name="Ana Ruiz")
    return audit(question), Team("small", "Small Team", PARIS, sprints, (ana,))


def many(number: int, title: str = "Landing page") -> tuple[AuditReport, Team]:
    """The same for so many people."""
    report, team = drifted(title)
    (one,), (ana,) = report.members, team.members
    names = [f"m{k}" for k in range(number)]
    members = tuple(replace(one, member=name) for name in names)
    people = tuple(replace(ana, id=name, name=f"Ana Ruiz {name}") for name in names)
    return replace(report, members=members), replace(team, members=people)
