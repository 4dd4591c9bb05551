"""A closing plan: a table that says of each unfinished task what is left and where it goes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from blocker.domain.closing import Decision, Whither
from blocker.intake.any_sheet import read_sheet
from blocker.intake.durations import parse_duration
from blocker.intake.named_columns import named_columns
from blocker.intake.problems import Mistakes, Wrong, nearest, shown
from blocker.intake.sheet import Row

COLUMNS = ("id", "title", "owner", "estimate", "stood", "remaining", "to")
"""As `close --preview --format csv` writes them; `id`, `remaining` and `to` are read."""


def read_closing_plan(path: Path, unfinished: Collection[str]) -> dict[str, Decision]:
    """What is decided, by task.  Raises WrongInput with all mistakes at once.

    Each task of `unfinished` must be named once, and no other.
    """
    mistakes = Mistakes(str(path))
    sheet = read_sheet(path, {name: name for name in COLUMNS}, None, mistakes)
    at, _ = named_columns(sheet, COLUMNS, mistakes)
    for name in ("id", "remaining", "to"):
        if name not in at:
            mistakes.add(sheet.line, "", f"has no column {name}", "see: blocker close --preview")
    mistakes.raise_if_any()
    found: dict[str, Decision] = {}
    by_folded = {name.casefold(): name for name in unfinished}
    for row in sheet.rows:
        written = row.cell(at["id"]).strip()
        task = by_folded.get(written.casefold())
        if task is None:
            like = nearest(written, unfinished)
            remedy = f"did you mean {like}?" if like else "take the row out"
            mistakes.add(row.line, "id", f"{shown(written)} is no unfinished task of it", remedy)
        elif task in found:
            mistakes.add(row.line, "id", f"{task} stands twice", "keep one of the two")
        else:
            decision = _decision(row, at, mistakes)
            found[task] = decision or Decision(Whither.DROP)
    lacking = [name for name in unfinished if name not in found]
    if lacking:
        mistakes.add(sheet.line, "", f"says nothing of {', '.join(lacking)}", "add a row for each")
    mistakes.raise_if_any()
    return found


def _decision(row: Row, at: dict[str, int], mistakes: Mistakes) -> Decision | None:
    """None where the row is wrong, which is then said."""
    word = row.cell(at["to"]).strip().casefold()
    try:
        to = Whither({"dropped": "drop"}.get(word, word))
    except ValueError:
        said = f"{shown(word)} is no place" if word else "says not where it goes"
        mistakes.add(row.line, "to", said, "write next, backlog, done or drop")
        return None
    if to in (Whither.DONE, Whither.DROP):
        return Decision(to)
    try:
        return Decision(to, parse_duration(row.cell(at["remaining"])))
    except Wrong as wrong:
        mistakes.add_wrong(row.line, "remaining", wrong)
        return None
