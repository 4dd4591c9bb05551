"""Sprints looked back at: a line for each, or all that is kept of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.commitment import Commitment
from blocker.domain.hours import moment_text, span_text
from blocker.domain.interval import duration_text
from blocker.domain.sprint_record import SprintRecord, SprintSum
from blocker.domain.team import Team
from blocker.reports import wording
from blocker.reports.about_amendments import amendment_json, amendment_text
from blocker.reports.about_audit import share_text
from blocker.reports.about_closing import closing_json, record_lines
from blocker.reports.as_json import instant, minutes, sprint_json
from blocker.reports.terminal import plain


def show_sprints(sums: Sequence[SprintSum], out: Console) -> None:
    """The last sprints, the newest last."""
    if not sums:
        out.print(Text("There are no sprints with tasks yet."))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for name in ("", "promised", "standing", "", "stood", "tasks done"):
        table.add_column(name, justify="left" if not name else "right")
    for one in sums:
        line = wording.sprint_line(one.sprint, one.state)
        if not one.is_kept:
            table.add_row(f"{line}, its record was purged", "-", "-", "-", "-", "-")
            continue
        table.add_row(
            line,
            duration_text(one.promised),
            duration_text(one.standing),
            share_text(one.standing, one.promised),
            duration_text(one.stood),
            f"{one.done} of {one.tasks}",
        )
    out.print(table)
    out.print(Text("standing: still in the calendars, or done; stood: past, and was there", "dim"))


def sprints_json(sums: Sequence[SprintSum], errors: Sequence[str]) -> dict[str, Any]:
    """As `blocker.sprints/1`."""
    return {
        "schema": "blocker.sprints/1",
        "sprints": [
            {
                **sprint_json(one.sprint, one.state),
                "is_kept": one.is_kept,
                "was_accepted": one.was_accepted,
                "promised_minutes": minutes(one.promised),
                "standing_minutes": minutes(one.standing),
                "stood_minutes": minutes(one.stood),
                "tasks": one.tasks,
                "done": one.done,
            }
            for one in sums
        ],
        "errors": list(errors),
    }


def sprint_lines(record: SprintRecord, team: Team) -> Iterator[str]:
    """What was promised, what changed since, and what came of it."""
    yield wording.sprint_line(record.sprint, record.state)
    if record.commitment is not None:
        yield from _promise(record.commitment, record.seal or "", team)
    elif record.seal is not None:
        yield f"It was accepted; what was promised is no longer kept. Seal {record.seal}"
    else:
        yield f"It was not accepted. {wording.counted(record.open_tasks, 'open task')}."
    if record.amendments:
        yield "Changes since:"
        for one in record.amendments:
            about = f"{one.task} " if one.task else ""
            yield plain(f"  {about}{amendment_text(one, team, team.zone)}")
    if record.closing is not None:
        by = team.name_of(record.closing.closed_by)
        yield f"Closed by {by}, {moment_text(record.closing.closed_at, team.zone)}."
        yield from (f"  {line}" for line in record_lines(record.closing, team))
    yield from verdict_lines(record)


def _promise(accepted: Commitment, seal: str, team: Team) -> Iterator[str]:
    by = team.name_of(accepted.accepted_by)
    when = moment_text(accepted.accepted_at, team.zone)
    hours = duration_text(accepted.promised)
    yield f"Accepted by {by}, {when}: {wording.counted(len(accepted.tasks), 'task')}, {hours}."
    yield f"Seal {seal}" + (f", after {accepted.previous}" if accepted.previous else "")
    zones = {member.id: member.zone for member in team.members}
    for task in accepted.tasks:
        owner = team.name_of(task.owner)
        yield plain(f"  {task.id} “{task.title}” ({owner}), {duration_text(task.estimate)}")
        zone = zones.get(task.owner, team.zone)
        blocks = [span_text(block.interval, zone) for block in task.blocks]
        if blocks:
            yield f"    {'; '.join(blocks)}"
    for waiver in accepted.waivers:
        about = waiver.task or f"calendars of {team.name_of(waiver.member)}"
        code = f" {waiver.code}" if waiver.code else ""
        yield plain(f"  waived: {about}{code}, because: {waiver.because}")
    for one in accepted.exceptions:
        tasks = ", ".join(one.tasks)
        yield plain(f"  without {team.name_of(one.member)} ({tasks}), because: {one.because}")


def verdict_lines(record: SprintRecord) -> Iterator[str]:
    """Whether everything holds, where somebody asked."""
    if record.faults is None:
        return
    if not record.faults:
        number = wording.counted(record.chain, "acceptance")
        yield f"Verified: {number} in the chain, all as sealed; every change since is on record."
    for fault in record.faults:
        yield plain(f"x {fault}")


def sprint_record_json(record: SprintRecord, team: Team) -> dict[str, Any]:
    """As `blocker.sprint/1`."""
    accepted = record.commitment
    zone = team.zone
    return {
        "schema": "blocker.sprint/1",
        "sprint": sprint_json(record.sprint, record.state),
        "seal": record.seal,
        "previous": accepted.previous if accepted else None,
        "accepted": None if accepted is None else _accepted_json(accepted, team),
        "amendments": [amendment_json(one, team, zone) for one in record.amendments],
        "closing": closing_json(record.closing, team) if record.closing else None,
        "verified": None if record.faults is None else not record.faults,
        "faults": list(record.faults or ()),
    }


def _accepted_json(accepted: Commitment, team: Team) -> dict[str, Any]:
    zones = {member.id: member.zone for member in team.members}
    return {
        "at": instant(accepted.accepted_at, team.zone),
        "by": accepted.accepted_by,
        "promised_minutes": minutes(accepted.promised),
        "tasks": [
            {
                "task": task.id,
                "title": task.title,
                "member": task.owner,
                "estimate_minutes": minutes(task.estimate),
                "blocks": [
                    {
                        "start": instant(one.interval.start, zones.get(task.owner, team.zone)),
                        "end": instant(one.interval.end, zones.get(task.owner, team.zone)),
                        "uid": one.uid,
                    }
                    for one in task.blocks
                ],
            }
            for task in accepted.tasks
        ],
        "waivers": [
            {"task": one.task, "code": one.code, "member": one.member, "because": one.because}
            for one in accepted.waivers
        ],
        "exceptions": [
            {"member": one.member, "because": one.because, "tasks": list(one.tasks)}
            for one in accepted.exceptions
        ],
    }
