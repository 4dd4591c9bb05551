"""Records as plain values, and the seal of a commitment: SHA-256 of its canonical JSON.

Canonical: keys sorted, no blanks, UTF-8, instants in UTC, spans as ISO 8601.  The text is kept as
it was sealed, so a seal can be checked however the program has changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from blocker.domain.commitment import Commitment
from blocker.domain.errors import Unreachable

T = TypeVar("T")


_adapter: Callable[[Any], TypeAdapter[Any]] = lru_cache(TypeAdapter)


def plain_of(record: object) -> Any:
    """A record of the domain as values that JSON knows."""
    return _adapter(type(record)).dump_python(record, mode="json")


def from_plain(kind: type[T], plain: Any) -> T:
    """The record that such values stand for.  Raises Unreachable where they stand for none."""
    try:
        record: T = _adapter(kind).validate_python(plain)
    except ValueError as problem:
        raise Unreachable(
            f"store: a record in it ({kind.__name__}) is not as this program writes them; somebody "
            "changed it: restore the store from a backup"
        ) from problem
    return record


def sealed_text(commitment: Commitment) -> str:
    """A commitment's canonical JSON."""
    plain = plain_of(commitment)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A commitment as it is kept; `content` is empty once it was purged, its seal stays."""

    number: int
    sprint: int
    content: str
    seal: str

    @property
    def commitment(self) -> Commitment | None:
        """What was sealed, None once it was purged.

        Raises Unreachable where it is something else by now: nothing may rest on that.
        """
        if not self.content:
            return None
        if not self.is_whole:
            raise Unreachable(self._how("was changed since it was sealed"))
        try:
            return from_plain(Commitment, json.loads(self.content))
        except ValueError:
            raise Unreachable(self._how("cannot be read")) from None

    def refuse_emptied(self, closed: Collection[int]) -> None:
        """Raises Unreachable where there is no content, and the sprint is not among the closed."""
        if self.is_emptied(closed):
            raise Unreachable(self._how("was emptied since it was sealed"))

    def is_emptied(self, closed: Collection[int]) -> bool:
        """A purge empties closed sprints alone."""
        return not self.content and self.sprint not in closed

    def _how(self, what: str) -> str:
        number = self.sprint
        return (
            f"store: the commitment of sprint {number} {what}; "
            f"see: blocker sprint show {number} --verify"
        )

    @property
    def is_whole(self) -> bool:
        """What is kept is what was sealed."""
        return not self.content or seal_of(self.content) == self.seal


def faults_of(chain: Sequence[Sealed], closed: Collection[int]) -> list[str]:
    """What is broken in a team's commitments, in the order of acceptance; empty when all hold.

    Each content must be what was sealed, and name the seal before it.  Of the `closed` sprints one
    that was purged passes as a link.
    """
    found = []
    before: Sealed | None = None
    for number, one in enumerate(chain, 1):
        what = f"commitment {one.number}, of sprint {one.sprint},"
        if one.number != number and (before is None or one.number != before.number + 1):
            found.append(f"a commitment before number {one.number} is missing")
        if one.is_emptied(closed):
            found.append(f"{what} is empty, and only a closed sprint's is ever purged")
        elif not one.is_whole:
            found.append(f"{what} is not what was sealed: somebody changed it")
        elif one.content:
            found += [f"{what} {fault}" for fault in _faults_of_link(one, before)]
        before = one
    return found


def _faults_of_link(one: Sealed, before: Sealed | None) -> list[str]:
    try:
        said = from_plain(dict[str, Any], json.loads(one.content))
    except ValueError:
        return ["cannot be read"]
    faults = []
    if said.get("previous") != (before.seal if before else None):
        faults.append("does not follow the one before it: the chain is broken there")
    if said.get("sprint") != one.sprint:
        faults.append(f"was made for sprint {said.get('sprint')}")
    return faults
