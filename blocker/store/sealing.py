"""Records as plain values, and the seal of a commitment: SHA-256 of its canonical JSON.

Canonical: keys sorted, no blanks, UTF-8, instants in UTC, spans as ISO 8601.  The text is kept as
it was sealed, so a seal can be checked however the program has changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from blocker.domain.commitment import Commitment

T = TypeVar("T")


_adapter: Callable[[Any], TypeAdapter[Any]] = lru_cache(TypeAdapter)


def plain_of(record: object) -> Any:
    """A record of the domain as values that JSON knows."""
    return _adapter(type(record)).dump_python(record, mode="json")


def from_plain(kind: type[T], plain: Any) -> T:
    """The record that such values stand for."""
    record: T = _adapter(kind).validate_python(plain)
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
        return from_plain(Commitment, json.loads(self.content)) if self.content else None

    @property
    def is_whole(self) -> bool:
        """What is kept is what was sealed."""
        return not self.content or seal_of(self.content) == self.seal


def faults_of(chain: Sequence[Sealed]) -> list[str]:
    """What is broken in a team's commitments, in the order of acceptance; empty when all hold.

    Each content must be what was sealed, and name the seal before it.  One that was purged passes
    as a link.
    """
    found = []
    before: Sealed | None = None
    for number, one in enumerate(chain, 1):
        what = f"commitment {one.number}, of sprint {one.sprint},"
        if one.number != number and (before is None or one.number != before.number + 1):
            found.append(f"a commitment before number {one.number} is missing")
        if not one.is_whole:
            found.append(f"{what} is not what was sealed: somebody changed it")
        elif one.content:
            found += [f"{what} {fault}" for fault in _faults_of_link(one, before)]
        before = one
    return found


def _faults_of_link(one: Sealed, before: Sealed | None) -> list[str]:
    said = json.loads(one.content)
    faults = []
    if said.get("previous") != (before.seal if before else None):
        faults.append("does not follow the one before it: the chain is broken there")
    if said.get("sprint") != one.sprint:
        faults.append(f"was made for sprint {said.get('sprint')}")
    return faults
