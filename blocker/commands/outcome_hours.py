"""`outcome list`: the hours that serve each outcome of a quarter.  Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from blocker.commands.audit import Records, audited_now, records_of
from blocker.commands.choosing import sprint_numbered
from blocker.commands.quarter import how_many, quarter_named, quarter_now
from blocker.commands.reading import Tell, silent
from blocker.domain.closing import ClosedTask, Closing, Fate
from blocker.domain.finding import AuditReport, OutcomeAudit, TaskAudit
from blocker.domain.outcome import Outcome, OutcomeLine, OutcomeList, Quarter
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task, TaskState
from blocker.workspace import Workspace

NONE = timedelta()


def list_outcomes(
    workspace: Workspace,
    quarter: str | None = None,
    *,
    everything: bool = False,
    tell: Tell = silent,
) -> OutcomeList:
    """Outcomes of a quarter, by default the present one, or all; with their hours.

    Of sprints that were closed the record counts, of others the calendars as they are now.  Raises
    WrongUse; calendars that cannot be reached are in the answer's errors.
    """
    wanted = quarter_named(quarter) if quarter else None if everything else quarter_now(workspace)
    with workspace.store(rehearse=True) as store:
        tasks = {name: one.task for name, one in store.tasks().items()}
        outcomes, closings = store.outcomes(), store.closings()
        numbers = {task.sprint for task in tasks.values() if task.sprint} | set(closings)
        sprints = [sprint_numbered(workspace.team, number) for number in sorted(numbers)]
        sprints = [one for one in sprints if wanted in (None, Quarter.of_sprint(one))]
        live = {one: records_of(store, one) for one in sprints if one.number not in closings}
    recorded = tuple(one for one in sprints if one.number in closings)
    reports = _reports(workspace, live, tasks, tell)
    parts = [_of_report(report) for report in reports]
    parts += [_of_closing(closings[sprint.number]) for sprint in recorded]
    hours = _summed(chain.from_iterable(parts))
    shown = {
        name: one for name, one in outcomes.items() if everything or _is_shown(one, wanted, hours)
    }
    names = [*shown, *(name for name in hours if name not in shown)]
    return OutcomeList(
        workspace.now,
        wanted,
        tuple(_line(name, hours, outcomes) for name in names),
        tuple(live),
        recorded,
        (*(how_many(outcomes.values(), wanted) if wanted else ()), *_unseen(workspace, reports)),
        tuple(dict.fromkeys(error for report in reports for error in report.errors)),
    )


def _is_shown(outcome: Outcome, quarter: Quarter | None, hours: Mapping[str, OutcomeAudit]) -> bool:
    """An open one of the quarter, or one that has hours in it all the same."""
    is_own = quarter in (None, outcome.quarter) and outcome.closed_at is None
    return is_own or outcome.id in hours


def _line(
    name: str, hours: Mapping[str, OutcomeAudit], outcomes: Mapping[str, Outcome]
) -> OutcomeLine:
    known = outcomes.get(name)
    title = known.title if known else None
    return OutcomeLine(replace(hours.get(name, OutcomeAudit(name)), title=title), known)


def _reports(
    workspace: Workspace, live: Mapping[Sprint, Records], tasks: Mapping[str, Task], tell: Tell
) -> list[AuditReport]:
    """The whole team's audit of each sprint, as the calendars are now."""
    members = workspace.team.members
    return [
        audited_now(
            workspace.amended(records.all_amendments), sprint, tasks, records, members, tell
        ).report
        for sprint, records in live.items()
    ]


def _of_report(report: AuditReport) -> Iterable[OutcomeAudit]:
    for member in report.members:
        for task in member.tasks:
            if task.outcome:
                yield OutcomeAudit(task.outcome, _committed(task), _standing(task), task.stood)
    for one in report.left:
        if one.outcome:
            yield OutcomeAudit(one.outcome, one.stood, one.stood, one.stood)


def _committed(task: TaskAudit) -> timedelta:
    return NONE if task.state is TaskState.DROPPED else task.estimate


def _standing(task: TaskAudit) -> timedelta:
    """Blocks to come of a task that is done are no longer needed."""
    if task.is_owed:
        return task.standing
    return min(task.stood, task.estimate) if task.state is TaskState.DONE else NONE


def _of_closing(closing: Closing) -> Iterable[OutcomeAudit]:
    for task in closing.tasks:
        if task.outcome:
            committed = _was_committed(task)
            standing = min(task.standing, committed)
            yield OutcomeAudit(task.outcome, committed, standing, task.stood)


def _was_committed(task: ClosedTask) -> timedelta:
    """What was carried over is committed where it went, not a second time here."""
    if task.fate is Fate.DROPPED:
        return NONE
    return max(task.estimate - task.remaining, NONE) if task.fate is Fate.CARRIED else task.estimate


def _summed(hours: Iterable[OutcomeAudit]) -> dict[str, OutcomeAudit]:
    sums: dict[str, OutcomeAudit] = {}
    for one in hours:
        had = sums.get(one.outcome, OutcomeAudit(one.outcome))
        sums[one.outcome] = replace(
            had,
            committed=had.committed + one.committed,
            on_calendar=had.on_calendar + one.on_calendar,
            stood=had.stood + one.stood,
        )
    return dict(sorted(sums.items()))


def _unseen(workspace: Workspace, reports: Iterable[AuditReport]) -> Iterable[str]:
    """A sentence for whose calendars could not all be read."""
    unseen = {one.member for report in reports for one in report.members if not one.is_seen}
    for member in workspace.team.members:
        if member.id in unseen:
            yield (
                f"not all calendars of {member.name} could be read, so hours of theirs may be "
                "missing here; see: blocker doctor"
            )
