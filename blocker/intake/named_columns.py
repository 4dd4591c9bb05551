"""Where the columns that are known by name stand in a small table."""

from __future__ import annotations

from collections.abc import Sequence

from blocker.intake.problems import Mistakes, nearest, shown
from blocker.intake.sheet import Sheet


def named_columns(
    sheet: Sheet, names: Sequence[str], mistakes: Mistakes
) -> tuple[dict[str, int], list[str]]:
    """The position of each of these columns that is there, and the names of the others.

    A column twice, and one whose name nearly is one of these, are mistakes.
    """
    at: dict[str, int] = {}
    ignored: list[str] = []
    for position, name in enumerate(sheet.names):
        folded = name.strip().casefold().replace(" ", "_")
        if folded in at:
            mistakes.add(sheet.line, folded, "stands twice", "keep one of the two")
        elif folded in names:
            at[folded] = position
        elif like := nearest(folded, names, 0.75):
            mistakes.add(sheet.line, shown(name), f"nearly is our column {like}", f"write {like}")
        elif folded:
            ignored.append(shown(name))
    return at, ignored
