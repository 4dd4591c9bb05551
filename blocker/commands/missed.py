"""`missed`: a block stood, and the work did not happen.  It no longer counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from blocker.commands.amending import carry_out, gate_in, open_task, still_open
from blocker.commands.audit import audited_now, records_of
from blocker.commands.book import Confirm
from blocker.commands.choosing import sprint_numbered
from blocker.commands.deciding import refuse_others_work
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import Revision
from blocker.domain.commitment import AmendmentKind, missed_in
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.finding import BlockAudit
from blocker.domain.hours import span_text
from blocker.domain.plan import Booking
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace

_PART = re.compile(r"(\d{1,3})(?:/\d{1,3})?")


def missed(
    workspace: Workspace,
    name: str,
    part: str | None = None,
    because: str | None = None,
    *,
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """Take the time of a past block off what counts, and book it anew.

    `part` is `2/3` or `2`; without it the task must have one past block.  Raises WrongUse where it
    is not plain which block is meant, Refused where none is past.
    """
    task = open_task(workspace, name)
    block = _past_block(workspace, task, part)
    span = block.interval

    def revise(workspace: Workspace, store: Store, _sprint: Sprint) -> Revision:
        known = store.tasks()
        now = still_open(store, task)
        refuse_others_work(workspace, now)
        if span in missed_in(store.amendments()).get(now.id, ()):
            raise Refused(f"somebody said meanwhile that this block of {now.id} was missed")
        amendment = gate_in(workspace, store, because).amendment(
            AmendmentKind.MISSED, now, minutes=block.counted
        )
        zone = workspace.team.member(now.owner).zone
        words = f"{now.named}: {span_text(span, zone)} did not happen"
        return Revision(
            known,
            amendments=(replace(amendment, span=span),),
            notes=(f"{words}, so it no longer counts.",),
            about=frozenset([now.id]),
            what=words,
        )

    return carry_out(workspace, [task], revise, confirm=confirm, dry_run=dry_run, tell=tell)


def _past_block(workspace: Workspace, task: Task, part: str | None) -> BlockAudit:
    """The block that is meant, as it stands in the calendar now."""
    with workspace.store(rehearse=True) as store:
        workspace = workspace.amended(store.amendments())
        known = {name: one.task for name, one in store.tasks().items()}
        receipts = {one.block.uid: one.block.part for one in store.receipts().values()}
        sprint = sprint_numbered(workspace.team, task.sprint or 0)
        records = records_of(store, sprint)
    owner = workspace.team.member(task.owner)
    (audited,) = audited_now(workspace, sprint, known, records, [owner]).report.members
    (own,) = [one for one in audited.tasks if one.task == task.id]
    past = [one for one in own.blocks if one.interval.end <= workspace.now and one.counted]
    parts = _numbered(own.blocks, receipts)
    if part is not None:
        found = parts.get(_number(part))
        if found is None or found not in past:
            listed = _listed(past, parts, owner.zone)
            raise Refused(f"{task.id} has no past block {part} that counts; {listed}")
        return found
    if not past:
        raise Refused(f"{task.id} has no past block that counts, so nothing of it can be missed")
    if len(past) > 1:
        raise WrongUse(
            f"{task.id} has {len(past)} past blocks: say which; {_listed(past, parts, owner.zone)}"
        )
    return past[0]


def _numbered(blocks: Sequence[BlockAudit], receipts: Mapping[str, int]) -> dict[int, BlockAudit]:
    """Blocks by their part's number; those that people made have numbers after the highest."""
    parts = {receipts[one.uid]: one for one in blocks if one.uid in receipts}
    others = [one for one in blocks if one not in parts.values()]
    return parts | dict(enumerate(others, max(parts, default=0) + 1))


def _number(part: str) -> int:
    match = _PART.fullmatch(part.strip())
    if match is None:
        raise WrongUse(f"{part!r} is no part of a task; write it like 2/3, or 2")
    return int(match[1])


def _listed(past: Sequence[BlockAudit], parts: dict[int, BlockAudit], zone: ZoneInfo) -> str:
    named = [
        f"{number} ({span_text(one.interval, zone)})"
        for number, one in parts.items()
        if one in past
    ]
    return f"there are {', '.join(named)}" if named else "none is past"
