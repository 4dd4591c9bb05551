"""Time blocks: the booking of one part of a task in its owner's calendar."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from blocker.domain.interval import Interval


@dataclass(frozen=True, slots=True)
class TimeBlock:
    """One block as it is to stand in a calendar.

    `uid` is the same on every machine (`block_uid`).  `zone` is the owner's.  `title` and
    `description` are final texts.
    """

    uid: str
    member: str
    task: str
    sprint: int
    sprint_name: str
    part: int
    parts: int
    interval: Interval
    zone: ZoneInfo
    title: str
    description: str = ""
    categories: tuple[str, ...] = ("Work block",)

    def __post_init__(self) -> None:
        if self.part < 1:
            raise ValueError(f"parts count from 1, not {self.part}")


def block_uid(team: str, sprint: int, task: str, part: int) -> str:
    """The UID of a block, derived from what it is, so the same wherever it is booked.

    >>> block_uid("northwind", 27, "T-014", 1)
    '863in8d4mchd4hb812h594rn4c@blocker'
    """
    key = "\x00".join((team, str(sprint), task, str(part)))
    digest = hashlib.sha256(key.encode()).digest()[:16]
    return base64.b32hexencode(digest).decode().rstrip("=").lower() + "@blocker"
