"""What a job knows of a sprint besides one member's calendars, and whose events are whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from blocker.auditing.evidence import Promise
from blocker.commands.reading import MemberCalendars
from blocker.domain.block import block_uid
from blocker.domain.event import Event
from blocker.domain.member import BlockRules, Member
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.domain.team import Team
from blocker.store.records import StoredReceipt


@dataclass(frozen=True, slots=True)
class Scene:
    """The sprint, its tasks, and what is remembered of earlier runs."""

    team: Team
    sprint: Sprint
    state: SprintState
    now: datetime
    promises: Mapping[str, Promise]
    tasks: Mapping[str, Task]
    receipts: Mapping[tuple[str, str], StoredReceipt]
    ready: Mapping[str, datetime | None]
    day_limits: Mapping[tuple[str, date], timedelta]
    """Those raised once, by member id and local day."""
    written: frozenset[str]
    """The members whose calendars are written: the blocks of others are facts."""
    planned: frozenset[str]
    """Those whose tasks are planned: these, and all whose plans theirs depend on."""
    about: frozenset[str] | None = None
    """Only the blocks of these tasks may change; None: those of all."""
    lowered: frozenset[str] = frozenset()
    """Promised tasks whose estimate was lowered since: blocks that they no longer need may go."""
    may_use_reserve: bool = True
    """Whether time that was kept free may be used, once the sprint is accepted."""
    tolerated: frozenset[str] = frozenset()
    """Keys of blocks that break a hard rule and stay, since there is no room for them elsewhere."""

    def may_move(self, member: str) -> bool:
        """Whether this member's blocks may give way to more than what the audit calls an error."""
        is_open = self.state is SprintState.PLANNED and self.about is None
        return is_open and member in self.written

    def may_free(self, member: str, event: Event) -> bool:
        """Whether a block that its task no longer needs may go."""
        is_lowered = event.mark is not None and event.mark.task in self.lowered
        return self.may_move(member) or (is_lowered and member in self.written)

    @property
    def uses_reserve(self) -> bool:
        """From acceptance on the time kept free is there for what comes up."""
        return self.may_use_reserve and self.state is not SprintState.PLANNED

    def rules_of(self, member: Member) -> BlockRules:
        """A member's rules as they hold in this sprint now."""
        return replace(member.rules, reserve=Fraction(0)) if self.uses_reserve else member.rules

    def is_about(self, task: str) -> bool:
        """Whether the blocks of this task may change."""
        return self.about is None or task in self.about

    def limits_of(self, member: str) -> dict[date, timedelta]:
        """The day limits raised for one member."""
        return {day: limit for (who, day), limit in self.day_limits.items() if who == member}


def key_of(event: Event) -> str:
    """What tells an event apart in all of a member's calendars, and names it to the planner."""
    return f"{event.uid}\x00{event.instance}"


def ours_in(scene: Scene, calendars: MemberCalendars) -> set[str]:
    """Events of the calendar of blocks that this team wrote, here or on another machine."""
    ref = calendars.member.blocks
    if ref is None:
        return set()
    return {
        key_of(event)
        for event in calendars.in_blocks
        if event.mark is not None
        and not event.instance
        and ((ref.key, event.uid) in scene.receipts or event.uid == _derived_uid(scene, event))
    }


def _derived_uid(scene: Scene, event: Event) -> str | None:
    mark = event.mark
    if mark is None or mark.sprint is None or mark.part is None:
        return None
    number = scene.team.sprints.number_named(mark.sprint)
    return None if number is None else block_uid(scene.team.id, number, mark.task, mark.part)


def receipt_of(scene: Scene, calendars: MemberCalendars, event: Event) -> StoredReceipt | None:
    """The block as it was last written, None when this store knows of none."""
    ref = calendars.member.blocks
    return scene.receipts.get((ref.key, event.uid)) if ref else None


def is_by_person(scene: Scene, calendars: MemberCalendars, event: Event, ours: set[str]) -> bool:
    """A person made the event, or moved it since it was last written."""
    if key_of(event) not in ours:
        return True
    receipt = receipt_of(scene, calendars, event)
    return receipt is not None and receipt.block.interval != event.interval
