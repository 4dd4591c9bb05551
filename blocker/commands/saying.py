"""What `book` has to say: numbers, warnings and reasons for each member."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from blocker.auditing.evidence import Spoken
from blocker.commands.planning import Planned, horizon_of
from blocker.commands.reading import MemberCalendars
from blocker.commands.scene import Scene, key_of
from blocker.commands.standing import Stand
from blocker.domain.capacity import WeekCapacity
from blocker.domain.hours import day_of, days_of, moment_text, span_text, weekday_text
from blocker.domain.interval import clip, duration_text, intersect, merge, total
from blocker.domain.member import Member
from blocker.domain.plan import (
    Booking,
    Change,
    ChangeKind,
    MemberBooking,
    MemberPlan,
    Minutes,
    Reason,
    Unbooked,
)
from blocker.scheduling.as_booked import as_booked
from blocker.scheduling.capacity import capacity_of

_MINUTE = timedelta(minutes=1)


def booking_of(
    scene: Scene,
    picked: Sequence[Member],
    calendars: Mapping[str, MemberCalendars],
    stands: Mapping[str, Stand],
    planned: Planned,
    changes: Mapping[str, tuple[Change, ...]],
    notes: Sequence[str],
    dry_run: bool,
    *,
    has_orphans: bool,
) -> Booking:
    """The answer for all picked members; those whose calendars were not reached included."""
    unwritten = frozenset(stands) - {member.id for member in picked}
    weeks = _weeks(planned)
    members = []
    for member in picked:
        if member.id not in stands:
            members.append(_unread(scene, member))
            continue
        stand, own = stands[member.id], weeks.get(member.id, ())
        warnings = _warnings(scene, unwritten, planned, stand, changes[member.id])
        members.append(_read(scene, planned, stand, changes[member.id], own, tuple(warnings)))
    errors = [
        error
        for member in picked
        if member.id in calendars
        for error in calendars[member.id].failures
    ]
    return Booking(
        scene.now,
        dry_run,
        scene.sprint,
        scene.state,
        tuple(members),
        scene.tasks,
        tuple(notes),
        tuple(errors),
        is_whole_team=len(picked) == len(scene.team.members),
        has_orphans=has_orphans,
    )


def _weeks(planned: Planned) -> dict[str, tuple[WeekCapacity, ...]]:
    """Each planned member's weeks as they are once the plan stands."""
    if planned.problem is None:
        return {}
    plans = [planned.plans[desk.member] for desk in planned.problem.desks]
    found = capacity_of(as_booked(planned.problem, plans))
    return {name: own.weeks for name, own in found.items()}


def _read(
    scene: Scene,
    planned: Planned,
    stand: Stand,
    changes: tuple[Change, ...],
    weeks: tuple[WeekCapacity, ...],
    warnings: tuple[str, ...],
) -> MemberBooking:
    """A member who was planned."""
    member = stand.calendars.member
    plan = planned.plans[member.id]
    return MemberBooking(
        replace(member, rules=scene.rules_of(member)),
        _minutes(scene, stand, plan, weeks),
        changes,
        plan.unbooked,
        warnings,
        plan.proven,
        plan.gap,
        merge(clip(stand.busy, scene.sprint.interval)),
        weeks,
    )


