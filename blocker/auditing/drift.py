"""Drift: what was accepted, held against the calendars as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from blocker.auditing.cases import TaskCase
from blocker.auditing.evidence import Spoken
from blocker.domain.commitment import PromisedBlock, PromisedTask
from blocker.domain.finding import Code, Finding, Severity
from blocker.domain.interval import Interval, duration_text
from blocker.domain.task import Task, TaskState


def drifted(case: TaskCase, promised: PromisedTask) -> Iterator[Finding]:
    """How the blocks of one task differ from those that were accepted.

    A block is known again by its UID and instance, else by its very time.
    """
    left = list(case.spoken)
    pairs: list[tuple[PromisedBlock, Spoken | None]] = []
    for block in promised.blocks:
        found = _same_event(block, left)
        if found is not None:
            left.remove(found)
        pairs.append((block, found))
    for block, found in pairs:
        if found is None and (twin := _same_time(block, left)) is not None:
            left.remove(twin)
        elif found is None:
            when = case.about.when(block.interval)
            message = f"{case.name}: the block {when} was accepted and is gone{case.as_far_as_seen}"
            yield _warning(case, Code.DELETED, message, block.interval)
        else:
            yield from _changed(case, block, found.event.interval)


def _same_event(block: PromisedBlock, spoken: Sequence[Spoken]) -> Spoken | None:
    key = (block.uid, block.instance)
    return next((one for one in spoken if (one.event.uid, one.event.instance) == key), None)


def _same_time(block: PromisedBlock, spoken: Sequence[Spoken]) -> Spoken | None:
    return next((one for one in spoken if one.event.interval == block.interval), None)


def _changed(case: TaskCase, block: PromisedBlock, now: Interval) -> Iterator[Finding]:
    """`moved` when neither its start nor its end is what it was; its length apart from that."""
    before = block.interval
    was, there = case.about.when(before), case.about.when(now)
    if now.start != before.start and now.end != before.end:
        yield _warning(case, Code.MOVED, f"{case.name}: {was} was moved to {there}", now)
    if now.length != before.length:
        code = Code.SHRUNK if now.length < before.length else Code.STRETCHED
        by = duration_text(abs(now.length - before.length))
        word = "shorter" if code is Code.SHRUNK else "longer"
        message = f"{case.name}: {was} is {by} {word} than accepted, {there} now"
        yield _warning(case, code, message, now)


def _warning(case: TaskCase, code: Code, message: str, span: Interval) -> Finding:
    return case.find(code, Severity.WARNING, message, span)


def kept(promised: PromisedTask, task: Task | None, counted: timedelta) -> timedelta:
    """How much of what was promised for a task still stands; all of it once the task is done."""
    if task is not None and task.state is TaskState.DONE:
        return promised.estimate
    return min(counted, promised.estimate)
