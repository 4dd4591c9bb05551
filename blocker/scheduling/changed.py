"""What a remedy makes of the question, and how much it asks of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from blocker.domain.interval import Interval, intersect, total
from blocker.domain.plan import Remedy, RemedyKind
from blocker.scheduling.problem import Desk, Problem, Work

_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Choices:
    """What could be changed and the problem itself does not know.

    `opens`: from when each task may be worked on.  `meetings`: by member, events that somebody
    could move, each as it is in the desk's `busy`.  `colleagues`: by task, the work as each
    colleague would have it, whose desk is in the problem.
    """

    opens: Mapping[str, datetime] = field(default_factory=dict)
    meetings: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    colleagues: Mapping[str, tuple[Work, ...]] = field(default_factory=dict)


def changed(problem: Problem, remedy: Remedy, choices: Choices) -> Problem:
    """The problem as it is once the remedy was applied.  Raises KeyError for an unknown task."""
    work = work_of(problem, remedy.task)
    match remedy.kind:
        case RemedyKind.DEFER:
            works = tuple(one for one in problem.works if one is not work)
            desks = tuple(
                replace(desk, standing=tuple(one for one in desk.standing if one.task != work.task))
                for desk in problem.desks
            )
            return replace(problem, desks=desks, works=works)
        case RemedyKind.EXTEND_DUE:
            assert remedy.until is not None
            opens = choices.opens.get(work.task, problem.horizon.start)
            start = work.window.start if work.window else max(problem.horizon.start, opens)
            return _with_work(problem, replace(work, window=Interval(start, remedy.until)))
        case RemedyKind.SHORTEN | RemedyKind.SPLIT:
            assert remedy.less is not None
            return _with_work(
                problem, replace(work, missing=max(work.missing - remedy.less, _ZERO))
            )
        case RemedyKind.REASSIGN:
            ways = choices.colleagues[work.task]
            return _with_work(problem, next(one for one in ways if one.member == remedy.member))
        case RemedyKind.FREE_TIME:
            desk = desk_of(problem, work.member)
            busy = tuple(span for span in desk.busy if span != remedy.span)
            return _with_desk(problem, replace(desk, busy=busy))
        case RemedyKind.RAISE_DAY_LIMIT:
            assert remedy.day is not None and remedy.limit is not None
            desk = desk_of(problem, work.member)
            limits = {**desk.day_limits, remedy.day: remedy.limit}
            return _with_desk(problem, replace(desk, day_limits=limits))


def work_of(problem: Problem, task: str) -> Work:
    """Raises KeyError."""
    for work in problem.works:
        if work.task == task:
            return work
    raise KeyError(task)


def desk_of(problem: Problem, member: str) -> Desk:
    """Raises KeyError."""
    for desk in problem.desks:
        if desk.member == member:
            return desk
    raise KeyError(member)


def _with_work(problem: Problem, work: Work) -> Problem:
    works = tuple(work if one.task == work.task else one for one in problem.works)
    return replace(problem, works=works)


def _with_desk(problem: Problem, desk: Desk) -> Problem:
    desks = tuple(desk if one.member == desk.member else one for one in problem.desks)
    return replace(problem, desks=desks)


def joined(problem: Problem, members: set[str]) -> Problem:
    """The problem of these members alone, and of those whose tasks are linked with theirs."""
    owners = {work.task: work.member for work in problem.works}
    links = [
        {work.member, owners[wait.task]}
        for work in problem.works
        for wait in work.after
        if wait.ready is None and wait.task in owners
    ]
    wanted = set(members)
    while more := {member for link in links if link & wanted for member in link} - wanted:
        wanted |= more
    return replace(
        problem,
        desks=tuple(desk for desk in problem.desks if desk.member in wanted),
        works=tuple(work for work in problem.works if work.member in wanted),
    )


def minutes_of(problem: Problem, task: str) -> timedelta:
    """All that a task has and lacks, as far as the problem knows."""
    standing = (b.counted for d in problem.desks for b in d.standing if b.task == task)
    return work_of(problem, task).missing + sum(standing, _ZERO)


def harm(problem: Problem, remedy: Remedy) -> timedelta:
    """How much working time of people a remedy touches.

    Time that is moved, put off, left out or worked besides; for a later due moment the working time
    until then.
    """
    work = work_of(problem, remedy.task)
    desk = desk_of(problem, work.member)
    match remedy.kind:
        case RemedyKind.DEFER | RemedyKind.REASSIGN:
            return minutes_of(problem, remedy.task)
        case RemedyKind.SHORTEN | RemedyKind.SPLIT:
            return remedy.less or _ZERO
        case RemedyKind.RAISE_DAY_LIMIT:
            assert remedy.day is not None and remedy.limit is not None
            return remedy.limit - (desk.limit_on(remedy.day) or remedy.limit)
        case RemedyKind.FREE_TIME:
            assert remedy.span is not None
            return total(intersect(desk.hours.within(problem.horizon), [remedy.span]))
        case RemedyKind.EXTEND_DUE:
            assert remedy.until is not None
            before = work.window.end if work.window else problem.horizon.start
            return total(desk.hours.within(Interval(before, remedy.until)))
