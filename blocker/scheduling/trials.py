"""Tries remedies: the changed problem is planned again, and what came of it is looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from blocker.domain.plan import Remedy, RemedyKind
from blocker.scheduling.block_bound import cannot_all_fit
from blocker.scheduling.changed import Choices, changed, desk_of, joined, work_of
from blocker.scheduling.facts import Facts
from blocker.scheduling.left_out import left_out
from blocker.scheduling.parts import part_of
from blocker.scheduling.planner import Effort
from blocker.scheduling.problem import Problem, Work
from blocker.scheduling.reading import facts_of

MOST_WORK = 3_600
"""So many tasks may be in all the quick plans made for one task's remedies."""

FEWEST_QUICK = 6
MANY = 80
"""Of problems with more tasks than this no plan is made with more than quick effort."""


@dataclass
class Trials:
    """Plans for one task that is left out of a problem; `lacking` are all tasks that lack time.

    `quick` and `full` are how many more plans of each sort may be made; they count plans, never
    seconds, so that the same question gives the same remedies everywhere.
    """

    problem: Problem
    task: str
    lacking: frozenset[str]
    choices: Choices
    effort: Effort
    quick: int = 60
    full: int = 1
    doubtful: list[Remedy] = field(default_factory=list)
    _seen: dict[Remedy, bool] = field(default_factory=dict)

    def limit_to(self, works: int) -> None:
        """Fewer plans where each costs more."""
        self.quick = max(FEWEST_QUICK, min(self.quick, MOST_WORK // max(1, works)))
        if works > MANY:
            self.full = 0

    def is_hopeless(self, remedy: Remedy) -> bool:
        """Whether a sum shows that the task and all that is booked cannot fit even so."""
        if self._goes(remedy):
            return False
        part = self._part(remedy)
        return bool(self._hopeless(part, [work_of(part, self.task)]))

    def seems_right(self, remedy: Remedy) -> bool:
        """Whether a quick plan books the task and loses none."""
        if remedy not in self._seen:
            if not self.quick:
                return False
            self.quick -= 1
            self._seen[remedy] = self._works(self._part(remedy), Effort.QUICK)
        return self._seen[remedy]

    def is_right(self, remedy: Remedy) -> bool:
        """Whether any plan made with as much effort or more books the task and loses none.

        A quick plan that books it is proof enough where sums show that none of the other tasks
        left out could take its place, since more effort only books more.  What such a plan books
        without that proof is `doubtful`.
        """
        if self.is_pointless(remedy) or not self.seems_right(remedy):
            return False
        if self._goes(remedy) or self._has_no_rival(self._part(remedy)):
            return True
        self.doubtful.append(remedy)
        return False

    def is_pointless(self, remedy: Remedy) -> bool:
        """Whether a plan would only be doubtful, and none may be made in full to settle that."""
        if self.full or self._goes(remedy):
            return False
        return not self._has_no_rival(self._part(remedy))

    def is_right_in_full(self, remedy: Remedy) -> bool:
        """Whether the plan that will be made books the task and loses none."""
        if not self.full:
            return False
        self.full -= 1
        return self._works(self._part(remedy), self.effort)

    def _works(self, part: Problem, effort: Effort) -> bool:
        lacking = left_out(part, effort)
        return self.task not in lacking and lacking <= self.lacking

    def _has_no_rival(self, part: Problem) -> bool:
        """Whether nothing else that is left out could be worth more in the task's place.

        Less important tasks never are, nor are those of members whom nothing links with the
        task's.  Of the others those are no rivals that a sum rules out beside all that is booked,
        but for one as important that needs less time.
        """
        own = work_of(part, self.task)
        others = [
            work
            for work in joined(part, {own.member}).works
            if work.task in self.lacking
            and work.task != self.task
            and work.priority <= own.priority
        ]
        if not all(work.is_whole for work in others):
            return False  # even a part of what they lack would count for more
        sure = [work for work in others if not work.is_stuck and not _waits_for(work, self.lacking)]
        if len(sure) - len(self._hopeless(part, sure, until=2)) >= 2:
            return False
        hopeless = self._hopeless(part, others)
        out = {self.task}
        while more := {
            work.task
            for work in others
            if work.task not in out
            and (work.is_stuck or work.task in hopeless or _waits_for(work, out))
        }:
            out |= more
        rivals = [work for work in others if work.task not in out]
        return not rivals or (len(rivals) == 1 and _is_worth_less(part, rivals[0], own))

    def _hopeless(self, part: Problem, works: Sequence[Work], until: int | None = None) -> set[str]:
        """Of tasks left out those that, by a sum, cannot fit beside all that their owners have.

        Each is held against what is booked alone.  What other members do is left aside, which only
        makes room.  It stops looking when `until` of one member's were found that might fit.
        """
        found = set()
        for member in {work.member for work in works}:
            desk = desk_of(part, member)
            theirs = {work.task for work in works if work.member == member}
            kept = [one for one in part.works if one.member == member]
            kept = [one for one in kept if one.task in theirs or one.task not in self.lacking]
            movable = frozenset(block.key for block in desk.standing if block.is_movable)
            facts = facts_of(
                part,
                [desk],
                sorted(kept, key=lambda work: work.task),
                movable if part.may_release else frozenset(),
            )
            found |= theirs & (set(facts.refused) | _too_much(facts, theirs, until))
        return found

    def _goes(self, remedy: Remedy) -> bool:
        return remedy.kind is RemedyKind.DEFER and remedy.task == self.task

    def _part(self, remedy: Remedy) -> Problem:
        """The changed problem of those who are touched by the change."""
        members = {work_of(self.problem, self.task).member}
        after = changed(self.problem, remedy, self.choices)
        members |= {work.member for work in after.works if work.task == self.task}
        return joined(after, members)


def _waits_for(work: Work, tasks: Collection[str]) -> bool:
    return any(wait.task in tasks for wait in work.after)


def _too_much(facts: Facts, tasks: Collection[str], until: int | None) -> set[str]:
    """Of some tasks those that cannot fit beside all that are none of them, the shortest first."""
    unlinked = replace(facts, jobs=tuple(replace(job, before=()) for job in facts.jobs))
    others = [job.index for job in facts.jobs if job.task not in tasks]
    known: dict[tuple[int, ...], bool] = {}
    found: set[str] = set()
    asked = sorted((job for job in facts.jobs if job.task in tasks), key=lambda job: job.need)
    for number, job in enumerate(asked):
        if until is not None and number - len(found) >= until:
            break
        alike = (job.need, job.release, job.due, job.shortest, job.longest)
        if alike not in known:
            known[alike] = cannot_all_fit(part_of(unlinked, [*others, job.index])[0])
        if known[alike]:
            found.add(job.task)
    return found


def _is_worth_less(part: Problem, rival: Work, own: Work) -> bool:
    """Whether a task as important is the smaller one, so that booking it would be worth less."""
    need, other = (desk_of(part, work.member).rules.round_up(work.missing) for work in (own, rival))
    return rival.priority == own.priority and other < need


def least(trials: Trials, rungs: Sequence[Remedy]) -> Remedy | None:
    """The first of ever stronger remedies that is right, as far as the allowed plans tell.

    Sums rule out the weakest at once; quick plans find one that works, and plans in full try
    whether a weaker one does as well.
    """
    low, high = 0, len(rungs)
    while low < high:
        middle = (low + high) // 2
        if trials.is_hopeless(rungs[middle]):
            low = middle + 1
        else:
            high = middle
    if low == len(rungs) or trials.is_pointless(rungs[low]):
        return None  # what is stronger leaves others no less room
    hit = _first_quick(trials, rungs, low)
    if hit is None:
        return None
    return next((one for one in rungs[hit : hit + 2] if trials.is_right(one)), None)


def _first_quick(trials: Trials, rungs: Sequence[Remedy], low: int) -> int | None:
    """The first rung from `low` on that a quick plan finds right, by steps and halves."""
    failed, index, step = low - 1, low, 1
    while index < len(rungs) and not trials.seems_right(rungs[index]):
        if index == len(rungs) - 1:
            return None
        failed, index, step = index, min(index + step, len(rungs) - 1), 2 * step
    if index >= len(rungs):
        return None
    while index - failed > 1:
        middle = (index + failed) // 2
        if trials.seems_right(rungs[middle]):
            index = middle
        else:
            failed = middle
    return index
