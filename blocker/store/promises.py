"""Commitments and what became of them: amendments, closings, completions, outcomes, the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert

from blocker.domain.closing import Closing
from blocker.domain.commitment import Amendment, Commitment, Completion
from blocker.domain.outcome import Outcome
from blocker.domain.sprint import SprintState
from blocker.store import tables
from blocker.store.sealing import Sealed, from_plain, plain_of, seal_of, sealed_text
from blocker.store.session import Session


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What somebody did; `who` is None where nobody was named."""

    at: datetime
    who: str | None
    what: str


class Promises(Session):
    """The part of the store that says what was promised, and each change since."""

    def set_sprint_state(self, number: int, state: SprintState) -> None:
        c = tables.sprints.c
        self._change(delete(tables.sprints).where(c.team == self._team, c.number == number))
        self._change(
            insert(tables.sprints).values(team=self._team, number=number, state=state.value)
        )

    # Commitments

    def commitments(self) -> list[Sealed]:
        """All of the team's, in the order of acceptance."""
        c = tables.commitments.c
        return [
            Sealed(row.number, row.sprint, row.content, row.seal)
            for row in self._rows(tables.commitments, order=c.number)
        ]

    def commitment_of(self, sprint: int) -> Commitment | None:
        """What was promised for one sprint, None when it was not accepted, or was purged.

        Raises Unreachable where it is not what was sealed.
        """
        for row in self._rows(tables.commitments, tables.commitments.c.sprint == sprint):
            sealed = Sealed(row.number, row.sprint, row.content, row.seal)
            states = self._rows(tables.sprints, tables.sprints.c.number == sprint)
            sealed.refuse_emptied(
                [one.number for one in states if one.state == SprintState.CLOSED.value]
            )
            return sealed.commitment
        return None

    def seal(self, commitment: Commitment) -> Sealed:
        """Keep a commitment for good, chained to the one before."""
        before = self.commitments()
        chained = replace(commitment, previous=before[-1].seal if before else None)
        content = sealed_text(chained)
        number = before[-1].number + 1 if before else 1
        sealed = Sealed(number, chained.sprint, content, seal_of(content))
        self._change(
            insert(tables.commitments).values(
                team=self._team,
                number=sealed.number,
                sprint=sealed.sprint,
                content=sealed.content,
                seal=sealed.seal,
            )
        )
        return sealed

    # Amendments

    def amendments(self, sprint: int | None = None) -> list[Amendment]:
        """Those of one sprint, or all, in the order in which they were made."""
        c = tables.amendments.c
        conditions = [] if sprint is None else [c.sprint == sprint]
        return [
            replace(from_plain(Amendment, row.content), id=row.id)
            for row in self._rows(tables.amendments, *conditions, order=c.id)
        ]

    def amend(self, amendments: Iterable[Amendment]) -> None:
        for one in amendments:
            self._change(
                insert(tables.amendments).values(
                    team=self._team,
                    sprint=one.sprint,
                    kind=one.kind.value,
                    task=one.task,
                    member=one.member,
                    content=plain_of(one),
                )
            )

    # Closings and completions

    def closings(self) -> dict[int, Closing]:
        """The records of sprints that have ended, by number."""
        rows = self._rows(tables.closings, order=tables.closings.c.sprint)
        return {row.sprint: from_plain(Closing, row.content) for row in rows}

    def close(self, closing: Closing) -> None:
        self._change(
            insert(tables.closings).values(
                team=self._team, sprint=closing.sprint, content=plain_of(closing)
            )
        )

    def completions(self) -> list[Completion]:
        """Finished tasks with what they took, by id."""
        rows = self._rows(tables.completions, order=tables.completions.c.task)
        return [from_plain(Completion, row.content) for row in rows]

    def complete(self, completion: Completion) -> None:
        """Remember what a task took; said again, the last word counts."""
        self.reopen(completion.task)
        self._change(
            insert(tables.completions).values(
                team=self._team,
                task=completion.task,
                member=completion.member,
                content=plain_of(completion),
            )
        )

    def reopen(self, task: str) -> None:
        """The task is not finished after all."""
        c = tables.completions.c
        self._change(delete(tables.completions).where(c.team == self._team, c.task == task))

    # Outcomes

    def outcomes(self) -> dict[str, Outcome]:
        rows = self._rows(tables.outcomes, order=tables.outcomes.c.id)
        return {row.id: from_plain(Outcome, row.content) for row in rows}

    def save_outcome(self, outcome: Outcome) -> None:
        c = tables.outcomes.c
        self._change(delete(tables.outcomes).where(c.team == self._team, c.id == outcome.id))
        self._change(
            insert(tables.outcomes).values(
                team=self._team, id=outcome.id, content=plain_of(outcome)
            )
        )

    # Who did what

    def log(self, at: datetime, who: str | None, what: str) -> None:
        """Remember that somebody changed something; `what` is one plain sentence."""
        self._change(
            insert(tables.log).values(team=self._team, at=at.isoformat(), who=who, what=what)
        )

    def logged(self) -> list[LogEntry]:
        """All that was done, the oldest first."""
        return [
            LogEntry(datetime.fromisoformat(row.at), row.who, row.what)
            for row in self._rows(tables.log, order=tables.log.c.id)
        ]
