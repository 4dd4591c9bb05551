"""The column `after`: what must be finished first, and whether that can be at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from blocker.domain.task import TASK_ID, After
from blocker.intake.problems import Wrong, shown

_LONGEST_LAG = timedelta(days=366)
_FORM = "write ids separated by spaces or commas, with a lag as T-008+2d or T-008+4h"


def parse_after(text: str) -> tuple[After, ...]:
    """Task ids with their lags, in the order written.  Raises Wrong.

    >>> [str(after) for after in parse_after("T-008+2d, T-009")]
    ['T-008+2d', 'T-009']
    """
    found: dict[str, After] = {}
    for word in re.split(r"[\s,;]+", text.strip(" ,;\t\r\n")):
        after = _one(word)
        if found.setdefault(after.task, after) != after:
            raise Wrong(f"{after.task} stands twice with different lags", "keep one of the two")
    return tuple(found.values())


def _one(word: str) -> After:
    task, plus, lag = word.partition("+")
    if not TASK_ID.fullmatch(task):
        raise Wrong(f"{shown(word)} is no id of a task", _FORM)
    if not plus:
        return After(task)
    match = re.fullmatch(r"(\d{1,4})([hd])", lag.casefold())
    if not match:
        raise Wrong(f"{shown(word)}: {shown('+' + lag)} is no lag", _FORM)
    unit = timedelta(hours=1) if match[2] == "h" else timedelta(days=1)
    span = int(match[1]) * unit
    if span > _LONGEST_LAG:
        raise Wrong(f"{shown(word)} waits for more than a year", "write at most 366d")
    return After(task, span)


def find_cycles(after: Mapping[str, Iterable[str]], start: Iterable[str]) -> list[tuple[str, ...]]:
    """One cycle through each knot of tasks that wait for each other, reached from `start`.

    A cycle begins and ends with the same id.  Ids that are nobody's key have no predecessors.

    >>> find_cycles({"T-1": ["T-2"], "T-2": ["T-1"], "T-3": ["T-1"]}, ["T-3"])
    [('T-1', 'T-2', 'T-1')]
    """
    done: set[str] = set()
    cycles: list[tuple[str, ...]] = []
    for first in start:
        if first in done:
            continue
        path = [first]
        at = {first: 0}
        pending = [iter(after.get(first, ()))]
        while pending:
            following = next(pending[-1], None)
            if following is None:
                pending.pop()
                left = path.pop()
                del at[left]
                done.add(left)
            elif following in at:
                cycles.append((*path[at[following] :], following))
            elif following not in done:
                at[following] = len(path)
                path.append(following)
                pending.append(iter(after.get(following, ())))
    return cycles
