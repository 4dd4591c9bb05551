"""The families of things that go wrong.

    BlockerError
    +-- WrongUse             the command was given wrongly                        exit 2
    +-- WrongInput           files of the user's are wrong: a list of Mistakes    exit 3
    |   +-- CalendarUnreadable   a calendar is there, and is not one
    +-- Unreachable          a calendar or the store does not answer              exit 4
    +-- Refused              understood, and the answer is no                     exit 1

What hinders a task or an audit is data (Unbooked, Finding), not an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class BlockerError(Exception):
    """Anything this program says no to, in words for a person."""


class WrongUse(BlockerError):
    """The command cannot be understood as given."""


class Refused(BlockerError):
    """The command was understood and the rules say no."""


class Unreachable(BlockerError):
    """Something outside does not answer, or needs a sign-in.  The message says what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in a file: where, what, and what would be right.

    `place` is further detail inside the line, such as a column's name or a key's path.

    >>> print(Mistake("tasks.csv", 12, "estimate", "0h is no time", "write how long it takes: 2h"))
    tasks.csv:12: estimate: 0h is no time; write how long it takes: 2h
    """

    file: str
    line: int | None
    place: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        text = (
            f"{where}: {self.place}: {self.message}" if self.place else f"{where}: {self.message}"
        )
        return f"{text}; {self.remedy}" if self.remedy else text


class WrongInput(BlockerError):
    """One or more files are wrong; nothing of them was taken."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class CalendarUnreadable(WrongInput):
    """A calendar was reached, but what is there cannot be read as one."""
