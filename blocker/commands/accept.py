"""`accept`: the gate.  A sprint begins only when every committed hour stands in a calendar (M4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from blocker.auditing.acceptance import promised_tasks, sealed_findings
from blocker.auditing.audit import Question
from blocker.auditing.audit import audit as hold_against
from blocker.commands.audit import newly_done, question_now, records_of, unreached_in
from blocker.commands.checked import settle_checked
from blocker.commands.choosing import choose_sprint, member_named, sprint_numbered
from blocker.commands.deciding import manager_asking
from blocker.commands.effects import put_off
from blocker.commands.freeze import Gate, gate_of
from blocker.commands.one_task import task_named
from blocker.commands.promises import orphans_in
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import revised, with_tasks
from blocker.domain.commitment import Acceptance, Commitment, Excepted, Waiver
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.finding import AuditReport, Code, Severity
from blocker.domain.hours import moment_text
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.store.records import StoredTask
from blocker.store.sealing import Sealed
from blocker.store.store import Store
from blocker.workspace import Workspace

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What `accept` is asked.

    `waive` are pairs of a task's id and a code, None for all of its errors; `unreadable` and
    `without` are members by any name.
    """

    sprint: str | None = None
    waive: tuple[tuple[str, Code | None], ...] = ()
    unreadable: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    because: str | None = None


def accept(workspace: Workspace, asked: Asked, tell: Tell = silent) -> Acceptance:
    """Audit all members now; keep the commitment when no error is left, in one transaction.

    The store is held meanwhile, so of two managers at once the second one finds it done.  Raises
    WrongUse without a manager or a reason, Refused for a sprint that is over, empty, accepted or
    closed, for unfinished tasks of earlier sprints, and for a waiver of what is in order.
    """
    manager = manager_asking(workspace, "accept")
    if (asked.waive or asked.unreadable or asked.without) and not (asked.because or "").strip():
        raise WrongUse("a waiver or an exception needs its reason: --because TEXT")
    with workspace.store() as store:
        workspace = workspace.amended(store.amendments())
        known = store.tasks()
        tasks = [one.task for one in known.values()]
        sprint = choose_sprint(workspace, asked.sprint, tasks, store.sprint_states())
        _refuse_state(workspace, store, sprint)
        gate = gate_of(workspace, store.sprint_states())
        excepted, moved = _excepted(workspace, asked, known, sprint, gate)
        after = revised(known, *moved)
        _refuse_empty(after, sprint)
        _refuse_undecided(workspace, store, tasks, sprint)
        tell("reading all calendars", 0.0)
        question = _question(workspace, store, sprint, after, excepted, tell)
        _refuse_empty({name: after[name] for name in _open_in(question)}, sprint)
        report = hold_against(question)
        commitment = _commitment(workspace, question, report, manager, excepted)
        waivers = tuple(_waivers(workspace, asked, known, report))
        commitment = replace(commitment, waivers=waivers)
        report = _with_waivers(question, commitment)
        if not report.ok:
            return Acceptance(report)
        finished = newly_done(question, {name: one.task for name, one in after.items()})
        with store.transaction():
            store.save_tasks(with_tasks(known, *moved))
            settle_checked(workspace, store, report, finished)
            sealed = store.seal(commitment)
            store.set_sprint_state(sprint.number, SprintState.ACCEPTED)
            store.log(workspace.now, manager.id, f"accepted {sprint.name}, seal {sealed.seal}")
        return _yes(report, sealed)


def _yes(report: AuditReport, sealed: Sealed) -> Acceptance:
    """The answer when everything is kept."""
    kept = sealed.commitment
    assert kept is not None, "it was sealed just now"
    accepted = (kept.accepted_at, kept.accepted_by)
    report = replace(report, sprint_state=SprintState.ACCEPTED, accepted=accepted)
    return Acceptance(report, kept, sealed.seal)


def _refuse_state(workspace: Workspace, store: Store, sprint: Sprint) -> None:
    state = store.sprint_state(sprint.number)
    if state is SprintState.CLOSED:
        raise Refused(f"{sprint.name} is closed: it can no longer be accepted")
    if state is SprintState.ACCEPTED:
        before = store.commitment_of(sprint.number)
        who = ""
        if before is not None:
            when = moment_text(before.accepted_at, workspace.team.zone)
            who = f" by {workspace.team.name_of(before.accepted_by)}, {when}"
        raise Refused(f"{sprint.name} was accepted already{who}")
    if sprint.interval.end <= workspace.now:
        raise Refused(
            f"{sprint.name} is over: it can no longer be accepted; decide on what is unfinished "
            f"with: blocker close {sprint.name} --preview"
        )


def _open_in(question: Question) -> list[str]:
    """The tasks that are promised; who checked theirs off promises nothing."""
    return [one.task.id for one in question.promises if one.task.is_owed]


