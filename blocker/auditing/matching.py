"""Which event speaks of which task: by our property, by the task's id, by its title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from blocker.domain.event import Event
from blocker.domain.finding import MatchedBy
from blocker.domain.task import Task


@dataclass(frozen=True, slots=True)
class Match:
    """The event speaks for this task."""

    task: str
    by: MatchedBy


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The event could speak for any of these tasks, so it speaks for none."""

    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unplanned:
    """The event carries our property and names a task that is none of the member's here."""

    task: str


Speech = Match | Ambiguous | Unplanned | None

_CLOSE_FROM = 5
"""Words of this many letters or more may differ by one letter."""


def speech_of(event: Event, tasks: Sequence[Task]) -> Speech:
    """What one event says, given the tasks of the member in whose calendar it stands.

    The property is believed before the id, the id before the title; other people's events say
    nothing (contract, section 7).
    """
    if not event.is_own:
        return None
    if event.mark is not None:
        known = any(task.id == event.mark.task for task in tasks)
        return Match(event.mark.task, MatchedBy.PROPERTY) if known else Unplanned(event.mark.task)
    return _by_id(event.title, tasks) or _by_title(event, tasks)


def _by_id(title: str, tasks: Iterable[Task]) -> Match | Ambiguous | None:
    found: list[tuple[int, int, str]] = []
    for task in tasks:
        if not task.id_is_made:
            found += [(start, end, task.id) for start, end in _places_of_id(title, task.id)]
    named = {
        name
        for start, end, name in found
        if not any(
            a <= start and end <= b and b - a > end - start
            for a, b, other in found
            if other != name
        )
    }
    if len(named) > 1:
        return Ambiguous(tuple(sorted(named)))
    return Match(named.pop(), MatchedBy.ID) if named else None


def _places_of_id(title: str, name: str) -> Iterable[tuple[int, int]]:
    """Where the id stands by itself; one without a letter only as `[2]` or `#2`."""
    if name.lower() not in title.lower():  # spares most of the searching
        return
    bare = re.escape(name)
    has_letter = any(character.isalpha() for character in name)
    pattern = bare if has_letter else rf"(?<=\[){bare}(?=\])|(?<=#){bare}"
    for place in re.finditer(pattern, title, re.IGNORECASE | re.ASCII):
        before = title[place.start() - 1 : place.start()]
        after = title[place.end() : place.end() + 1]
        if not (_joins(before) or _joins(after)):
            yield place.span()


def _joins(neighbour: str) -> bool:
    return neighbour.isalnum() or neighbour in ("-", "_")


@lru_cache(maxsize=1024)  # a member's titles are held against each of the member's events
def fold(text: str) -> tuple[str, ...]:
    """The words of a text without case, accents and punctuation.

    >>> fold("Été: Landing-Page (v2)!")
    ('ete', 'landing', 'page', 'v2')
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = (character for character in plain if not unicodedata.combining(character))
    return tuple(
        "".join(character if character.isalnum() else " " for character in letters).split()
    )


def _by_title(event: Event, tasks: Iterable[Task]) -> Match | Ambiguous | None:
    if event.others_invited:
        return None
    words = fold(event.title)
    ranked = [(rank, task.id) for task in tasks if (rank := _closeness(words, fold(task.title)))]
    if not ranked:
        return None
    best = max(rank for rank, _ in ranked)
    named = sorted(name for rank, name in ranked if rank == best)
    if len(named) > 1:
        return Ambiguous(tuple(named))
    return Match(named[0], MatchedBy.TITLE)


def _closeness(words: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    """3: the very title; 2: all its words; 1: all its words, some a letter off; 0: no."""
    if not wanted:
        return 0
    if words == wanted:
        return 3
    if len(wanted) == 1:
        return 0
    if set(wanted) <= set(words):
        return 2
    return int(all(any(_is_close(word, have) for have in words) for word in wanted))


def _is_close(wanted: str, have: str) -> bool:
    if wanted == have:
        return True
    if len(wanted) < _CLOSE_FROM or not (wanted + have).isalpha():
        return False
    return _one_letter_apart(wanted, have)


def _one_letter_apart(one: str, other: str) -> bool:
    """One letter replaced, added or left out."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    head = 0
    while head < len(short) and short[head] == long[head]:
        head += 1
    same_length = len(short) == len(long)
    return short[head + same_length :] == long[head + 1 :]
