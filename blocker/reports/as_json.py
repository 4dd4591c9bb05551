"""Results as JSON, with the keys of the contract (sections 6 and 7)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.block import TimeBlock
from blocker.domain.finding import AuditReport, Finding, MemberAudit, TaskAudit
from blocker.domain.interval import Interval
from blocker.domain.plan import Booking, Change, MemberBooking, Unbooked
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.domain.team import Team

BOOK_SCHEMA = "blocker.book/1"
AUDIT_SCHEMA = "blocker.audit/1"


def to_text(value: Mapping[str, Any]) -> str:
    """Indented, letters of every language as they are, keys in the order of the contract."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def booking_json(booking: Booking) -> dict[str, Any]:
    """A booking as `blocker.book/1`; instants in the member's zone, others in the team's."""
    return {
        "schema": BOOK_SCHEMA,
        "now": instant(booking.now, booking.sprint.zone),
        "dry_run": booking.dry_run,
        "sprint": sprint_json(booking.sprint, booking.state),
        "members": [_member_booking(member, booking.tasks) for member in booking.members],
        "errors": list(booking.errors),
    }


def audit_json(
    report: AuditReport, zones: Mapping[str, ZoneInfo], warnings: Sequence[str] = ()
) -> dict[str, Any]:
    """A report as `blocker.audit/1`; `zones` are the members', by id.

    `accepted`, and `promised` and `kept` of each member, are there once the sprint is accepted.
    """
    return {
        "schema": AUDIT_SCHEMA,
        "now": instant(report.now, report.sprint.zone),
        "sprint": sprint_json(report.sprint, report.sprint_state),
        "ok": report.ok,
        **_accepted(report),
        "members": [
            _member_audit(member, zones[member.member], is_accepted=report.accepted is not None)
            for member in report.members
        ],
        "outcomes": [
            {
                "outcome": one.outcome,
                "committed_minutes": minutes(one.committed),
                "on_calendar_minutes": minutes(one.on_calendar),
                "stood_minutes": minutes(one.stood),
            }
            for one in report.outcomes
        ],
        "errors": [*report.errors, *report.orphans],
        "warnings": [*warnings],
    }


