"""The shortest and longest block that a task may set for itself, held against its owner's rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from blocker.domain.interval import duration_text
from blocker.domain.member import BlockRules, Member
from blocker.intake.durations import parse_duration
from blocker.intake.problems import Wrong, shown

_DAY = timedelta(days=1)
_NOBODYS = BlockRules(
    step=timedelta(minutes=1), shortest=timedelta(minutes=1), longest=timedelta(days=1)
)
_MOST_NOTED = 10


@dataclass(frozen=True, slots=True)
class OwnLengths:
    """The shortest and longest block of one task as written, None for its owner's."""

    shortest: timedelta | None
    longest: timedelta | None


def parse_block_length(text: str, locale: str | None) -> timedelta:
    """A block's length in whole minutes.  Raises Wrong, also for more than a day."""
    try:
        length = parse_duration(text, locale=locale)
    except Wrong as wrong:
        raise Wrong(wrong.message, "write how long a block may be: 30m, 1h30") from None
    if length > _DAY:
        raise Wrong(f"{shown(text)} is more than a day has", "write at most 24h")
    return length


def refuse_contradiction(own: OwnLengths, owner: Member | None) -> None:
    """Raises Wrong when no block is between the two, each counted in whole steps.

    Without an owner there are neither steps nor other lengths to hold them against.
    """
    rules = owner.rules if owner else _NOBODYS
    name = owner.name if owner else ""
    own_longest = own.longest is not None
    low = rules.shortest if own.shortest is None else rules.round_up(own.shortest)
    high = rules.longest if own.longest is None else rules.round_down(own.longest)
    if low <= high:
        return
    if own.shortest is not None:
        whose = "its longest block" if own_longest else f"the longest block of {name}"
        raise Wrong(
            f"its shortest block, {_counted(own.shortest, rules)}, is more than {whose}, "
            f"{_counted(own.longest, rules) if own.longest else duration_text(high)}",
            f"write at most {duration_text(high)}, "
            f"or {'raise longest' if own_longest else 'give it a longest too'}",
        )
    raise Wrong(
        f"its longest block, {_counted(own.longest or high, rules)}, is less than the shortest "
        f"block of {name}, {duration_text(low)}",
        f"write at least {duration_text(low)}, or give it a shortest too",
    )


def _counted(length: timedelta, rules: BlockRules) -> str:
    """A length as written; where it is off the step, with the step."""
    if length % rules.step == timedelta():
        return duration_text(length)
    return f"{duration_text(length)} in steps of {duration_text(rules.step)}"


def rounding_notes(tasks: Iterable[tuple[str, OwnLengths, BlockRules]]) -> tuple[str, ...]:
    """One sentence about all lengths that count for more or less than what is written; or none."""
    said = [text for task, own, rules in tasks for text in _rounded(task, own, rules)]
    if not said:
        return ()
    more = f"; and {len(said) - _MOST_NOTED} more" if len(said) > _MOST_NOTED else ""
    return (f"blocks are whole steps long: {'; '.join(said[:_MOST_NOTED])}{more}",)


def _rounded(task: str, own: OwnLengths, rules: BlockRules) -> Iterator[str]:
    for name, written, rounded in (
        ("shortest", own.shortest, rules.round_up),
        ("longest", own.longest, rules.round_down),
    ):
        if written is not None and (counts := rounded(written)) != written:
            yield f"{task} {name} {duration_text(written)} counts as {duration_text(counts)}"
