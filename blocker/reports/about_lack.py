"""Why a task is not, or not wholly, booked, in one sentence, and how to see or apply what helps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from blocker.domain.hours import day_text, moment_text
from blocker.domain.interval import Interval, duration_text
from blocker.domain.member import Member
from blocker.domain.plan import Obstacle, ObstacleKind, Reason, Unbooked
from blocker.domain.task import Task
from blocker.reports.wording import listed


def lack_sentence(lack: Unbooked, member: Member, tasks: Mapping[str, Task]) -> str:
    """Why one task is not, or not wholly, booked."""
    task = tasks[lack.task]
    head = f"{task.named}: {duration_text(lack.missing)} of {duration_text(task.estimate)}"
    return f"{head} not booked: {_why(lack, member, task)}"


def proof_sentence(lack: Unbooked, member: Member, task: Task) -> str:
    """Why a task has no room: its certificate as one sentence that can be checked."""
    proof = lack.certificate
    if proof is None or lack.obstacle is not None:
        return lack_sentence(lack, member, {task.id: task})
    who = listed([task.id, *lack.competing])
    verb = "need" if lack.competing else "needs"
    return (
        f"{who} {verb} {duration_text(proof.needed)} {_between(proof.window, member.zone)}; "
        f"{duration_text(proof.free)} can be booked{_limits(member)}"
    )


def _why(lack: Unbooked, member: Member, task: Task) -> str:
    proof = lack.certificate
    if lack.obstacle is not None:
        return _obstacle_words(lack.obstacle, lack, member)
    if lack.reason is Reason.NO_ROOM and proof is not None:
        together = f" together with {listed(lack.competing)}" if lack.competing else ""
        return (
            f"{_between(proof.window, member.zone)} it needs {duration_text(proof.needed)}"
            f"{together}, and {duration_text(proof.free)} can be booked"
            f"{_limits(member)}"
        )
    if lack.reason is Reason.NO_ROOM and lack.competing:
        return f"it cannot fit together with {listed(lack.competing)}"
    if lack.reason is Reason.AFTER_UNBOOKED:
        return f"it waits for {listed(str(after) for after in task.after)}, not wholly booked"
    return {
        Reason.NO_ROOM: "no room was found for it",
        Reason.CANNOT_BE_CUT: "its time cannot be cut into blocks of the lengths that are set",
        Reason.PAST_DUE: "no time is left between its start, or now, and when it is due",
        Reason.UNREADABLE: "a calendar could not be reached or written",
        Reason.AFTER_UNBOOKED: "a task before it is not wholly booked",
    }[lack.reason]


def _limits(member: Member) -> str:
    """Why less can be booked than is free, in brackets; empty without such rules."""
    rules, said = member.rules, []
    if rules.per_day is not None:
        said.append(f"{duration_text(rules.per_day)} a day")
    if rules.reserve:
        said.append(f"{float(rules.reserve):.0%} of each week kept free")
    return f" (limits: {', '.join(said)})" if said else ""


def _between(window: Interval, zone: ZoneInfo) -> str:
    """'between Mon 4 Jan 08:00 and Sun 17 Jan 24:00': a midnight ends the day before."""
    end = moment_text(window.end, zone)
    if end.endswith("00:00"):
        end = f"{day_text(window.end - timedelta.resolution, zone)} 24:00"
    return f"between {moment_text(window.start, zone)} and {end}"


def _obstacle_words(one: Obstacle, lack: Unbooked, member: Member) -> str:
    when, most = _between(one.window, member.zone), duration_text(one.most)
    shortest = f"its shortest block is {duration_text(one.shortest)}"
    match one.kind:
        case ObstacleKind.NO_HOURS:
            return f"there are no working hours {when}"
        case ObstacleKind.NO_FREE_TIME:
            return f"meetings or time off take all working hours {when}"
        case ObstacleKind.STRETCH:
            return f"{shortest}, and the longest free stretch {when} is {most}"
        case ObstacleKind.DAY_LIMIT:
            return f"{shortest}, and at most {most} a day may be booked"
        case ObstacleKind.BREAK:
            return f"{shortest}, which leaves no room for the break that each day has to have"
        case ObstacleKind.LENGTHS:
            return f"{duration_text(lack.missing)} cannot be cut into blocks {_lengths(one)}"
        case ObstacleKind.NOT_FOUND:
            return f"no room was found for blocks {_lengths(one)} {when}"


def _lengths(one: Obstacle) -> str:
    if one.shortest == one.longest:
        return f"of {duration_text(one.shortest)}"
    return f"of {duration_text(one.shortest)} to {duration_text(one.longest)}"


def remedies_hint(lack: Unbooked) -> str | None:
    """How to apply a remedy, or to see what there is; None where nothing can be asked for."""
    if len(lack.remedies) == 1:
        return f"apply it with: blocker fix {lack.task} 1"
    if lack.remedies:
        return f"apply one with: blocker fix {lack.task} NUMBER"
    if lack.reason in (Reason.NO_ROOM, Reason.CANNOT_BE_CUT, Reason.PAST_DUE):
        return f"what would make it fit: blocker why {lack.task}"
    return None
