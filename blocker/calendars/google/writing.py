"""Writing blocks to a Google calendar: in batches, each block exactly once.

Ids are derived from UIDs, so whatever became of a request whose answer was lost, asking again
finds it.  What somebody else did since it was read stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocker.calendars.base import Fate, Heard, Put, Receipt, Remove, Write
from blocker.calendars.google.accounts import Account
from blocker.calendars.google.blocks import Looks, changed_event, new_event
from blocker.calendars.google.copy import Kept
from blocker.calendars.google.errors import Refusal
from blocker.calendars.google.events import FIELDS, Json, is_cancelled, is_ours, read_item, slim
from blocker.calendars.google.ids import event_id, generation_of, next_generation
from blocker.calendars.google.patience import Patience
from blocker.calendars.google.service import MOST_IN_BATCH, Make, Session
from blocker.calendars.owner import Owner
from blocker.calendars.text.event_text import stands_as
from blocker.domain.event import Event

_GONE = (404, 410)
_TAKEN, _NOT_AS_READ = 409, 412
Answer = dict[str, Any] | Refusal


@dataclass(slots=True)
class _Job:
    """One write on its way: the id it is about, and its receipt or refusal once that is certain."""

    write: Write
    identity: str = ""
    receipt: Receipt | None = None
    refusal: Refusal | None = None

    @property
    def is_open(self) -> bool:
        return self.receipt is None and self.refusal is None


@dataclass(frozen=True, slots=True)
class _Question:
    """One part of a batch; `settle` hears the answer, `doubts` are refusals that mean: look."""

    job: _Job
    make: Make
    settle: Callable[[_Job, Answer], None]
    doubts: tuple[int, ...] = ()


@dataclass(slots=True)
class Writer:
    """Carries out writes; `kept` is what is known of the calendar, and learns of every answer.

    `heard` is told each receipt as soon as it is certain.
    """

    session: Session
    account: Account
    address: str
    owner: Owner
    looks: Looks
    kept: Kept
    patience: Patience
    heard: Heard

    def carry_out(self, writes: Sequence[Write]) -> list[Receipt]:
        """A receipt for each write, in order; a write that is refused does not stop the others.

        Raises Refusal, the first one, when all others are done; NoAnswer, SignInNeeded at once.
        What is certain until then has been heard.
        """
        jobs = [_Job(write) for write in writes]
        for jobs_now in _rounds(jobs):
            for first in range(0, len(jobs_now), MOST_IN_BATCH):
                batch = jobs_now[first : first + MOST_IN_BATCH]
                self._together([job for job in batch if self._may_follow(job, jobs)])
        refused = [job.refusal for job in jobs if job.refusal is not None]
        if refused:
            raise refused[0]
        return [job.receipt for job in jobs if job.receipt is not None]

    def _may_follow(self, job: _Job, jobs: Sequence[_Job]) -> bool:
        """No write of its UID before it was refused: each builds on the one before."""
        uid = job.write.uid
        return not any(one.refusal is not None and one.write.uid == uid for one in jobs)

    def _together(self, jobs: Sequence[_Job]) -> None:
        """Up to one batch of writes of different UIDs; then looks where an answer left doubt."""
        self._find(jobs)
        self._ask([self._step(job) for job in jobs if job.is_open])
        self._ask([self._look(job) for job in jobs if job.is_open])

    def _ask(self, questions: Sequence[_Question]) -> None:
        """One batch.  What is answered counts, even where the rest fails."""
        if not questions:
            return
        answers: dict[str, Answer] = {}
        try:
            makes = {str(number): one.make for number, one in enumerate(questions)}
            self.session.batch(self.account, makes, self.patience, answers)
        finally:
            for number, one in enumerate(questions):
                if (answer := answers.get(str(number))) is not None:
                    self._settle(one, answer)
            known = [one.job.receipt for one in questions if one.job.receipt is not None]
            if known:
                self.heard(known)

    def _settle(self, question: _Question, answer: Answer) -> None:
        if isinstance(answer, Refusal) and answer.status not in question.doubts:
            question.job.refusal = answer
        else:
            question.settle(question.job, answer)

    # What is asked

    def _find(self, jobs: Sequence[_Job]) -> None:
        """Look up what should stand there and is not known, such as in a calendar never read."""
        unknown = [
            job
            for job in jobs
            if (isinstance(job.write, Remove) or job.write.expected is not None)
            and self.kept.live(job.write.uid) is None
        ]
        self._ask([_Question(job, self._lookup(job.write.uid), self._found) for job in unknown])

    def _step(self, job: _Job) -> _Question:
        """What to ask for a write."""
        uid, write = job.write.uid, job.write
        item = self.kept.live(uid)
        if item is None:
            assert isinstance(write, Put)
            job.identity = event_id(uid, next_generation(uid, self.kept.taken(uid)))
            return _Question(job, self._insert(write, job.identity), self._put, (_TAKEN,))
        job.identity = item["id"]
        if write.expected is None or not is_ours(item):
            return self._look(job)
        changed = (_NOT_AS_READ, *_GONE)
        if isinstance(write, Remove):
            make = self._delete(job.identity, write.expected)
            return _Question(job, make, self._deleted, changed)
        event = self._event(item)
        if write.expected == item.get("etag") and event and stands_as(event, write.block):
            return self._look(job)
        make = self._change(write, job.identity, write.expected)
        return _Question(job, make, self._put, changed)

    def _look(self, job: _Job) -> _Question:
        return _Question(job, self._get(job.identity), self._looked, _GONE)

    def _insert(self, write: Put, identity: str) -> Make:
        body = {"id": identity, **new_event(write.block, self.looks)}
        return lambda service: service.events().insert(
            calendarId=self.address, body=body, sendUpdates="none", fields=FIELDS
        )

    def _change(self, write: Put, identity: str, revision: str) -> Make:
        body = changed_event(write.block)
        return _if_match(
            lambda service: service.events().patch(
                calendarId=self.address,
                eventId=identity,
                body=body,
                sendUpdates="none",
                fields=FIELDS,
            ),
            revision,
        )

    def _delete(self, identity: str, revision: str) -> Make:
        return _if_match(
            lambda service: service.events().delete(
                calendarId=self.address, eventId=identity, sendUpdates="none"
            ),
            revision,
        )

    def _get(self, identity: str) -> Make:
        return lambda service: service.events().get(
            calendarId=self.address, eventId=identity, fields=FIELDS
        )

    def _lookup(self, uid: str) -> Make:
        return lambda service: service.events().list(
            calendarId=self.address,
            privateExtendedProperty=f"blockerUid={uid}",
            fields=f"items({FIELDS})",
        )

    # What the answers mean

    def _found(self, job: _Job, answer: Answer) -> None:
        """A lookup by UID: what it finds is known from now on; of nothing there is a receipt."""
        assert not isinstance(answer, Refusal)  # it has no doubts
        uid = job.write.uid
        for item in answer.get("items", ()):
            if generation_of(uid, item.get("id", "")) is not None and not is_cancelled(item):
                self.kept.items[item["id"]] = slim(item)
        if self.kept.live(uid) is None:
            fate = Fate.ALREADY if isinstance(job.write, Remove) else Fate.CHANGED
            job.receipt = Receipt(job.write, fate, None)

    def _put(self, job: _Job, answer: Answer) -> None:
        if not isinstance(answer, Refusal):
            job.receipt = Receipt(job.write, Fate.DONE, self._learn(job, answer))

    def _deleted(self, job: _Job, answer: Answer) -> None:
        if isinstance(answer, Refusal) and answer.status not in _GONE:
            return
        fate = Fate.ALREADY if isinstance(answer, Refusal) else Fate.DONE
        self.kept.bury({job.identity})
        job.receipt = Receipt(job.write, fate, None)

    def _looked(self, job: _Job, answer: Answer) -> None:
        """What stands there decides, for a write that could not be carried out as meant."""
        write = job.write
        if isinstance(answer, Refusal) or is_cancelled(answer):
            self.kept.bury({job.identity})
            fate = Fate.ALREADY if isinstance(write, Remove) else Fate.CHANGED
            job.receipt = Receipt(write, fate, None)
            return
        event = self._learn(job, answer)
        stands = (
            isinstance(write, Put)
            and event is not None
            and event.uid == write.block.uid
            and stands_as(event, write.block)
        )
        job.receipt = Receipt(write, Fate.ALREADY if stands else Fate.CHANGED, event)

    def _learn(self, job: _Job, item: Json) -> Event | None:
        kept = {**slim(item), "id": job.identity}
        self.kept.items[job.identity] = kept
        return self._event(kept)

    def _event(self, item: Mapping[str, Any]) -> Event | None:
        found = read_item(item, self.address, self.owner)
        return found if isinstance(found, Event) else None


def _rounds(jobs: Sequence[_Job]) -> list[list[_Job]]:
    """Writes of one UID come one after the other: a batch has no order."""
    rounds: list[list[_Job]] = []
    seen: dict[str, int] = {}
    for job in jobs:
        number = seen.get(job.write.uid, -1) + 1
        seen[job.write.uid] = number
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(job)
    return rounds


def _if_match(make: Make, revision: str) -> Make:
    """Only where the event is still as it was read."""

    def made(service: Any) -> Any:
        request = make(service)
        request.headers["If-Match"] = revision
        return request

    return made
