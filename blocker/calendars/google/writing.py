"""Writing blocks to a Google calendar: in batches, each block exactly once.

Ids are derived from UIDs, so whatever became of a request whose answer was lost, asking again
finds it.  What somebody else did since it was read stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocker.calendars.base import Fate, Heard, Put, Receipt, Remove, Write
from blocker.calendars.google.accounts import Account
from blocker.calendars.google.blocks import Looks, event_body
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


def uid_of(write: Write) -> str:
    return write.uid if isinstance(write, Remove) else write.block.uid


@dataclass(slots=True)
class _Job:
    """One write on its way: the id it is about, and its receipt once that is certain."""

    write: Write
    identity: str = ""
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """One part of a batch; `settle` hears the answer, `doubts` are refusals that mean: look."""

    job: _Job
    make: Make
    settle: Callable[[_Job, Answer], None]
    doubts: tuple[int, ...] = ()


@dataclass(slots=True)
class Writer:
    """Carries out writes; `kept` is what is known of the calendar, and learns of every answer."""

    session: Session
    account: Account
    address: str
    owner: Owner
    looks: Looks
    kept: Kept
    patience: Patience
    _told: int = field(default=0, init=False)

    def carry_out(self, writes: Sequence[Write], heard: Heard) -> list[Receipt]:
        """A receipt for each write, in order.

        Raises Refusal, NoAnswer, SignInNeeded; what is certain until then has been heard.
        """
        jobs = [_Job(write) for write in writes]
        try:
            for jobs_now in _rounds(jobs):
                for first in range(0, len(jobs_now), MOST_IN_BATCH):
                    self._together(jobs_now[first : first + MOST_IN_BATCH])
                    self._tell(jobs, heard)
        finally:
            self._tell(jobs, heard)
        return [job.receipt for job in jobs if job.receipt is not None]

    def _tell(self, jobs: Sequence[_Job], heard: Heard) -> None:
        """Receipts from the first on, as far as there is no gap."""
        known: list[Receipt] = []
        for job in jobs[self._told :]:
            if job.receipt is None:
                break
            known.append(job.receipt)
        if known:
            self._told += len(known)
            heard(known)

    def _together(self, jobs: Sequence[_Job]) -> None:
        """Up to one batch of writes of different UIDs; then looks where an answer left doubt."""
        self._find(jobs)
        self._ask([self._step(job) for job in jobs if job.receipt is None])
        self._ask([self._look(job) for job in jobs if job.receipt is None])

    def _ask(self, questions: Sequence[_Question]) -> None:
        """One batch.  What is answered counts, even where the rest fails."""
        answers: dict[str, Answer] = {}
        try:
            makes = {str(number): one.make for number, one in enumerate(questions)}
            self.session.batch(self.account, makes, self.patience, answers)
        finally:
            known = {int(number): answer for number, answer in answers.items()}
            for number, one in enumerate(questions):
                if (answer := known.get(number)) is not None:
                    one.settle(one.job, answer)
        for number, answer in sorted(known.items()):
            if isinstance(answer, Refusal) and answer.status not in questions[number].doubts:
                raise answer

    # What is asked

    def _find(self, jobs: Sequence[_Job]) -> None:
        """Look up what should stand there and is not known, such as in a calendar never read."""
        unknown = [
            job
            for job in jobs
            if (isinstance(job.write, Remove) or job.write.expected is not None)
            and self.kept.live(uid_of(job.write)) is None
        ]
        self._ask([_Question(job, self._lookup(uid_of(job.write)), self._found) for job in unknown])

    def _step(self, job: _Job) -> _Question:
        """What to ask for a write."""
        uid, write = uid_of(job.write), job.write
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
        make = self._update(write, item, write.expected)
        return _Question(job, make, self._put, changed)

    def _look(self, job: _Job) -> _Question:
        return _Question(job, self._get(job.identity), self._looked, _GONE)

    def _insert(self, write: Put, identity: str) -> Make:
        body = {"id": identity, **event_body(write.block, self.looks)}
        return lambda service: service.events().insert(
            calendarId=self.address, body=body, sendUpdates="none", fields=FIELDS
        )

    def _update(self, write: Put, item: Json, revision: str) -> Make:
        body = event_body(write.block, self.looks, item.get("eventType", "default"))
        return _if_match(
            lambda service: service.events().update(
                calendarId=self.address,
                eventId=item["id"],
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
        if isinstance(answer, Refusal):
            return
        uid = uid_of(job.write)
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
        if isinstance(answer, Refusal) and answer.status not in _GONE:
            return
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
        found = read_item(item, self.owner)
        return found if isinstance(found, Event) else None


def _rounds(jobs: Sequence[_Job]) -> list[list[_Job]]:
    """Writes of one UID come one after the other: a batch has no order."""
    rounds: list[list[_Job]] = []
    seen: dict[str, int] = {}
    for job in jobs:
        number = seen.get(uid_of(job.write), -1) + 1
        seen[uid_of(job.write)] = number
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
