"""Which blocks of ours may not stay: settled tasks', wrong ones, and more than a task needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from blocker.auditing.evidence import Evidence, Spoken
from blocker.commands.reading import MemberCalendars
from blocker.commands.scene import Scene, is_by_person, key_of, receipt_of
from blocker.domain.event import Event
from blocker.domain.interval import Interval
from blocker.domain.member import Member
from blocker.scheduling.problem import Desk
from blocker.scheduling.standing import Candidate, right


def is_stale(scene: Scene, calendars: MemberCalendars, event: Event) -> bool:
    """A block still to come of a task that is settled, or no longer of its sprint or owner."""
    mark = event.mark
    task = scene.tasks.get(mark.task) if mark else None
    if mark is None or task is None or event.interval.start < scene.now:
        return False
    if not task.is_owed or task.owner != calendars.member.id:
        return True
    receipt = receipt_of(scene, calendars, event)
    number = receipt.block.sprint if receipt else None
    if number is None and mark.sprint is not None:
        number = scene.team.sprints.number_named(mark.sprint)
    return number is not None and task.sprint != number


def wrong_in(
    scene: Scene,
    calendars: MemberCalendars,
    evidence: Evidence,
    ours: set[str],
) -> list[Event]:
    """Blocks of ours, still to come, that may not stay where they are."""
    to_come = [
        one
        for one in evidence.spoken
        if key_of(one.event) in ours and one.event.interval.start >= scene.now
    ]
    moved = [one for one in to_come if is_by_person(scene, calendars, one.event, ours)]
    untouched = [one for one in to_come if one not in moved]
    staying = [one for one in evidence.spoken if one not in to_come and one.event.is_busy]
    wrong: list[Spoken] = []
    for one in sorted(moved, key=_rank):
        if _proves_nothing(one) or _is_hit(one, staying):
            wrong.append(one)
        else:
            staying.append(one)
    if not scene.may_move(calendars.member.id):
        for one in sorted(untouched, key=_rank):
            if _proves_nothing(one) or _is_hit(one, staying):
                wrong.append(one)
            else:
                staying.append(one)
        return [one.event for one in wrong]
    return [one.event for one in wrong] + _rule_breakers(
        scene, calendars, untouched, staying, evidence, ours
    )


def _rule_breakers(
    scene: Scene,
    calendars: MemberCalendars,
    untouched: Sequence[Spoken],
    staying: Sequence[Spoken],
    evidence: Evidence,
    ours: set[str],
) -> list[Event]:
    """Before acceptance a block of ours stays only where it breaks no hard rule now."""
    sound = [one for one in untouched if not _proves_nothing(one, clashes=False)]
    busy = [event.interval for event in evidence.silent if event.is_busy]
    busy += [
        event.interval for event, _ in (*evidence.ambiguous, *evidence.unplanned) if event.is_busy
    ]
    busy += [*calendars.member.time_off]
    busy += [one.event.interval for one in staying if key_of(one.event) not in ours]
    busy += [trouble.span for trouble in calendars.read.troubles if trouble.span is not None]
    member = calendars.member
    desk = Desk(member.id, member.hours, member.rules, tuple(busy), (), scene.limits_of(member.id))
    candidates = [
        _candidate(scene, member, one, evidence, sound) for one in sorted(sound, key=_rank)
    ]
    stays = scene.tolerated | right(desk, [one.event.interval for one in staying], candidates)
    return [one.event for one in untouched if one not in sound or key_of(one.event) not in stays]


def _candidate(
    scene: Scene, member: Member, one: Spoken, evidence: Evidence, sound: Sequence[Spoken]
) -> Candidate:
    shortest, longest = member.rules.block_lengths(
        one.promise.task.shortest, one.promise.task.longest
    )
    others = [other for other in evidence.by_task[one.task] if other is not one]
    lacking = one.promise.task.estimate - sum((other.minutes for other in others), timedelta())
    return Candidate(
        key_of(one.event),
        one.task,
        one.event.interval,
        _window(scene, one),
        shortest,
        longest,
        # of several short ones none is what the others leave over
        member.rules.round_up(lacking) == one.event.interval.length
        and not any(other in sound and other.event.interval.length < shortest for other in others),
    )


def _window(scene: Scene, one: Spoken) -> Interval | None:
    """Where a standing block may lie: not_before..due, and after predecessors that have their time.

    While a predecessor lacks minutes its followers' standing blocks stay.
    """
    window = one.promise.window
    if window is None:
        return None
    waits = [
        ready + after.lag
        for after in one.promise.task.after
        if (ready := scene.ready.get(after.task)) is not None
    ]
    start = max([window.start, *waits])
    return Interval(start, window.end) if start < window.end else None


def _rank(one: Spoken) -> tuple[int, str, datetime]:
    """Of two that cannot both stay: the higher priority, then the smaller id."""
    return (one.promise.task.priority, one.task, one.event.interval.start)


def _proves_nothing(one: Spoken, *, clashes: bool = True) -> bool:
    """The block itself is in conflict, free, declined, all day, or outside its task's window."""
    window = one.promise.window
    return (
        not one.is_timed_and_busy
        or window is None
        or not window.contains(one.event.interval)
        or (clashes and bool(one.clashes or one.off))
    )


def _is_hit(one: Spoken, staying: Sequence[Spoken]) -> bool:
    return any(
        other.task != one.task and other.event.interval.overlaps(one.event.interval)
        for other in staying
    )


def excess_in(
    scene: Scene,
    calendars: MemberCalendars,
    evidence: Evidence,
    ours: set[str],
) -> list[Event]:
    """Whole blocks of ours that a task no longer needs, the latest first."""
    excess = []
    for task, spoken in evidence.by_task.items():
        need = scene.promises[task].task.estimate
        have = evidence.counted(task)
        for one in sorted(spoken, key=lambda one: one.event.interval, reverse=True):
            is_free_to_go = (
                key_of(one.event) in ours
                and one.event.interval.start >= scene.now
                and not is_by_person(scene, calendars, one.event, ours)
            )
            if is_free_to_go and one.minutes and have - one.minutes >= need:
                have -= one.minutes
                excess.append(one.event)
    return excess