def _refuse_empty(known: Mapping[str, StoredTask], sprint: Sprint) -> None:
    if not any(one.task.is_owed and one.task.sprint == sprint.number for one in known.values()):
        raise Refused(f"{sprint.name} has no open tasks, so there is nothing to accept")


def _refuse_undecided(
    workspace: Workspace, store: Store, tasks: Iterable[Task], sprint: Sprint
) -> None:
    """What an earlier sprint left unfinished would get lost, or in later: it is decided first."""
    left: dict[int, list[Task]] = {}
    for task in tasks:
        if task.is_owed and task.sprint is not None and task.sprint < sprint.number:
            left.setdefault(task.sprint, []).append(task)
    said = []
    for number, own in sorted(left.items()):
        name = sprint_numbered(workspace.team, number).name
        more = f" and {len(own) - _NAMED} more" if len(own) > _NAMED else ""
        ids = ", ".join(task.id for task in own[:_NAMED])
        said.append(
            f"{name} has unfinished tasks that nobody has decided on: {ids}{more}; "
            f"look at them with: blocker close {name} --preview"
        )
    if said:
        raise Refused("\n".join(said))


def _excepted(
    workspace: Workspace,
    asked: Asked,
    known: Mapping[str, StoredTask],
    sprint: Sprint,
    gate: Gate,
) -> tuple[tuple[Excepted, ...], list[Task]]:
    """Whose open tasks go to the next sprint, and these tasks as they are then."""
    excepted, moved = [], []
    for who in asked.without:
        member = member_named(workspace.team, who, "--except")
        own = [
            one.task
            for one in known.values()
            if one.task.owner == member.id and one.task.sprint == sprint.number and one.task.is_owed
        ]
        if not own:
            raise Refused(f"{member.name} has no open tasks in {sprint.name}, so --except is idle")
        excepted.append(Excepted(member.id, asked.because or "", tuple(task.id for task in own)))
        moved += [put_off(task, gate) for task in own]
    return tuple(excepted), moved


def _question(
    workspace: Workspace,
    store: Store,
    sprint: Sprint,
    known: Mapping[str, StoredTask],
    excepted: Sequence[Excepted],
    tell: Tell,
) -> Question:
    """The calendars of all who promise something, as they are now.

    Meetings are not named in what will be kept.
    """
    tasks = {name: one.task for name, one in known.items()}
    records = records_of(store, sprint)
    gone = {one.member for one in excepted}
    picked = [one for one in workspace.team.members if one.id not in gone]
    question, _ = question_now(workspace, sprint, tasks, records, picked, tell)
    orphans = tuple(orphans_in(workspace, tasks.values(), sprint))
    return replace(question, names_meetings_of=frozenset(), orphans=orphans)


def _commitment(
    workspace: Workspace,
    question: Question,
    report: AuditReport,
    manager: Member,
    excepted: tuple[Excepted, ...],
) -> Commitment:
    """What would be promised, as the calendars are."""
    return Commitment(
        workspace.team.id,
        question.sprint.number,
        question.sprint.name,
        workspace.now,
        manager.id,
        promised_tasks(report, {one.task.id: one for one in question.promises}),
        sealed_findings(report),
        exceptions=excepted,
    )


def _waivers(
    workspace: Workspace,
    asked: Asked,
    known: Mapping[str, StoredTask],
    report: AuditReport,
) -> Iterable[Waiver]:
    """The waivers asked for; each must cover an error that there is now."""
    because = asked.because or ""
    for name, code in asked.waive:
        task = task_named(known, name)
        waiver = Waiver(because, task.id, code)
        if task.sprint != report.sprint.number:
            raise Refused(f"{task.id} is not in {report.sprint.name}: nothing of it is waived")
        if not _covers(waiver, report):
            what = f"no error {code}" if code else "no error"
            raise Refused(f"{task.named} has {what}: there is nothing to waive")
        yield waiver
    for who in asked.unreadable:
        member = member_named(workspace.team, who, "--waive-unreadable")
        waiver = Waiver(because, member=member.id)
        if not _covers(waiver, report):
            raise Refused(f"the calendars of {member.name} can be read: there is nothing to waive")
        yield waiver


def _covers(waiver: Waiver, report: AuditReport) -> bool:
    return any(
        one.severity is Severity.ERROR and waiver.speaks_of(audited.member, one.task, one.code)
        for audited in report.members
        for one in audited.findings
    )


def _with_waivers(question: Question, commitment: Commitment) -> AuditReport:
    """The report that is decided on; who is waived need not be reached."""
    waived = {one.member for one in commitment.waivers}
    errors = tuple(said for member, said in unreached_in(question) if member not in waived)
    report = hold_against(replace(question, commitment=commitment, errors=errors))
    return replace(report, accepted=None)
