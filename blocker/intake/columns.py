"""Which column of somebody's table is which of ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blocker.intake.column_names import (
    ESTIMATE_WORDS,
    HOUR_WORDS,
    MAY_BE_TITLE,
    TELLING_WORDS,
    UNRELATED,
    WORDS,
)
from blocker.intake.problems import Mistakes, shown

OURS = (
    "id",
    "title",
    "owner",
    "estimate",
    "hours",
    "priority",
    "due",
    "not_before",
    "after",
    "outcome",
    "campaign",
    "sprint",
    "shortest",
    "longest",
)
REQUIRED = ("title", "owner", "estimate")
IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table are.

    `at` maps our names to positions; `hours` counts as `estimate`, and `plain_is_hours` says that
    it is one.  `notes` tell what was ignored.
    """

    at: Mapping[str, int]
    plain_is_hours: bool
    notes: tuple[str, ...]


def find_columns(
    names: Sequence[str], configured: Mapping[str, str], line: int, mistakes: Mistakes
) -> Columns:
    """Tell the columns of a header apart.

    Adds a mistake for a required column that is not there, a name that stands twice, and a name
    that nearly is one of ours while ours is not there.
    """
    known = {_folded(name): target for name, target in configured.items()}
    at: dict[str, int] = {}
    doubled: set[str] = set()
    others: list[int] = []
    for position, name in enumerate(names):
        target = known.get(_folded(name)) or _ours(name)
        if target is None:
            others.append(position)
        elif target != IGNORE and not _place(target, position, names, at, line, mistakes):
            doubled.add(target)
    near = _near_columns([names[position] for position in others], at)
    for name, target in near.items():
        mistakes.add(
            line,
            _column(name),
            f"nearly is our column {target}",
            f"add to the config: `tasks: {{columns: {{{_quoted(name)}: {target}}}}}`"
            f" (or `{IGNORE}` instead of `{target}`)",
        )
    _say_missing(names, at, near, line, mistakes)
    left = [names[position] for position in others if names[position].strip()]
    ignored = ", ".join(shown(name) for name in left if name not in near)
    notes = (f"columns ignored: {ignored}",) if ignored else ()
    for target in doubled - set(REQUIRED):
        at.pop(target, None)  # what its cells say is not known, so nothing is wrong with them
    plain_is_hours = "hours" in at
    if plain_is_hours:
        at["estimate"] = at.pop("hours")
    return Columns(at, plain_is_hours, notes)


def recognised(names: Sequence[str], configured: Mapping[str, str]) -> int:
    """How many names of a header mean something here; tells the right separator of a CSV."""
    known = {_folded(name) for name in configured}
    return sum(
        _folded(name) in known or _ours(name) is not None or bare(name) in WORDS for name in names
    )


def _place(
    target: str,
    position: int,
    names: Sequence[str],
    at: dict[str, int],
    line: int,
    mistakes: Mistakes,
) -> bool:
    """Note where a column is; False after adding the mistake that it is there already."""
    same = {"hours": "estimate", "estimate": "hours"}.get(target, target)
    before = at.get(target, at.get(same))
    if before is None:
        at[target] = position
        return True
    name = names[position]
    ignoring = f"`tasks: {{columns: {{{_quoted(name)}: {IGNORE}}}}}`"
    if _folded(names[before]) == _folded(name):
        remedy = f"keep one of the two, or add to the config: {ignoring} to use neither"
        mistakes.add(line, _column(name), "stands twice", remedy)
        return False
    which = f"{shown(names[before])} and {shown(name)}"
    what = target if target == same else "estimates"
    remedy = f"keep one, or add to the config: {ignoring}"
    mistakes.add(line, _column(name), f"{which} are both {what}", remedy)
    return False


def _near_columns(names: Sequence[str], at: Mapping[str, int]) -> dict[str, str]:
    """Names that nearly are columns of ours which are not there, one name for each at most."""
    have = set(at) | ({"hours", "estimate"} if {"hours", "estimate"} & set(at) else set())
    near: dict[str, str] = {}
    for closeness in (_synonym, _holds_word, _misspelt):
        for name in names:
            target = closeness(bare(name))
            if target and target not in have and name not in near:
                near[name] = target
                have |= {"hours", "estimate"} if target in ("hours", "estimate") else {target}
    return near


def _synonym(folded: str) -> str | None:
    return WORDS.get(folded)


def _holds_word(folded: str) -> str | None:
    """`Final deadline`, `Assignee (main)`, `Hours est. total`: one word gives it away."""
    words = set(folded.split())
    without_unit = " ".join(word for word in folded.split() if word not in HOUR_WORDS)
    if words & HOUR_WORDS and (
        words & ESTIMATE_WORDS or WORDS.get(without_unit, without_unit) == "estimate"
    ):
        return "hours"
    return next((target for word, target in TELLING_WORDS.items() if word in words), None)


def _misspelt(folded: str) -> str | None:
    if folded in UNRELATED:
        return None
    joined = folded.replace(" ", "_")
    for ours in OURS:
        if joined == ours or (len(ours) >= 5 and _one_slip_apart(joined, ours)):
            return ours
    return None


def _one_slip_apart(left: str, right: str) -> bool:
    """One letter added, left out or changed, or two neighbours swapped."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rests = left[start:], right[start:]
    if rests[0][1:] == rests[1][1:] or rests[0][1:] == rests[1] or rests[0] == rests[1][1:]:
        return True
    return rests[0][:2] == rests[1][:2][::-1] and rests[0][2:] == rests[1][2:]


def _say_missing(
    names: Sequence[str],
    at: Mapping[str, int],
    near: Mapping[str, str],
    line: int,
    mistakes: Mistakes,
) -> None:
    have = set(at) | set(near.values())
    for target in REQUIRED:
        if target in have or (target == "estimate" and "hours" in have):
            continue
        remedy = "add it to the header row"
        maybe = next((name for name in names if bare(name) in MAY_BE_TITLE), None)
        if target == "title" and maybe is not None:
            adding = f"`tasks: {{columns: {{{_quoted(maybe)}: title}}}}`"
            remedy = f"if {shown(maybe)} is it, add to the config: {adding}"
        if target == "estimate":
            remedy = "add it to the header row, or a column `hours`"
        mistakes.add(line, "", f"there is no column {target}", remedy)


def _column(name: str) -> str:
    return f"column {shown(name)[1:-1]}"


def _ours(name: str) -> str | None:
    folded = _folded(name)
    return folded if folded in OURS else None


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()


def bare(name: str) -> str:
    """Small letters without accents, everything else a single space."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", plain).strip()


def _quoted(name: str) -> str:
    """A name as a YAML key in braces."""
    clean = re.sub(r"\s+", " ", name).strip()
    if re.fullmatch(r"[^\W\d_][\w .()/-]*", clean):
        return clean
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'
