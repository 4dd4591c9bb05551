"""The column `sprint`: a sprint's number or name, or a word for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from blocker.domain.sprint import SprintCalendar
from blocker.intake.dates import LATEST_YEAR
from blocker.intake.problems import Wrong, shown

Word = Literal["current", "next", "backlog"]


@dataclass(frozen=True, slots=True)
class SprintWord:
    """What a row says of its sprint: a number, or a word that depends on the day it is read.

    Exactly one of both is set.
    """

    number: int | None = None
    word: Word | None = None

    def __str__(self) -> str:
        return self.word or str(self.number)


def parse_sprint(text: str, sprints: SprintCalendar) -> SprintWord:
    """A sprint's name or number, `current`, `next` or `backlog`.  Raises Wrong."""
    folded = text.strip().casefold()
    if folded == "current":
        return SprintWord(word="current")
    if folded == "next":
        return SprintWord(word="next")
    if folded == "backlog":
        return SprintWord(word="backlog")
    number = sprints.number_named(text)
    if number is None or not _is_near(number, sprints):
        some = sprints.name.replace("{number}", "27")
        raise Wrong(
            f"{shown(text)} is no sprint",
            f"write a name or number ({some}), current, next or backlog",
        )
    return SprintWord(number=number)


def _is_near(number: int, sprints: SprintCalendar) -> bool:
    """Before the end of the calendar that this program reckons with."""
    try:
        last = sprints.first + timedelta(days=sprints.length_days * number)
    except OverflowError:
        return False
    return last.year <= LATEST_YEAR
