"""What would make a task fit that was left out, the least harmful first, each tried by planning.

The order is by how much working time of people a remedy touches: time won or worked besides, moved
to a colleague, put off, left out; for a later due moment the working time until then.  Of equal
ones that goes first which loses the least: a longer day, a later due moment, a meeting moved, a
colleague, a split, a shorter estimate, another task put off.  Putting off the task itself is last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from blocker.domain.hours import days_of, local_day
from blocker.domain.interval import Interval, clip, intersect, total
from blocker.domain.plan import Reason, Remedy, RemedyKind, Unbooked
from blocker.scheduling.changed import Choices, desk_of, harm, minutes_of, work_of
from blocker.scheduling.planner import Effort, plan_whole
from blocker.scheduling.problem import Desk, Problem, Work
from blocker.scheduling.trials import Trials, least

MOST = 5
MOST_OF_A_KIND = 2
REMEDIABLE = (Reason.NO_ROOM, Reason.CANNOT_BE_CUT, Reason.PAST_DUE)
"""Reasons that a change of the task or of its owner's time can mend."""

_RANKS = (
    RemedyKind.RAISE_DAY_LIMIT,
    RemedyKind.EXTEND_DUE,
    RemedyKind.FREE_TIME,
    RemedyKind.REASSIGN,
    RemedyKind.SPLIT,
    RemedyKind.SHORTEN,
    RemedyKind.DEFER,
)
_LOOKED_AT = 12
"""So many meetings, colleagues or other tasks are tried, the least harmful first."""

_DAYS = 5
"""So many days are tried, those with most free time first."""

_MOST_EXTRA = timedelta(hours=4)
"""Nobody is asked to work more than this beyond a day's limit."""


def remedies_for(
    problem: Problem,
    lack: Unbooked,
    lacking: Iterable[str],
    choices: Choices,
    effort: Effort | str = Effort.NORMAL,
) -> tuple[Remedy, ...]:
    """At most five remedies for a task left out, without their words; each was planned and works.

    `problem` is the question with the plan's blocks standing (`as_booked`); `lacking` are all tasks
    that lack time in it.
    """
    if lack.reason not in REMEDIABLE:
        return ()
    trials = Trials(problem, lack.task, frozenset(lacking), choices, Effort(effort))
    trials.limit_to(len(problem.works))
    work = work_of(problem, lack.task)
    desk = desk_of(problem, work.member)
    found = _found(trials, problem, desk, work, lack)
    for remedy in _by_harm(problem, trials.doubtful):
        if not found and trials.is_right_in_full(remedy):
            found += _with_shorter(problem, remedy)
    found = _by_harm(problem, found)[:MOST]
    itself = Remedy(RemedyKind.DEFER, work.task)
    is_free = work.is_whole and not _has_followers(problem, work.task)
    is_worth_trying = len(found) < MOST and is_free and has_room_elsewhere(problem, work)
    if is_worth_trying and trials.is_right(itself):
        found.append(itself)
    return tuple(found)


def has_room_elsewhere(problem: Problem, work: Work, missing: timedelta | None = None) -> bool:
    """Whether so much of a task fits at all into a sprint like this one, with nothing else to do.

    What never fits is not put off, since the next sprint would only ask the same again.
    """
    span = problem.sprint or problem.horizon
    desk = replace(desk_of(problem, work.member), standing=())
    need = work.missing if missing is None else missing
    alone = replace(work, window=span, missing=need, is_whole=True, after=())
    question = replace(problem, horizon=span, desks=(desk,), works=(alone,))
    return not any(each.unbooked for each in plan_whole(question, effort=Effort.QUICK))


def _found(
    trials: Trials, problem: Problem, desk: Desk, work: Work, lack: Unbooked
) -> list[Remedy]:
    """Remedies of every kind, at most two of each."""
    found: list[Remedy] = []
    if work.window is not None:
        for ladder in _day_limits(problem, desk, work):
            if len(found) < MOST_OF_A_KIND:
                found += _right(trials, ladder)
        found += _some_of(trials, _meetings(problem, desk, work, trials.choices))
        for split in _right(trials, _less(desk, work)):
            both = _with_shorter(problem, split)
            found += both if has_room_elsewhere(problem, work, split.less) else both[1:]
        found += _some_of(trials, _others(problem, work, lack, trials.lacking))
    found += _right(trials, _later(problem, desk, work, trials.choices))
    if work.is_whole:
        found += _some_of(trials, _colleagues(work, trials.choices))
    return found


def _by_harm(problem: Problem, found: Iterable[Remedy]) -> list[Remedy]:
    return sorted(found, key=lambda one: (harm(problem, one), _RANKS.index(one.kind), one.task))


def _with_shorter(problem: Problem, remedy: Remedy) -> list[Remedy]:
    """With a split also the estimate shortened as much, where at least half of it stays."""
    if remedy.kind is not RemedyKind.SPLIT or remedy.less is None:
        return [remedy]
    is_slight = 2 * remedy.less <= minutes_of(problem, remedy.task)
    return [remedy, replace(remedy, kind=RemedyKind.SHORTEN)] if is_slight else [remedy]


