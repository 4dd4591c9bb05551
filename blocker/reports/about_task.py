"""Answers about one task, as lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.explanation import Explanation, Fix, Hindrance, InTheWay
from blocker.domain.hours import moment_text, span_text
from blocker.domain.interval import Interval, duration_text
from blocker.domain.plan import Reason, RemedyKind
from blocker.domain.task import Task
from blocker.reports.about_lack import proof_sentence, remedies_hint
from blocker.reports.as_json import instant, minutes, unbooked_json
from blocker.reports.wording import counted, listed, sprint_line

FIX_SCHEMA = "blocker.fix/1"
WHY_SCHEMA = "blocker.why/1"
_FIELDS = ("owner", "estimate", "due", "sprint", "after")
"""What a remedy may change of a task."""


def fix_lines(fix: Fix) -> list[str]:
    """What a fix changes, line by line, and what comes next."""
    lines = [f"{fix.task.named}: {fix.remedy.detail}"]
    if fix.ask is not None:
        lines.append(f"Nothing was changed. {fix.ask}")
        return _plain(lines)
    lines += [f"  {line}" for line in _changes(fix)]
    if fix.is_done:
        lines.append(f"Done. The calendars follow with: {_next(fix)}")
    else:
        lines.append("Nothing was changed yet.")
    return _plain(lines)


def fix_json(fix: Fix) -> dict[str, Any]:
    """A fix as `blocker.fix/1`."""
    return {
        "schema": FIX_SCHEMA,
        "task": fix.task.id,
        "number": fix.number,
        "remedy": {
            "kind": fix.remedy.kind.value,
            "task": fix.remedy.task,
            "detail": fix.remedy.detail,
        },
        "changes": [
            {"task": task, "field": field, "before": before, "after": after}
            for task, field, before, after in _fields(fix)
        ],
        "limit": fix.limit,
        "ask": fix.ask,
        "done": fix.is_done,
        "next": None if fix.ask is not None else _next(fix),
    }


def _next(fix: Fix) -> str:
    """What books it: in the sprint that the task itself was put off to, else in this one."""
    name = fix.sprint.name
    if fix.remedy.kind is RemedyKind.DEFER and fix.remedy.task == fix.task.id:
        for task in fix.after:
            if task.id == fix.task.id and task.sprint is not None:
                name = fix.sprints.get(task.sprint, name)
    return f"blocker book --sprint {name}"


def _changes(fix: Fix) -> Iterator[str]:
    if fix.limit is not None:
        yield fix.limit
    known = {task.id for task in fix.before}
    for task in fix.after:
        if task.id not in known:
            after = " ".join(str(one) for one in task.after)
            where = _shown(task, "sprint", fix)
            yield f"{task.id}: new, {duration_text(task.estimate)} in {where}, after {after}"
    for name, field, was, now in _fields(fix):
        if name in known:
            yield f"{name}: {field} {was or 'none'} -> {now or 'none'}"


def _fields(fix: Fix) -> Iterator[tuple[str, str, str | None, str | None]]:
    """(task, field, before, after) for each field that is another one; all fields of a new task."""
    old = {task.id: task for task in fix.before}
    for task in fix.after:
        for field in _FIELDS:
            was = _shown(old[task.id], field, fix) if task.id in old else None
            now = _shown(task, field, fix)
            if was != now:
                yield task.id, field, was, now


def _shown(task: Task, field: str, fix: Fix) -> str | None:
    """A field as a tasks file writes it."""
    value = getattr(task, field)
    if field == "estimate":
        return duration_text(task.estimate)
    if field == "sprint":
        return fix.sprints.get(task.sprint or 0, "backlog")
    if field == "after":
        return " ".join(str(one) for one in task.after) or None
    return None if value is None else str(value)


def why_lines(found: Explanation) -> list[str]:
    """Where a task stands and why, or why it has no room, in lines for people."""
    task = found.task
    lines = []
    if found.sprint is not None:
        lines.append(sprint_line(found.sprint, found.state))
    if found.settled is not None or found.member is None:
        return _plain([*lines, f"{found.settled}."])
    name, zone = found.member.name, found.member.zone
    head = f"{task.named}, {name}, {duration_text(task.estimate)}"
    lines.append(f"{head}, priority {task.priority}{_due(found)}")
    lines.append(f"Times are in {zone.key}.")
    lines += [f"  {_place(found, span, zone)}" for span in found.blocks]
    if found.lack is not None:
        lines.append(proof_sentence(found.lack, found.member, task))
        lines += [f"  {k} {one.detail}" for k, one in enumerate(found.lack.remedies, 1)]
        if found.lack.remedies:
            lines.append(f"  {remedies_hint(found.lack)}")
        elif found.lack.reason in _REMEDIABLE:
            lines.append("  no change was found that makes it fit")
    lines += list(_before(found, zone))
    if found.competing:
        lines.append(f"It shares its time with {listed(found.competing)}.")
    lines += list(_slack(found, zone))
    return _plain(lines)


_REMEDIABLE = (Reason.NO_ROOM, Reason.CANNOT_BE_CUT, Reason.PAST_DUE)


def _due(found: Explanation) -> str:
    return "" if found.task.due is None else f", due {found.task.due}"


def _place(found: Explanation, span: Interval, zone: ZoneInfo) -> str:
    when = span_text(span, zone)
    if span in found.to_come:
        return f"{when}  would be booked here"
    if found.now is not None and span.end <= found.now:
        return f"{when}  past"
    return f"{when}  booked" if span in found.waiting else f"{when}  running now"


def _before(found: Explanation, zone: ZoneInfo) -> Iterator[str]:
    if not found.blocks or found.opens is None:
        return
    if not found.waiting:
        yield "All its blocks have begun or are over."
        return
    next_one = "its next block" if len(found.waiting) < len(found.blocks) else "it"
    if not found.hindrances:
        yield f"Nothing stands in its way: {next_one} begins as early as it may."
        return
    yield "Why not sooner:" if next_one == "it" else f"Why {next_one} is not sooner:"
    shown = found.hindrances[:_MOST_ROWS]
    widths = max(len(span_text(one.span, zone)) for one in shown)
    for one in shown:
        yield f"  {span_text(one.span, zone):<{widths}}  {_in_words(found, one)}"
    if more := len(found.hindrances) - len(shown):
        yield f"  and {counted(more, 'stretch', 'stretches')} more"
    if any(one.kind is InTheWay.WISHES for one in shown):
        yield _wishes(found)


_MOST_ROWS = 40

_IN_THE_WAY = {
    InTheWay.OUTSIDE_HOURS: "outside working hours",
    InTheWay.TOO_SHORT: "free, shorter than a block may be",
    InTheWay.REST: "free, too close to another block or meeting",
    InTheWay.DAY_LIMIT: "free, but the day has all the blocks it may have",
    InTheWay.RESERVE: "free, kept for what comes up in the week",
    InTheWay.BREAK: "free, kept for the break",
    InTheWay.MORE_BLOCKS: "free, but it would take one block more",
    InTheWay.NOT_PREFERRED: "free, but not in the preferred hours",
    InTheWay.WISHES: "free, not needed",
}
"""Why a stretch was not taken, as short as a row of a table."""


def _wishes(found: Explanation) -> str:
    """What 'not needed' means, said once below the table."""
    wishes = ["important tasks", "few blocks"]
    if found.member is not None and found.member.rules.prefer:
        wishes.append("preferred hours")
    stays = "" if found.to_come else ", and what is booked is not moved for one"
    return f"Not needed: {listed(wishes)} count for more than an early start{stays}."


def _in_words(found: Explanation, one: Hindrance) -> str:
    if one.kind is InTheWay.BUSY:
        return f"busy: {one.title}" if one.title else "busy"
    if one.task is None:
        return _IN_THE_WAY[one.kind]
    if one.task == found.task.id:
        return "its own block, running now"
    other = found.tasks.get(one.task)
    named = f"{one.task} “{other.title}”" if other else one.task
    return f"waits for {named}" if one.kind is InTheWay.WAITS else f"block of {named}"


def _slack(found: Explanation, zone: ZoneInfo) -> Iterator[str]:
    if found.last_start is None or found.slack is None:
        return
    what = "What is left of it" if len(found.waiting) < len(found.blocks) else "It"
    if not found.slack:
        yield f"{what} cannot begin any later, all else unchanged."
    else:
        yield (
            f"{what} could begin as late as {moment_text(found.last_start, zone)}, "
            f"{duration_text(found.slack)} of working time later, all else unchanged."
        )


def why_json(found: Explanation) -> dict[str, Any]:
    """An explanation as `blocker.why/1`; instants in the owner's zone."""
    member = found.member
    zone = member.zone if member else None
    lack = found.lack
    return {
        "schema": WHY_SCHEMA,
        "now": _at(found.now, zone),
        "task": found.task.id,
        "title": found.task.title,
        "owner": found.task.owner,
        "sprint": found.sprint.name if found.sprint else None,
        "state": found.task.state.value,
        "settled": found.settled,
        "fits": found.fits,
        "estimate_minutes": minutes(found.task.estimate),
        "opens": _at(found.opens, zone),
        "due": _at(found.due, zone),
        "blocks": [
            {
                "start": _at(span.start, zone),
                "end": _at(span.end, zone),
                "booked": span not in found.to_come,
            }
            for span in found.blocks
        ],
        "in_the_way": [
            {
                "start": _at(one.span.start, zone),
                "end": _at(one.span.end, zone),
                "kind": one.kind.value,
                "task": one.task,
                "title": one.title,
            }
            for one in found.hindrances
        ],
        "competing": list(found.competing),
        "last_start": _at(found.last_start, zone),
        "slack_minutes": None if found.slack is None else minutes(found.slack),
        "unbooked": unbooked_json(lack, {found.task.id: found.task}, zone)
        if lack and zone
        else None,
    }


def _at(moment: datetime | None, zone: ZoneInfo | None) -> str | None:
    return None if moment is None or zone is None else instant(moment, zone)


def _plain(lines: list[str]) -> list[str]:
    """Without what a terminal would obey."""
    return ["".join(letter if letter.isprintable() else " " for letter in line) for line in lines]
