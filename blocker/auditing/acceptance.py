"""What an audit's report says that is sealed when a sprint is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from blocker.auditing.evidence import Promise
from blocker.domain.commitment import PromisedBlock, PromisedTask, SealedFinding
from blocker.domain.finding import AuditReport, Finding, TaskAudit


def promised_tasks(
    report: AuditReport, promises: Mapping[str, Promise]
) -> tuple[PromisedTask, ...]:
    """The tasks that are owed their time, each with the blocks that speak for it."""
    return tuple(
        _promised(task, promises[task.task])
        for member in report.members
        for task in member.tasks
        if task.is_owed
    )


def _promised(audited: TaskAudit, promise: Promise) -> PromisedTask:
    task = promise.task
    return PromisedTask(
        task.id,
        task.title,
        task.owner,
        task.estimate,
        task.priority,
        promise.not_before,
        promise.due,
        tuple(str(after) for after in task.after),
        task.outcome,
        task.campaign,
        task.state,
        tuple(
            PromisedBlock(
                one.uid, one.instance, one.interval, one.counted, one.matched_by, one.calendar
            )
            for one in audited.blocks
        ),
    )


def sealed_findings(report: AuditReport) -> tuple[SealedFinding, ...]:
    """All that the audit found, with each task's minutes."""
    return tuple(_sealed(report))


def _sealed(report: AuditReport) -> Iterator[SealedFinding]:
    for member in report.members:
        for task in member.tasks:
            yield from _of(member.member, task.findings, task.counted, task.lacking)
        yield from _of(member.member, (one for one in member.findings if one.task is None))


def _of(
    member: str,
    findings: Iterable[Finding],
    counted: timedelta = timedelta(),
    lacking: timedelta = timedelta(),
) -> Iterator[SealedFinding]:
    for one in findings:
        yield SealedFinding(
            member,
            one.code,
            one.severity,
            one.message,
            one.task,
            one.span,
            one.events,
            counted,
            lacking,
        )