def instant(moment: datetime, zone: ZoneInfo) -> str:
    """ISO 8601 with the offset of `zone`, whole seconds."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def minutes(span: timedelta) -> int:
    """Whole elapsed minutes, rounded down."""
    return span // timedelta(minutes=1)


def sprint_json(sprint: Sprint, state: SprintState) -> dict[str, Any]:
    span = sprint.interval
    return {
        "name": sprint.name,
        "number": sprint.number,
        "start": instant(span.start, sprint.zone),
        "end": instant(span.end, sprint.zone),
        "state": state.value,
    }


def _member_booking(one: MemberBooking, tasks: Mapping[str, Task]) -> dict[str, Any]:
    zone = one.member.zone
    return {
        "member": one.member.id,
        "minutes": {
            "working": one.minutes.working,
            "busy": one.minutes.busy,
            "free": one.minutes.free,
            "usable": one.minutes.usable,
            "needed": one.minutes.needed,
            "booked": one.minutes.booked,
        },
        "proven": list(one.proven),
        "gap": one.gap,
        "blocks": [_change(change, tasks, zone) for change in one.changes],
        "unbooked": [unbooked_json(lack, tasks, zone) for lack in one.unbooked],
        "warnings": list(one.warnings),
    }


def _change(change: Change, tasks: Mapping[str, Task], zone: ZoneInfo) -> dict[str, Any]:
    block = change.block
    return {
        "task": block.task,
        "title": tasks[block.task].title if block.task in tasks else block.title,
        "part": block.part,
        "parts": block.parts,
        **_span(block.interval, zone),
        "uid": block.uid,
        "change": change.kind.value,
    }


def unbooked_json(lack: Unbooked, tasks: Mapping[str, Task], zone: ZoneInfo) -> dict[str, Any]:
    """A task left out, with its certificate and remedies (contract, section 6)."""
    proof = lack.certificate
    return {
        "task": lack.task,
        "estimate_minutes": minutes(tasks[lack.task].estimate),
        "missing_minutes": minutes(lack.missing),
        "reason": lack.reason.value,
        "needed_minutes": minutes(proof.needed) if proof else None,
        "free_minutes": minutes(proof.free) if proof else None,
        "from": instant(proof.window.start, zone) if proof else None,
        "until": instant(proof.window.end, zone) if proof else None,
        "competing": list(lack.competing),
        "remedies": [
            {"kind": one.kind.value, "task": one.task, "detail": one.detail}
            for one in lack.remedies
        ],
    }


def _span(span: Interval | None, zone: ZoneInfo) -> dict[str, str | None]:
    return {
        "start": instant(span.start, zone) if span else None,
        "end": instant(span.end, zone) if span else None,
    }


def _accepted(report: AuditReport) -> dict[str, Any]:
    if report.accepted is None:
        return {}
    at, by = report.accepted
    return {"accepted": {"at": instant(at, report.sprint.zone), "by": by}}


def _member_audit(member: MemberAudit, zone: ZoneInfo, *, is_accepted: bool) -> dict[str, Any]:
    promise = {"promised": minutes(member.promised), "kept": minutes(member.kept)}
    return {
        "member": member.member,
        "ok": member.ok,
        "minutes": {
            "committed": minutes(member.committed),
            "on_calendar": minutes(member.on_calendar),
            **(promise if is_accepted else {}),
        },
        "tasks": [_task_audit(task, zone) for task in member.tasks],
        "findings": [finding_json(finding, zone) for finding in member.findings],
    }


def _task_audit(task: TaskAudit, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "task": task.task,
        "title": task.title,
        "outcome": task.outcome,
        "state": task.state.value,
        "estimate_minutes": minutes(task.estimate),
        "counted_minutes": minutes(task.counted),
        "ok": task.ok,
        "blocks": [
            {
                **_span(block.interval, zone),
                "counted_minutes": minutes(block.counted),
                "matched_by": block.matched_by.value,
                "uid": block.uid,
                "calendar": block.calendar,
            }
            for block in task.blocks
        ],
        "findings": list(dict.fromkeys(finding.code.value for finding in task.findings)),
    }


def finding_json(finding: Finding, zone: ZoneInfo) -> dict[str, Any]:
    """One finding; its instants in `zone`."""
    return {
        "code": finding.code.value,
        "severity": finding.severity.value,
        "task": finding.task,
        "message": finding.message,
        **_span(finding.span, zone),
    }


def blocks_json(blocks: Iterable[TimeBlock]) -> list[dict[str, Any]]:
    """Blocks by themselves, in their owner's zone."""
    return [
        {
            "member": block.member,
            "task": block.task,
            "title": block.title,
            **_span(block.interval, block.zone),
            "uid": block.uid,
        }
        for block in blocks
    ]


def tasks_json(tasks: Iterable[Task], team: Team) -> dict[str, Any]:
    """Tasks as the store knows them; relative words stay words."""
    return {
        "schema": "blocker.tasks/1",
        "tasks": [
            {
                "task": task.id,
                "title": task.title,
                "owner": task.owner,
                "estimate_minutes": minutes(task.estimate),
                "priority": task.priority,
                "due": None if task.due is None else str(task.due),
                "not_before": None if task.not_before is None else str(task.not_before),
                "after": [str(after) for after in task.after],
                "outcome": task.outcome,
                "campaign": task.campaign,
                "sprint": (
                    "backlog" if task.sprint is None else team.sprints.sprint(task.sprint).name
                ),
                "shortest_minutes": None if task.shortest is None else minutes(task.shortest),
                "longest_minutes": None if task.longest is None else minutes(task.longest),
                "state": task.state.value,
            }
            for task in tasks
        ],
    }
