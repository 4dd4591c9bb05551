"""Ids of our events at Google: derived from a block's UID, with a generation.

Google takes ids of a client in base32hex (letters a to v and digits), and keeps an id for ever: a
block that is booked again after somebody deleted it needs the next generation.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_STEM = re.compile(r"[0-9a-v]{26}")
_OURS = re.compile(r"([0-9a-v]{26})g(\d{1,4})")


def _stem(uid: str) -> str:
    """The part that all generations of a UID share; UIDs of blocks are base32hex already."""
    local = uid.removesuffix("@blocker")
    if local != uid and _STEM.fullmatch(local):
        return local
    digest = hashlib.sha256(uid.encode()).digest()[:16]
    return base64.b32hexencode(digest).decode().rstrip("=").lower()


def event_id(uid: str, generation: int) -> str:
    """The id of the event for a block.

    >>> event_id("863in8d4mchd4hb812h594rn4c@blocker", 1)
    '863in8d4mchd4hb812h594rn4cg1'
    """
    return f"{_stem(uid)}g{generation}"


def generation_of(uid: str, identity: str) -> int | None:
    """Which generation of this UID's events an id is, None for any other id."""
    found = _OURS.fullmatch(identity)
    return int(found[2]) if found and found[1] == _stem(uid) else None


def looks_ours(identity: str) -> bool:
    """The id has the form of ours, whatever its UID."""
    return _OURS.fullmatch(identity) is not None


def next_generation(uid: str, taken: Iterable[str]) -> int:
    """The first generation after all that are taken."""
    known = [number for one in taken if (number := generation_of(uid, one)) is not None]
    return max(known, default=-1) + 1
