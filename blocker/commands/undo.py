"""`undo`: takes back what the asker's last run changed in calendars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blocker.commands.choosing import sprint_numbered
from blocker.commands.reading import MemberCalendars, read_all, window_for
from blocker.commands.writing import Writing, carry_out, is_as_meant, settle_doubts
from blocker.domain.block import TimeBlock
from blocker.domain.errors import CalendarUnreadable, Refused
from blocker.domain.event import Event
from blocker.domain.hours import span_text
from blocker.domain.sprint import Sprint, SprintState
from blocker.store.records import UNDO, Intent, IntentState, Run
from blocker.store.store import Store
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Undone:
    """What was, or would be, taken back.

    `removed`, `restored` and `moved_back` are blocks as they now stand (removed: as they stood);
    `stayed` are sentences about those left alone.
    """

    sprint: Sprint
    removed: tuple[TimeBlock, ...]
    restored: tuple[TimeBlock, ...]
    moved_back: tuple[TimeBlock, ...]
    stayed: tuple[str, ...]
    errors: tuple[str, ...] = ()
    is_done: bool = False

    @property
    def count(self) -> int:
        return len(self.removed) + len(self.restored) + len(self.moved_back)


def undo(
    workspace: Workspace,
    confirm: Callable[[Undone], bool] = lambda _: True,
    *,
    dry_run: bool = False,
) -> Undone:
    """Reverse the last `book` or `pull` of whoever asks; again, the one before.

    Raises Refused when there is none, or its sprint is accepted; CalendarUnreadable for a broken
    calendar.
    """
    asker = workspace.asker_id
    with workspace.store(rehearse=dry_run) as store:
        case = _case(workspace, store, asker)
        undone = case.plan()
        if dry_run or not confirm(undone):
            return undone
        return case.carry_out()


def _case(workspace: Workspace, store: Store, asker: str | None) -> _Case:
    """The last run that wrote anything, as far as the calendars tell."""
    while True:
        run = _last_run(store, asker)
        sprint = sprint_numbered(workspace.team, run.sprint)
        state = store.sprint_state(run.sprint)
        if state is not SprintState.PLANNED:
            raise Refused(f"{sprint.name} is {state}: its blocks are a promise and are not undone")
        named = {intent.member for intent in store.intents_of(run.id)}
        members = [member for member in workspace.team.members if member.id in named]
        window = window_for(sprint.interval)
        calendars = read_all(workspace, members, window)
        mistakes = [mistake for read in calendars.values() for mistake in read.mistakes]
        if mistakes:
            raise CalendarUnreadable(sorted(mistakes))
        with store.transaction():
            settle_doubts(store, calendars, window)
        if store.last_run(asker) == run:  # else it turns out to have written nothing
            return _Case(workspace, store, run, sprint, calendars)


def _last_run(store: Store, asker: str | None) -> Run:
    run = store.last_run(asker)
    if run is None:
        whose = "run without --as" if asker is None else f"run of {asker}"
        raise Refused(
            f"there is nothing to undo: no {whose} has changed a calendar, or all are undone"
        )
    return run


_TOUCHED = "a person changed it since"


class _Case:
    """One run and what can be taken back of it."""

    def __init__(
        self,
        workspace: Workspace,
        store: Store,
        run: Run,
        sprint: Sprint,
        calendars: dict[str, MemberCalendars],
    ) -> None:
        self._workspace = workspace
        self._store = store
        self._run = run
        self._sprint = sprint
        self._calendars = calendars
        self._reverse: list[Intent] = []
        self._expected: dict[str, str] = {}
        self._stayed: list[str] = []
        self._receipts = store.receipts()
        self._errors = [error for read in calendars.values() for error in read.failures]

    def plan(self) -> Undone:
        """Decide for each write of the run whether it can be reversed."""
        done = [
            intent
            for intent in self._store.intents_of(self._run.id)
            if intent.state is IntentState.DONE
        ]
        for intent in reversed(done):
            found, why = self._look(intent)
            if why is None:
                self._reverse.append(
                    Intent(intent.calendar, intent.member, intent.uid, intent.after, intent.before)
                )
                if found is not None:
                    self._expected[intent.uid] = found.revision
            elif why:
                block = intent.after or intent.before
                assert block is not None, "an intent has a block on one side"
                now = found.interval if found else block.interval
                self._stayed.append(f"{block.task} {span_text(now, block.zone)} stays: {why}")
        return self._answer()

    def _look(self, intent: Intent) -> tuple[Event | None, str | None]:
        """The event as it stands, and why it stays: None: it can go; '': nothing is left of it."""
        read = self._calendars.get(intent.member)
        ref = read.member.blocks if read else None
        if read is None or ref is None or ref.key != intent.calendar:
            return None, f"blocks are no longer written to {intent.calendar}"
        if read.calendar is None:
            return None, f"{intent.calendar} cannot be reached"
        found = next((event for event in read.in_blocks if event.uid == intent.uid), None)
        receipt = self._receipts.get((intent.calendar, intent.uid))
        if (receipt.block if receipt else None) != intent.after:
            return found, "" if found is None and receipt is None else "a later run changed it"
        if not is_as_meant(found, intent.after) or (
            receipt and found and found.revision != receipt.revision
        ):
            return found, _TOUCHED
        sides = [block for block in (intent.before, intent.after) if block is not None]
        if any(block.interval.start < self._workspace.now for block in sides):
            return found, "it is past"
        return found, None

    def _give_up(self, intents: Sequence[Intent], why: str) -> None:
        """These writes did not happen: their blocks stay as they are."""
        uids = {intent.uid for intent in intents}
        self._reverse = [one for one in self._reverse if one.uid not in uids]
        for intent in intents:
            block = intent.before or intent.after
            assert block is not None, "an intent has a block on one side"
            when = span_text(block.interval, block.zone)
            self._stayed.append(f"{block.task} {when} stays: {why}")

    def _answer(self, *, is_done: bool = False) -> Undone:
        def blocks(has_before: bool, has_after: bool) -> tuple[TimeBlock, ...]:
            chosen = [
                one.after or one.before
                for one in self._reverse
                if (one.before is not None) is has_before and (one.after is not None) is has_after
            ]
            return tuple(block for block in chosen if block is not None)

        return Undone(
            self._sprint,
            blocks(True, False),
            blocks(False, True),
            blocks(True, True),
            tuple(self._stayed),
            tuple(dict.fromkeys(self._errors)),
            is_done,
        )

    def carry_out(self) -> Undone:
        """Write the reversal, exactly once as a booking is written."""
        asker = self._run.asker
        saved: list[Intent] = []
        with self._store.transaction():
            if self._reverse:
                saved = self._store.begin_run(
                    UNDO, asker, self._run.sprint, self._workspace.now, self._reverse
                )
                what = f"undo: blocks of {self._sprint.name} set back: {len(saved)}"
                self._store.log(self._workspace.now, asker, what)
        writings = {
            name: Writing(read.member.blocks, read.calendar, mine, self._expected)
            for name, read in self._calendars.items()
            if read.calendar is not None
            and read.member.blocks is not None
            and (mine := [intent for intent in saved if intent.member == name])
        }
        carry_out(self._store, list(writings.values()))
        for name, one in writings.items():
            if one.error:
                self._errors.append(f"{self._calendars[name].member.name}: {one.error}")
                written = {intent.id for intent in one.done}
                failed = [intent for intent in one.intents if intent.id not in written]
                self._give_up(failed, "it could not be written")
            else:
                self._give_up(one.changed, _TOUCHED)
        if not self._errors:  # else it can be tried again
            with self._store.transaction():
                self._store.mark_undone(self._run.id, self._workspace.now)
        return self._answer(is_done=True)
