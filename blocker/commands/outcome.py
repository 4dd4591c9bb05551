"""What became of a plan once it was written: what failed, and what landed on it meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from blocker.auditing.evidence import gather
from blocker.commands.reading import MemberCalendars
from blocker.commands.scene import Scene
from blocker.domain.hours import span_text
from blocker.domain.plan import ChangeKind, MemberBooking, Reason, Unbooked

_MINUTE = timedelta(minutes=1)


def unwritten(booked: MemberBooking, done: Collection[str]) -> MemberBooking:
    """A member whose calendar failed while written: what stood stands, the rest is lacking.

    `done` are the UIDs of what was written before.
    """
    kept = tuple(
        one for one in booked.changes if one.kind is ChangeKind.KEEP or one.block.uid in done
    )
    lost: dict[str, timedelta] = {}
    for one in booked.changes:
        if one.block.uid not in done and one.kind in (ChangeKind.CREATE, ChangeKind.MOVE):
            length = lost.get(one.block.task, timedelta()) + one.block.interval.length
            lost[one.block.task] = length
    lacking = tuple(Unbooked(task, time, Reason.UNREADABLE) for task, time in lost.items())
    minutes = booked.minutes.booked - sum(lost.values(), timedelta()) // _MINUTE
    return replace(
        booked,
        changes=kept,
        unbooked=(*booked.unbooked, *lacking),
        minutes=replace(booked.minutes, booked=minutes),
    )


def landed_on(
    scene: Scene, now: MemberCalendars, booked: MemberBooking, changed: Sequence[str]
) -> list[str]:
    """What is wrong with the blocks just written, as the auditor sees the calendar now."""
    if now.calendar is None:
        return ["what was written could not be read back; run it again, or audit, to be sure"]
    own = [one for one in scene.promises.values() if one.task.owner == booked.member.id]
    evidence = gather(now.read, own, scene.sprint.interval, scene.sprint.name)
    zone = booked.member.zone
    there = {one.event.uid: one for one in evidence.spoken}
    said = []
    for change in booked.changes:
        when = f"{change.block.task} {span_text(change.block.interval, zone)}"
        if change.block.uid in changed:
            said.append(
                f"{when}: somebody changed it while it was being booked, and theirs stands; "
                "book again"
            )
        elif change.kind in (ChangeKind.CREATE, ChangeKind.MOVE):
            spoken = there.get(change.block.uid)
            if spoken is None:
                said.append(f"{when}: was written, but does not stand in the calendar; book again")
            elif spoken.clashes:
                said.append(f"{when}: a meeting landed on it while it was being booked; book again")
    return said
