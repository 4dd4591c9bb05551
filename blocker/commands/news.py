"""What changed for a member since a moment, out of all that is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from blocker.commands.accepted import Accepted
from blocker.domain.block import TimeBlock
from blocker.domain.commitment import Amendment, AmendmentKind, Completion
from blocker.domain.finding import Code, Finding, MemberAudit, Severity
from blocker.domain.sprint import Sprint
from blocker.domain.status import DRIFT, News, Written
from blocker.domain.task import Task
from blocker.store.records import Intent, Run


@dataclass(frozen=True, slots=True)
class History:
    """What the store remembers of a sprint.

    `blocks` are all blocks as they were last written, `written` what the latest runs wrote.
    """

    sprint: Sprint
    tasks: Mapping[str, Task]
    accepted: Accepted
    completions: Sequence[Completion]
    written: Sequence[tuple[Run, Intent]]
    blocks: Sequence[TimeBlock]


def news_of(history: History, audit: MemberAudit, since: datetime) -> News:
    """What changed for one member; the audit tells what differs now."""
    commitment = history.accepted.commitment
    is_new = commitment is not None and commitment.accepted_at >= since
    amendments = tuple(_amendments(history, audit.member, since))
    told = {one.task for one in amendments if one.kind is AmendmentKind.DONE}
    own = {task.task for task in audit.tasks}
    return News(
        since,
        (commitment.accepted_at, commitment.accepted_by) if commitment and is_new else None,
        tuple(
            one
            for one in (commitment.waivers if commitment and is_new else ())
            if one.task in own or one.member == audit.member
        ),
        amendments,
        tuple(
            one
            for one in history.completions
            if one.member == audit.member
            and one.sprint == history.sprint.number
            and one.at >= since
            and one.task not in told
        ),
        tuple(_written(history, audit.member, since)),
        tuple(_drift(history, audit, since)),
    )


def _amendments(history: History, member: str, since: datetime) -> Iterator[Amendment]:
    """Those about the member, or about a task that is or was the member's."""
    commitment = history.accepted.commitment
    promised = {one.id: one.owner for one in (commitment.tasks if commitment else ())}
    for one in history.accepted.amendments:
        task = history.tasks.get(one.task or "")
        concerned = {one.member, promised.get(one.task or ""), task.owner if task else None}
        if one.at >= since and member in concerned:
            yield one


def _written(history: History, member: str, since: datetime) -> Iterable[Written]:
    """What runs made of the member's blocks: each as it was before the first of them, and is."""
    first: dict[str, TimeBlock | None] = {}
    last: dict[str, tuple[str | None, TimeBlock | None]] = {}
    for run, intent in history.written:
        is_own = intent.member == member and run.sprint == history.sprint.number
        if is_own and run.at >= since:
            first.setdefault(intent.uid, intent.before)
            last[intent.uid] = (run.asker, intent.after)
    sums: dict[str | None, Written] = {}
    for uid, (by, after) in last.items():
        before = first[uid]
        had = sums.get(by, Written(by))
        if before is None and after is not None:
            sums[by] = replace(had, created=had.created + 1)
        elif before is not None and after is None:
            sums[by] = replace(had, removed=had.removed + 1)
        elif before is not None and after is not None and before.interval != after.interval:
            sums[by] = replace(had, moved=had.moved + 1)
    return sums.values()


def _drift(history: History, audit: MemberAudit, since: datetime) -> Iterator[Finding]:
    """What people did to blocks that was neither healed nor is long past."""
    lacking = {task.task for task in audit.tasks if task.is_owed and not task.ok}
    for one in audit.findings:
        if one.span is None or one.span.end <= since:
            continue
        stands = any(
            block.task == one.task and block.interval == one.span for block in history.blocks
        )
        is_conflict = one.code is Code.CONFLICT and one.severity is Severity.ERROR
        is_deleted = one.code is Code.DELETED and (stands or one.task in lacking)
        is_changed = one.code in DRIFT and one.code is not Code.DELETED and not stands
        if is_conflict or is_deleted or is_changed:
            yield one
