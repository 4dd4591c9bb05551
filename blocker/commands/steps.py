"""From a plan to changes of calendars: each block with its number, texts and what it replaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from blocker.commands.scene import Scene, key_of
from blocker.commands.standing import Kept, Stand
from blocker.domain.block import TimeBlock, block_uid
from blocker.domain.event import Event
from blocker.domain.hours import day_of
from blocker.domain.interval import Interval, duration_text
from blocker.domain.member import Member
from blocker.domain.plan import Change, ChangeKind, MemberPlan, Placement
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task
from blocker.domain.team import Team
from blocker.scheduling.changes import number_parts


def changes_for(scene: Scene, stand: Stand, plan: MemberPlan) -> tuple[Change, ...]:
    """All blocks of ours of one member as they will stand, those that go included, by time."""
    member = stand.calendars.member
    released = set(plan.released)
    staying = [one for one in stand.kept if one.is_ours and key_of(one.event) not in released]
    leaving = [*stand.leaving, *(one.event for one in stand.kept if key_of(one.event) in released)]
    new: dict[str, list[Placement]] = defaultdict(list)
    for placement in plan.new:
        new[placement.task].append(placement)
    kept: dict[str, list[Kept]] = defaultdict(list)
    for one in staying:
        kept[one.task].append(one)
    replaced = {event.uid: event for event in leaving}
    settled = {*replaced, *(one.event.uid for one in staying)}
    others = [event for event in stand.calendars.in_blocks if event.uid not in settled]
    changes = []
    for name in scene.promises:
        if name in new or name in kept:
            task = scene.tasks[name]
            taken = [_part(event) for event in others if event.mark and event.mark.task == name]
            taken += _damaged_parts(scene, stand, task, len(kept[name]) + len(new[name]))
            changes += _of_task(scene, member, task, kept[name], new[name], replaced, taken)
    changes += [_removal(scene, member, event) for event in replaced.values()]
    return tuple(sorted(changes, key=lambda one: (one.block.interval, one.block.uid)))


def _of_task(
    scene: Scene,
    member: Member,
    task: Task,
    kept: Sequence[Kept],
    new: Sequence[Placement],
    replaced: dict[str, Event],
    taken: Sequence[int],
) -> list[Change]:
    """The blocks of one task, numbered; what a new block replaces is taken out of `replaced`.

    A number of `taken` is not free: an event stands under its UID, even if it counts for nothing,
    and writing over it would destroy what somebody did.
    """
    numbers = number_parts({one.event.uid: _part(one.event) for one in kept}, new, taken)
    parts = max([numbers.parts, *numbers.kept.values(), *(number for _, number in numbers.new)])
    changes = []
    for one in kept:
        uid, number = one.event.uid, numbers.kept[one.event.uid]
        block = _block(scene, member, task, number, parts, one.event.interval, uid)
        changes.append(Change(_kept_or_updated(scene, member, one, block), block, one.event))
    for placement, number in numbers.new:
        uid = block_uid(scene.team.id, scene.sprint.number, task.id, number)
        block = _block(scene, member, task, number, parts, placement.interval, uid)
        before = replaced.pop(uid, None)
        kind = ChangeKind.CREATE if before is None else ChangeKind.MOVE
        changes.append(Change(kind, block, before))
    return changes


def _damaged_parts(scene: Scene, stand: Stand, task: Task, number: int) -> list[int]:
    """Part numbers whose events stand in the calendar and cannot be understood."""
    damaged = stand.calendars.damaged
    return [
        part
        for part in range(1, number + len(damaged) + 1)
        if damaged and block_uid(scene.team.id, scene.sprint.number, task.id, part) in damaged
    ]


def _part(event: Event) -> int:
    return (event.mark.part if event.mark else None) or 1


def _kept_or_updated(scene: Scene, member: Member, one: Kept, block: TimeBlock) -> ChangeKind:
    """Rewritten only where our own words changed since they were written: a person's edits stay."""
    is_settled = one.by_person or one.event.interval.start < scene.now
    if is_settled or not scene.is_about(one.task):
        return ChangeKind.KEEP
    receipt = member.blocks and scene.receipts.get((member.blocks.key, block.uid))
    if receipt:
        written = _words(receipt.block)
    else:
        mark = one.event.mark
        written = (
            one.event.title,
            one.event.description,
            one.event.categories,
            mark and mark.part,
            mark and mark.parts,
        )
    return ChangeKind.KEEP if written == _words(block) else ChangeKind.UPDATE


def _words(block: TimeBlock) -> tuple[object, ...]:
    return (block.title, block.description, block.categories, block.part, block.parts)


def _removal(scene: Scene, member: Member, event: Event) -> Change:
    return Change(
        ChangeKind.REMOVE, block_as_it_stands(scene.team, scene.sprint, member, event), event
    )


def block_as_it_stands(team: Team, sprint: Sprint, member: Member, event: Event) -> TimeBlock:
    """One of our events as the block it is, in its own words."""
    mark = event.mark
    assert mark is not None, "only events with our property are ours"
    number = team.sprints.number_named(mark.sprint) if mark.sprint else None
    return TimeBlock(
        event.uid,
        member.id,
        mark.task,
        number or sprint.number,
        mark.sprint or sprint.name,
        mark.part or 1,
        mark.parts or mark.part or 1,
        event.interval,
        member.zone,
        event.title,
        event.description,
        event.categories,
    )


def _block(
    scene: Scene,
    member: Member,
    task: Task,
    part: int,
    parts: int,
    interval: Interval,
    uid: str,
) -> TimeBlock:
    words: Mapping[str, object] = {
        "task": task.title,
        "id": task.id,
        "part": part,
        "parts": parts,
        "sprint": scene.sprint.name,
        "outcome": task.outcome or "",
        "campaign": task.campaign or "",
    }
    return TimeBlock(
        uid,
        member.id,
        task.id,
        scene.sprint.number,
        scene.sprint.name,
        part,
        parts,
        interval,
        member.zone,
        member.rules.title.format_map(words).strip() or task.title,
        _description(scene, member, task),
        ("Work block", task.outcome) if task.outcome else ("Work block",),
    )


def _description(scene: Scene, member: Member, task: Task) -> str:
    due = scene.promises[task.id].due
    wall = due.astimezone(member.zone)
    if wall.hour or wall.minute:
        last = f"{wall:%Y-%m-%d %H:%M}"
    else:  # midnight ends the day before
        last = str(day_of(due - due.resolution, member.zone))
    lines = [f"Estimate: {duration_text(task.estimate)}", f"Due: {last}"]
    if task.outcome:
        lines.append(f"Outcome: {task.outcome}")
    if task.campaign:
        lines.append(f"Campaign: {task.campaign}")
    return "\n".join(lines)
