"""Collecting what is wrong in a file, so that all of it is said at once."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from blocker.domain.errors import Mistake, WrongInput

MOST_SHOWN = 100
"""So many mistakes are shown; a file of another kind altogether has thousands."""


class Wrong(ValueError):
    """One value is wrong: what is wrong with it, and what would be right."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Mistakes:
    """The mistakes of one file, in the order of its lines.

    >>> mistakes = Mistakes("tasks.csv")
    >>> mistakes.add(7, "owner", "nobody is called anna", "write ana")
    >>> mistakes.add(2, "title", "is empty")
    >>> for mistake in mistakes.sorted(): print(mistake)
    tasks.csv:2: title: is empty
    tasks.csv:7: owner: nobody is called anna; write ana
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Mistake] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, line: int | None, place: str, message: str, remedy: str = "") -> None:
        """Note one; said already is said once."""
        mistake = Mistake(self.file, line, place, message, remedy)
        if mistake not in self._found[-MOST_SHOWN:]:
            self._found.append(mistake)

    def add_wrong(self, line: int | None, place: str, wrong: Wrong) -> None:
        self.add(line, place, wrong.message, wrong.remedy)

    def sorted(self) -> list[Mistake]:
        """By line; those of one line stay in the order they were found; a long list is cut."""
        ordered = sorted(self._found, key=lambda mistake: mistake.line or 0)
        if len(ordered) <= MOST_SHOWN:
            return ordered
        rest = len(ordered) - MOST_SHOWN
        return [*ordered[:MOST_SHOWN], Mistake(self.file, None, "", f"and {rest} mistakes more")]

    def raise_if_any(self) -> None:
        """Raises WrongInput with all of them."""
        if self._found:
            raise WrongInput(self.sorted())


def one_mistake(
    path: Path | str, message: str, remedy: str = "", line: int | None = None
) -> WrongInput:
    """The error of a file that is wrong as a whole, in one line."""
    return WrongInput([Mistake(str(path), line, "", message, remedy)])


_LONGEST_NAME = 100


def nearest(wanted: str, names: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The name that is most like what was written, letter case aside; None when none is.

    >>> nearest("Europe/Pari", ["Europe/Paris", "Europe/Prague"])
    'Europe/Paris'
    """
    if len(wanted) > _LONGEST_NAME:
        return None
    by_folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(wanted.casefold(), sorted(by_folded), n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def shown(text: str, most: int = 60) -> str:
    """What somebody wrote, fit for one line of a message: cleaned, shortened and in quotes.

    >>> shown("2h\\n")
    '"2h"'
    """
    clean = one_line(text)
    return f'"{clean}"' if len(clean) <= most else f'"{clean[: most - 1]}…"'


def one_line(text: str) -> str:
    """Text without line breaks, control characters and marks that turn its direction.

    >>> one_line(" Launch\\r\\n\\x1b[31m page\\u202e ")
    'Launch [31m page'
    """
    if not text.isprintable():
        text = "".join(_plain(char) for char in text)
    return " ".join(text.split())


_TURNS_DIRECTION = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def _plain(char: str) -> str:
    if char in _TURNS_DIRECTION:
        return ""
    kind = unicodedata.category(char)
    return " " if kind in ("Cc", "Cs", "Zl", "Zp") else char
