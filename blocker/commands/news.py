"""What changed for a member since a moment, out of all that is remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from blocker.commands.accepted import Accepted
from blocker.domain.block import TimeBlock
from blocker.domain.commitment import Amendment, AmendmentKind, Completion
from blocker.domain.finding import Code, Finding, MemberAudit, Severity
from blocker.domain.interval import Interval
from blocker.domain.learning import by_member
from blocker.domain.sprint import Sprint
from blocker.domain.status import DRIFT, News, Written
from blocker.domain.task import Task
from blocker.store.records import Intent, Run
from blocker.store.store import Store


@dataclass(frozen=True, slots=True)
class History:
    """What the store remembers of a sprint, by member.

    `blocks` tells of all blocks, as they were last written, the task and the time; `written` what
    the latest runs wrote.
    """

    sprint: Sprint
    tasks: Mapping[str, Task]
    accepted: Accepted
    amendments: Mapping[str, Sequence[Amendment]]
    completions: Mapping[str, Sequence[Completion]]
    written: Mapping[str, Sequence[tuple[Run, Intent]]]
    blocks: Collection[tuple[str, Interval]]


def history_of(store: Store, sprint: Sprint, accepted: Accepted, since: datetime) -> History:
    """All of it, grouped once: each member's news reads that member's alone."""
    tasks = {name: one.task for name, one in store.tasks().items()}
    written: dict[str, list[tuple[Run, Intent]]] = {}
    for run, intent in store.written_since(since):
        if run.sprint == sprint.number:
            written.setdefault(intent.member, []).append((run, intent))
    return History(
        sprint,
        tasks,
        accepted,
        _by_concerned(accepted, tasks),
        by_member(one for one in store.completions() if one.sprint == sprint.number),
        written,
        frozenset((one.block.task, one.block.interval) for one in store.receipts().values()),
    )


def _by_concerned(
    accepted: Accepted, tasks: Mapping[str, Task]
) -> Mapping[str, Sequence[Amendment]]:
    """Amendments by whom they are about: a member, or a task that is or was the member's."""
    commitment = accepted.commitment
    promised = {one.id: one.owner for one in (commitment.tasks if commitment else ())}
    found: dict[str, list[Amendment]] = {}
    for one in accepted.amendments:
        name = one.task or ""
        owner = tasks[name].owner if name in tasks else None
        for member in {one.member, promised.get(name), owner} - {None}:
            found.setdefault(str(member), []).append(one)
    return found


def news_of(history: History, audit: MemberAudit, since: datetime) -> News:
    """What changed for one member; the audit tells what differs now."""
    commitment = history.accepted.commitment
    is_new = commitment is not None and commitment.accepted_at >= since
    own_amendments = history.amendments.get(audit.member, ())
    amendments = tuple(one for one in own_amendments if one.at >= since)
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
            for one in history.completions.get(audit.member, ())
            if one.at >= since and one.task not in told
        ),
        tuple(_written(history, audit.member, since)),
        tuple(_drift(history, audit, since)),
    )


def _written(history: History, member: str, since: datetime) -> Iterable[Written]:
    """What runs made of the member's blocks: each as it was before the first of them, and is."""
    first: dict[str, TimeBlock | None] = {}
    last: dict[str, tuple[str | None, TimeBlock | None]] = {}
    for run, intent in history.written.get(member, ()):
        if run.at >= since:
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
        stands = (one.task, one.span) in history.blocks
        is_conflict = one.code is Code.CONFLICT and one.severity is Severity.ERROR
        is_deleted = one.code is Code.DELETED and (stands or one.task in lacking)
        is_changed = one.code in DRIFT and one.code is not Code.DELETED and not stands
        if is_conflict or is_deleted or is_changed:
            yield one
