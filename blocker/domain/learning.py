"""Estimates that learn: what finished tasks took, held against what was thought.

Nothing here changes an estimate; it only says how such estimates have fared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from blocker.domain.closing import Closing
from blocker.domain.commitment import Amendment, AmendmentKind, Commitment, Completion
from blocker.domain.task import Task

FEWEST = 3
"""So many finished tasks are needed before anything is concluded."""

LATEST = 10
"""No more than these count: whoever estimates better by now is believed."""

FAR_OVER = 1.4
"""From this ratio on it is worth a word."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many hours an estimated hour has taken: the middle one of `tasks` finished tasks.

    `campaign` is None where it speaks of all of a member's work.
    """

    ratio: float
    tasks: int
    campaign: str | None = None

    @property
    def is_far_over(self) -> bool:
        return self.ratio >= FAR_OVER


@dataclass(frozen=True, slots=True)
class Overrun:
    """What the open tasks of a member would take beyond their estimates at the paces so far.

    `estimated` is the sum of the estimates of the tasks that `paces` speak of.
    """

    paces: tuple[Pace, ...]
    estimated: timedelta
    more: timedelta


def by_member(finished: Iterable[Completion]) -> dict[str, list[Completion]]:
    """Whose work each was."""
    found: dict[str, list[Completion]] = {}
    for one in finished:
        found.setdefault(one.member, []).append(one)
    return found


def pace_of(finished: Iterable[Completion], campaign: str | None) -> Pace | None:
    """The pace of one member's work for a campaign; of all of it where that tells too little.

    None with fewer than three finished tasks.  One that took no time at all was done without any
    block, so it tells nothing.  It is the median of the tasks' ratios rather than the sum of the
    time over the sum of the estimates: one task that went wrong is an accident, not a habit.
    """
    told = [one for one in finished if one.took > timedelta()]
    kind = [one for one in told if campaign and _same(one.campaign, campaign)]
    if len(kind) >= FEWEST:
        return _pace(kind, campaign)
    return _pace(told, None) if len(told) >= FEWEST else None


def _pace(finished: Sequence[Completion], campaign: str | None) -> Pace:
    latest = sorted(finished, key=lambda one: (one.at, one.task))[-LATEST:]
    return Pace(median(one.took / one.estimate for one in latest), len(latest), campaign)


def _same(one: str | None, other: str) -> bool:
    """Campaigns are free text: letter case and blanks make no other campaign."""
    return one is not None and _folded(one) == _folded(other)


def _folded(campaign: str) -> str:
    return " ".join(campaign.casefold().split())


def overrun_of(
    tasks: Iterable[Task], finished: Sequence[Completion], grown: Mapping[str, timedelta]
) -> Overrun | None:
    """What these open tasks of one member, who `finished` those, would take beyond their estimates.

    Only tasks of which such work has run far over count.  `grown` is by how much a task's estimate
    has grown since it was accepted, by id: so much of an overrun is known already.
    """
    paces: dict[str, Pace] = {}
    known: dict[str, Pace | None] = {}
    estimated = more = timedelta()
    for task in tasks:
        campaign = _folded(task.campaign or "")
        if campaign not in known:
            known[campaign] = pace_of(finished, task.campaign)
        pace = known[campaign]
        if pace is None or not pace.is_far_over:
            continue
        paces.setdefault(_folded(pace.campaign or ""), pace)
        first = max(task.estimate - grown.get(task.id, timedelta()), timedelta())
        estimated += task.estimate
        more += max(first * pace.ratio - task.estimate, timedelta())
    return Overrun(tuple(paces.values()), estimated, more) if more else None


def grown_in(amendments: Iterable[Amendment], sprint: int) -> dict[str, timedelta]:
    """By how much estimates were raised while a sprint ran, by task."""
    grown: dict[str, timedelta] = {}
    for one in amendments:
        if one.task and one.sprint == sprint and one.kind is AmendmentKind.MORE:
            grown[one.task] = grown.get(one.task, timedelta()) + one.minutes
    return grown


def first_estimate(
    task: Task,
    commitments: Iterable[Commitment],
    closings: Iterable[Closing],
    amendments: Iterable[Amendment] = (),
) -> timedelta:
    """The estimate by which a task first came into a sprint, of the work that is its owner's.

    Later estimates know better; but what was lowered since was not done, and of a task that changed
    hands only what was left then.  An accepted estimate counts before that of the closing.
    """
    accepted = {
        kept.sprint: one.estimate for kept in commitments for one in kept.tasks if one.id == task.id
    }
    closed = {
        kept.sprint: one.estimate for kept in closings for one in kept.tasks if one.id == task.id
    }
    changes = [one for one in amendments if one.task == task.id]
    first: timedelta | None = None
    for sprint in sorted({*accepted, *closed}):
        now = accepted.get(sprint, closed.get(sprint, timedelta()))
        first = now if first is None else first
        for one in changes:
            if one.sprint == sprint and one.kind in _RESIZING:
                grown, now = max(now - first, timedelta()), now + one.minutes
                if one.kind is AmendmentKind.REASSIGNED:
                    first = now
                elif one.kind is AmendmentKind.LOWERED:
                    first += min(grown + one.minutes, timedelta())
    return first if first is not None and first > timedelta() else task.estimate


_RESIZING = (AmendmentKind.MORE, AmendmentKind.LOWERED, AmendmentKind.REASSIGNED)


def stood_before(
    task: Task, closings: Iterable[Closing], amendments: Iterable[Amendment] = ()
) -> timedelta:
    """What of its owner's work on a task stood in other sprints than the one it is in."""
    stood = {
        one.sprint: one.stood
        for one in amendments
        if one.task == task.id and one.member == task.owner and one.kind in _ELSEWHERE
    }
    for kept in closings:
        for one in kept.tasks:
            if one.id == task.id and one.owner == task.owner:
                stood[kept.sprint] = one.stood - one.by_others
    return sum((time for sprint, time in stood.items() if sprint != task.sprint), timedelta())


_ELSEWHERE = (AmendmentKind.SWAPPED_OUT, AmendmentKind.CARRIED)
