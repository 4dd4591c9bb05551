"""Puts the question to the planner: what stands and what is missing, as plain facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blocker.auditing.evidence import Promise
from blocker.commands.scene import Scene, key_of
from blocker.commands.standing import Stand
from blocker.domain.interval import Interval
from blocker.domain.plan import MemberPlan, Reason, Unbooked
from blocker.domain.sprint import SprintState
from blocker.domain.task import After, Task
from blocker.scheduling.planner import Effort, plan
from blocker.scheduling.problem import Desk, Problem, Standing, Wait, Work


@dataclass(frozen=True, slots=True)
class Planned:
    """The planner's answer for each member, with the question it answers."""

    problem: Problem | None
    plans: Mapping[str, MemberPlan]

    @property
    def is_cut_short(self) -> bool:
        """The planner was interrupted."""
        return any(plan.is_cut_short for plan in self.plans.values())

    def finished(self, task: Task) -> datetime | None:
        """When a task that gets new time is over; None for one that gets none, or not enough."""
        plan = self.plans.get(task.owner)
        if self.problem is None or plan is None:
            return None
        ends = [one.interval.end for one in plan.new if one.task == task.id]
        if not ends or any(one.task == task.id for one in plan.unbooked):
            return None
        ends += [
            block.interval.end
            for desk in self.problem.desks
            for block in desk.standing
            if block.task == task.id and block.key not in plan.released
        ]
        return max(ends)


def plan_team(
    scene: Scene,
    stands: Mapping[str, Stand],
    effort: Effort | str = Effort.NORMAL,
    workers: int = 1,
) -> Planned:
    """Plan all members whose calendars were sorted out; a sprint that is over has no room."""
    problem = problem_of(scene, stands)
    if problem is None:
        return Planned(None, {name: _too_late(scene, stand) for name, stand in stands.items()})
    return Planned(
        problem, {one.member: one for one in plan(problem, effort=effort, workers=workers)}
    )


def problem_of(scene: Scene, stands: Mapping[str, Stand]) -> Problem | None:
    """The question of all members whose calendars were sorted out; None when the sprint is over."""
    horizon = horizon_of(scene)
    if horizon is None:
        return None
    return Problem(
        horizon,
        tuple(_desk(scene, stand) for stand in stands.values()),
        tuple(_works(scene, stands, horizon)),
        scene.state is SprintState.PLANNED,
        scene.sprint.interval,
        scene.sprint.first_day,
    )


def _too_late(scene: Scene, stand: Stand) -> MemberPlan:
    """Nothing can be added any more: what is lacking stays lacking."""
    member = stand.calendars.member.id
    lacking = [
        Unbooked(task.id, missing, Reason.PAST_DUE)
        for task in (promise.task for promise in scene.promises.values())
        if task.owner == member
        and task.is_owed
        and (missing := task.estimate - stand.counted(task.id)) > timedelta()
    ]
    return MemberPlan(member, (), unbooked=tuple(lacking))


def horizon_of(scene: Scene) -> Interval | None:
    """From the later of now and the sprint's start to its end; None when it is over."""
    span = scene.sprint.interval
    start = max(span.start, scene.now)
    return Interval(start, span.end) if start < span.end else None


def _desk(scene: Scene, stand: Stand) -> Desk:
    member = stand.calendars.member
    may_move = scene.may_move(member.id)
    standing = tuple(
        Standing(
            key_of(kept.event),
            kept.task,
            kept.event.interval,
            kept.spoken.minutes,
            may_move and not kept.by_person and kept.event.interval.start >= scene.now,
        )
        for kept in stand.kept
    )
    # a gap is kept to what a person wrote, whether it speaks for a task or not
    by_hand = tuple(kept.event.interval for kept in stand.kept if not kept.is_ours)
    return Desk(
        member.id,
        member.hours,
        scene.rules_of(member),
        (*stand.busy, *by_hand),
        standing,
        scene.limits_of(member.id),
    )


def _works(scene: Scene, stands: Mapping[str, Stand], horizon: Interval) -> Iterable[Work]:
    """All that is to be planned, and what others have booked already of what waits for it."""
    for promise in scene.promises.values():
        task = promise.task
        if not task.is_owed or task.owner not in stands:
            continue
        work = work_for(scene, stands, promise, horizon)
        if task.owner in scene.planned and scene.is_about(task.id):
            yield work
        elif work.after:
            yield replace(work, missing=timedelta())


def work_for(
    scene: Scene, stands: Mapping[str, Stand], promise: Promise, horizon: Interval
) -> Work:
    """A promise of one of these members as the planner's work; what stands counts already."""
    task = promise.task
    stand = stands[task.owner]
    counted = stand.counted(task.id)
    waits, is_stuck = _waits(scene, stands, task.after)
    return Work(
        task.id,
        task.owner,
        task.priority,
        max(task.estimate - counted, timedelta()),
        not counted,
        promise.window.meet(horizon) if promise.window else None,
        waits,
        is_stuck,
        *stand.calendars.member.rules.block_lengths(task.shortest, task.longest),
        avoid=tuple(
            receipt.block.interval for receipt in stand.deleted if receipt.block.task == task.id
        ),
    )


def _waits(
    scene: Scene, stands: Mapping[str, Stand], afters: Sequence[After]
) -> tuple[tuple[Wait, ...], bool]:
    """What a task waits for, and whether one of it cannot be finished before."""
    waits = []
    is_stuck = False
    for after in afters:
        before = scene.tasks.get(after.task)
        if before is None or not before.is_owed:
            continue
        is_here = before.sprint == scene.sprint.number and before.owner in stands
        if is_here and scene.is_about(before.id):
            waits.append(Wait(after.task, after.lag))
        elif (ready := scene.ready.get(after.task)) is not None and _is_earlier(scene, before):
            waits.append(Wait(after.task, after.lag, ready))
        else:
            is_stuck = True
    return tuple(waits), is_stuck


def _is_earlier(scene: Scene, task: Task) -> bool:
    return task.sprint is not None and task.sprint <= scene.sprint.number