def _right(trials: Trials, rungs: Sequence[Remedy]) -> list[Remedy]:
    found = least(trials, rungs)
    return [] if found is None else [found]


def _some_of(trials: Trials, remedies: Iterable[Remedy]) -> list[Remedy]:
    """The first two that are right of some that have nothing to do with each other."""
    found: list[Remedy] = []
    looked_at = 0
    for remedy in remedies:
        if len(found) == MOST_OF_A_KIND or looked_at == _LOOKED_AT:
            break
        if not trials.is_hopeless(remedy):
            looked_at += 1
            if trials.is_right(remedy):
                found.append(remedy)
    return found


def _day_limits(problem: Problem, desk: Desk, work: Work) -> list[list[Remedy]]:
    """For the days whose limit binds, ever higher limits; those with most free time first."""
    assert work.window is not None
    ladders: list[tuple[timedelta, date, list[Remedy]]] = []
    for day in days_of(work.window, desk.hours.zone):
        limit = desk.limit_on(day)
        if limit is None:
            continue
        free = _free_on(problem, desk, work, day)
        most = min(free, limit + _MOST_EXTRA)
        steps = max(0, (most - limit) // desk.rules.step)
        rungs = [
            Remedy(
                RemedyKind.RAISE_DAY_LIMIT,
                work.task,
                day=day,
                limit=limit + number * desk.rules.step,
                member=desk.member,
            )
            for number in range(1, steps + 1)
        ]
        if rungs:
            ladders.append((-free, day, rungs))
    return [rungs for _, _, rungs in sorted(ladders)[:_DAYS]]


def _free_on(problem: Problem, desk: Desk, work: Work, day: date) -> timedelta:
    """Working time of a day, inside the horizon, that no meeting takes."""
    hours = clip(desk.hours.on(day), problem.horizon)
    return total(hours) - total(intersect(hours, desk.busy))


def _meetings(problem: Problem, desk: Desk, work: Work, choices: Choices) -> list[Remedy]:
    """The meetings in the task's way, the shortest first."""
    assert work.window is not None
    hours = desk.hours.within(work.window)
    there = set(desk.busy)
    remedies = [
        Remedy(RemedyKind.FREE_TIME, work.task, span=span, member=desk.member)
        for span in sorted(set(choices.meetings.get(desk.member, ())))
        if span in there and intersect(hours, [span])
    ]
    return sorted(remedies, key=lambda remedy: harm(problem, remedy))


def _less(desk: Desk, work: Work) -> list[Remedy]:
    """Ever more of the task put off.

    What stays is whole steps and at least a block; a task that has time already may stop there.
    """
    step = desk.rules.step
    fewest = -(-(work.shortest or desk.rules.shortest) // step) if work.is_whole else 0
    most = -(-work.missing // step) - 1
    return [
        Remedy(RemedyKind.SPLIT, work.task, less=work.missing - number * step)
        for number in range(most, fewest - 1, -1)
    ]


def _later(problem: Problem, desk: Desk, work: Work, choices: Choices) -> list[Remedy]:
    """Ever later due moments: the ends of the working hours, before a pause and of the day."""
    opens = max(problem.horizon.start, choices.opens.get(work.task, problem.horizon.start))
    after = work.window.end if work.window is not None else opens
    if after >= problem.horizon.end:
        return []
    return [
        Remedy(RemedyKind.EXTEND_DUE, work.task, until=until)
        for until in _ends(desk, Interval(after, problem.horizon.end))
        if until > after
    ]


def _ends(desk: Desk, window: Interval) -> Iterator[datetime]:
    for day in days_of(window, desk.hours.zone):
        spans = desk.hours.on(day)
        for span in spans[:-1]:
            yield min(span.end, window.end)
        if spans:
            yield min(local_day(day, desk.hours.zone).end, window.end)


def _colleagues(work: Work, choices: Choices) -> list[Remedy]:
    return [
        Remedy(RemedyKind.REASSIGN, work.task, member=other.member)
        for other in choices.colleagues.get(work.task, ())
        if other.window is not None
    ]


def _others(problem: Problem, work: Work, lack: Unbooked, lacking: Iterable[str]) -> list[Remedy]:
    """Booked tasks that could be put off: no more important ones, none with blocks that stay.

    A proof names all tasks that matter.  Tasks that others wait for are left alone.
    """
    desk = desk_of(problem, work.member)
    stays = {block.task for block in desk.standing if not block.is_movable}
    stays |= {work.task, *lacking}
    named = set(lack.competing)
    others = [
        other
        for other in problem.works
        if other.member == work.member
        and other.task not in stays
        and other.priority >= work.priority
        and (not named or other.task in named)
        and not _has_followers(problem, other.task)
    ]
    others.sort(key=lambda one: (-one.priority, minutes_of(problem, one.task), one.task))
    return [Remedy(RemedyKind.DEFER, other.task) for other in others]


def _has_followers(problem: Problem, task: str) -> bool:
    return any(wait.task == task for work in problem.works for wait in work.after)