def _unread(scene: Scene, member: Member) -> MemberBooking:
    """A member whose calendars could not be reached: nothing is booked, all of it is missing."""
    unbooked = tuple(
        Unbooked(promise.task.id, promise.task.estimate, Reason.UNREADABLE)
        for promise in scene.promises.values()
        if promise.task.owner == member.id and promise.task.is_owed
    )
    needed = sum((one.missing for one in unbooked), timedelta())
    working = total(member.hours.within(ahead)) if (ahead := horizon_of(scene)) else timedelta()
    minutes = Minutes(working // _MINUTE, 0, 0, 0, needed // _MINUTE, 0)
    return MemberBooking(member, minutes, (), unbooked)


def _minutes(
    scene: Scene, stand: Stand, plan: MemberPlan, weeks: Sequence[WeekCapacity]
) -> Minutes:
    member = stand.calendars.member
    ahead = horizon_of(scene)
    hours = member.hours.within(ahead) if ahead else ()
    working, busy = total(hours), total(intersect(hours, stand.busy))
    past = [one.spoken for one in stand.kept if one.event.interval.start < scene.now]
    released = set(plan.released)
    to_come = [
        one.spoken
        for one in stand.kept
        if one.event.interval.start >= scene.now and key_of(one.event) not in released
    ]
    needed = timedelta()
    for promise in scene.promises.values():
        if promise.task.owner == member.id and promise.task.is_owed:
            had = _sum(one for one in past if one.task == promise.task.id)
            needed += max(promise.task.estimate - had, timedelta())
    booked = _sum(to_come) + sum((one.interval.length for one in plan.new), timedelta())
    return Minutes(
        working // _MINUTE,
        busy // _MINUTE,
        (working - busy) // _MINUTE,
        sum(week.minutes.usable for week in weeks),
        needed // _MINUTE,
        booked // _MINUTE,
    )


def _sum(spoken: Iterable[Spoken]) -> timedelta:
    return sum((one.minutes for one in spoken), timedelta())


def _warnings(
    scene: Scene,
    unwritten: Collection[str],
    planned: Planned,
    stand: Stand,
    changes: Sequence[Change],
) -> Iterable[str]:
    yield from stand.calendars.warnings
    yield from of_calendars(scene, stand)
    yield from _emptied(stand)
    yield from _deleted(stand, changes)
    yield from _outside_hours(scene, stand, planned)
    yield from _assumed(scene, unwritten, planned, stand.calendars.member)


def of_calendars(scene: Scene, stand: Stand) -> Iterable[str]:
    """What in a member's calendars takes time in a way that its owner may not expect."""
    zone = stand.calendars.member.zone
    for trouble in stand.calendars.read.troubles:
        effect = (
            "it may take time that is not seen here"
            if trouble.span is None
            else f"{span_text(trouble.span, zone)} is taken as busy"
        )
        yield f"{trouble}; {effect}"
    for event in stand.strange:
        task = event.mark.task if event.mark else ""
        when = span_text(event.interval, zone)
        yield f"the block {when} names {task}, which the store does not know; it counts as busy"
    yield from _all_day(scene, stand)


def _all_day(scene: Scene, stand: Stand) -> Iterable[str]:
    member = stand.calendars.member
    ahead = horizon_of(scene)
    if ahead is None:
        return
    hours = member.hours.within(ahead)
    for event in stand.evidence.silent:
        if event.all_day and event.is_busy and (taken := intersect(hours, [event.interval])):
            days = [f"{day}" for day in days_of(event.interval, member.zone)]
            when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
            yield f"an all-day event, {when}, takes {duration_text(total(taken))} of working time"


def _deleted(stand: Stand, changes: Sequence[Change]) -> Iterable[str]:
    zone = stand.calendars.member.zone
    fresh = [change for change in changes if change.kind in (ChangeKind.CREATE, ChangeKind.MOVE)]
    for receipt in stand.deleted:
        block = receipt.block
        new = next((change.block for change in fresh if change.block.uid == block.uid), None)
        then = "it is not placed anew"
        if new is not None:
            then = f"now {span_text(new.interval, zone)}"
        yield f"{block.task}: you deleted {span_text(block.interval, zone)}; {then}"


def _emptied(stand: Stand) -> Iterable[str]:
    """A calendar in which nothing at all is left: perhaps it was mistaken for another, or lost."""
    ref = stand.calendars.member.blocks
    if len(stand.deleted) > 1 and not stand.calendars.in_blocks and ref is not None:
        yield (
            f"{ref.label} is empty, and {len(stand.deleted)} blocks were written to it: was it "
            "emptied, or is it another calendar now?"
        )


def _outside_hours(scene: Scene, stand: Stand, planned: Planned) -> Iterable[str]:
    """Blocks still to come that stay where their owner does not work, and why they stay."""
    member = stand.calendars.member
    released = planned.plans[member.id].released
    for one in stand.kept:
        span = one.event.interval
        if span.start < scene.now or key_of(one.event) in released:
            continue
        if total(clip(member.hours.within(span), span)) == span.length:
            continue
        if one.by_person:
            why = "since somebody put it there"
        elif key_of(one.event) in scene.tolerated:
            why = "since there is no other room for it"
        else:
            why = f"since {scene.sprint.name} is {scene.state}"
        when = span_text(span, member.zone)
        yield f"{one.task}: the block {when} is outside of working hours; it stays, {why}"


def _assumed(
    scene: Scene, unwritten: Collection[str], planned: Planned, member: Member
) -> Iterable[str]:
    """Tasks that wait for a colleague's unbooked one: that colleague's plan is assumed."""
    for promise in scene.promises.values():
        if promise.task.owner != member.id or not promise.task.is_owed:
            continue
        for after in promise.task.after:
            before = scene.promises.get(after.task)
            if before is None or before.task.owner not in unwritten:
                continue
            done = planned.finished(before.task)
            if done is not None:
                who = scene.team.short_name(before.task.owner)
                yield (
                    f"{promise.task.id} waits for {after.task} ({who}, not booked yet); "
                    f"assumed done {_soon(scene, done, member.zone)}"
                )


def _soon(scene: Scene, moment: datetime, zone: ZoneInfo) -> str:
    """'Thu 12:00' within the next seven days, or the sprint's first; later ones with their date."""
    since = max(scene.now, scene.sprint.interval.start)
    is_soon = day_of(moment, zone) < day_of(since, zone) + timedelta(days=7)
    return weekday_text(moment, zone) if is_soon else moment_text(moment, zone)
