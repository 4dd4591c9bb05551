"""`away`: somebody is ill or off; their blocks of that time are placed anew, or go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from blocker.commands.amending import Stood, gate_in, stood_now
from blocker.commands.book import Confirm, book
from blocker.commands.carrying import leaving_record
from blocker.commands.case import Request
from blocker.commands.choosing import member_named, sprint_numbered
from blocker.commands.effects import put_off
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.domain.commitment import Amendment, AmendmentKind, away_in
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.hours import day_of, span_text
from blocker.domain.interval import Interval
from blocker.domain.member import Member
from blocker.domain.plan import Booking
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task
from blocker.store.records import StoredTask
from blocker.store.store import Store
from blocker.workspace import Workspace


def time_away(workspace: Workspace, who: str, text: str) -> tuple[Interval, ...]:
    """The time that a member's words mean, in the member's zone.  Raises WrongUse."""
    from blocker.intake.problems import Wrong
    from blocker.intake.time_away import parse_time_away

    zone = member_named(workspace.team, who).zone
    try:
        return parse_time_away(text, day_of(workspace.now, zone), zone)
    except Wrong as wrong:
        raise WrongUse(f"{wrong.message}; {wrong.remedy}") from None


def away(
    workspace: Workspace,
    who: str,
    spans: Sequence[Interval],
    because: str | None = None,
    *,
    carry: bool = False,
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """Time off at once: the member's blocks in it are placed anew where there is room.

    With `carry` tasks that have no room any more go to the next sprint; without, they are at risk,
    and said with what would help.  Raises WrongUse for an unknown member, Refused for somebody
    else's time.
    """
    member = member_named(workspace.team, who)
    asker = workspace.asker
    if asker is not None and not asker.is_manager and asker.id != member.id:
        raise Refused(f"{member.name} or a manager says when {member.name} is away, not you")
    ahead = [span for span in spans if span.end > workspace.now]
    if not ahead:
        raise Refused("that time is past; for work that did not happen: blocker missed TASK")
    request = Request(members=(member.id,), sprint=_sprint_word(workspace, ahead))

    def ask(gone: Stood, *, dry_run: bool) -> Booking:
        def revise(workspace: Workspace, store: Store, sprint: Sprint) -> Revision:
            return _revision(workspace, store, sprint, member, ahead, because, gone)

        asked = replace(request, revise=revise, dry_run=dry_run)
        return book(workspace, asked, confirm, tell)

    gone: Stood = {}
    if carry:
        trial = ask(gone, dry_run=True)
        names = [lack.task for one in trial.members for lack in one.unbooked]
        if names:
            stood = stood_now(workspace, [trial.tasks[name] for name in names], tell)
            gone = {name: stood.get(name, timedelta()) for name in names}
    return ask(gone, dry_run=dry_run)


def _sprint_word(workspace: Workspace, spans: Sequence[Interval]) -> str:
    """The sprint in which the time off begins."""
    first = max(min(span.start for span in spans), workspace.now)
    number = workspace.team.sprints.number_at(first)
    if number < 1:
        raise WrongUse("no sprint has begun by then; write it into the config: time_off")
    return str(number)


def _revision(
    workspace: Workspace,
    store: Store,
    sprint: Sprint,
    member: Member,
    spans: Sequence[Interval],
    because: str | None,
    gone: Stood,
) -> Revision:
    known = store.tasks()
    gate = gate_in(workspace, store, because)
    carried, records = [], []
    for name in sorted(gone):
        now = known[name].task
        if now.sprint != sprint.number or not now.is_owed:
            continue
        later = replace(put_off(now, gate), estimate=now.estimate - gone[name])
        carried.append(later)
        if gate.is_promised(now):
            records.append(leaving_record(gate, AmendmentKind.CARRIED, now, later, gone[name]))
    own = [
        one.task.id
        for one in known.values()
        if one.task.owner == member.id and one.task.sprint == sprint.number
    ]
    said = ", ".join(span_text(span, member.zone) for span in spans)
    words = f"{member.name} is away: {said}"
    return Revision(
        revised(known, *carried),
        with_tasks(known, *carried),
        (*_records(workspace, sprint, member, _fresh(store, member, spans), because), *records),
        notes=(
            f"{words}.",
            *_carried_words(carried, workspace),
            *_waiting_words(workspace, known, gone, sprint),
            *_later_words(workspace, known, sprint, member, spans),
        ),
        about=frozenset(own),
        what=words,
    )


def _fresh(store: Store, member: Member, spans: Sequence[Interval]) -> list[Interval]:
    """Those that are not recorded yet."""
    known = away_in(store.amendments()).get(member.id, ())
    return [span for span in spans if span not in known]


def _records(
    workspace: Workspace,
    sprint: Sprint,
    member: Member,
    spans: Sequence[Interval],
    because: str | None,
) -> list[Amendment]:
    by = workspace.asker_id
    return [
        Amendment(
            AmendmentKind.AWAY,
            sprint.number,
            workspace.now,
            by,
            member=member.id,
            span=span,
            because=because,
        )
        for span in spans
    ]


def _waiting_words(
    workspace: Workspace, known: Mapping[str, StoredTask], gone: Stood, sprint: Sprint
) -> list[str]:
    """Who has to be told that what they wait for goes to a later sprint."""
    return [
        f"{one.task.named} ({workspace.team.short_name(one.task.owner)}) waits for "
        f"{after.task} and is out of order now; tell them"
        for one in known.values()
        if one.task.sprint == sprint.number and one.task.is_owed and one.task.id not in gone
        for after in one.task.after
        if after.task in gone and any(one.task.owner == m.id for m in workspace.team.members)
    ]


def _later_words(
    workspace: Workspace,
    known: Mapping[str, StoredTask],
    sprint: Sprint,
    member: Member,
    spans: Sequence[Interval],
) -> list[str]:
    """What to run for later sprints that the time off reaches into."""
    used = {
        one.task.sprint
        for one in known.values()
        if one.task.owner == member.id and one.task.is_owed
    }
    later = [
        sprint_numbered(workspace.team, number)
        for number in sorted(number for number in used if number and number > sprint.number)
    ]
    return [
        f"It reaches into {there.name}: blocker book --sprint {there.name} --for {member.id}"
        for there in later
        if any(span.overlaps(there.interval) for span in spans)
    ]


def _carried_words(carried: Sequence[Task], workspace: Workspace) -> list[str]:
    return [
        f"{task.named} goes to {workspace.team.sprints.sprint(task.sprint or 1).name}."
        for task in carried
    ]
