"""Block rules: the team's and a member's, merged key by key and held against each other."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta

from blocker.domain.hours import WallSpan
from blocker.domain.member import BlockRules, Break
from blocker.intake.config_shape import BlocksShape
from blocker.intake.hours_text import union
from blocker.intake.problems import Wrong

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RuleMistake:
    """A rule that contradicts another: the key to blame, and whether the member wrote it."""

    key: str
    is_members: bool
    message: str
    remedy: str


def merge_rules(
    team: BlocksShape, member: BlocksShape | None = None
) -> tuple[BlockRules | None, list[RuleMistake]]:
    """The rules that hold for a member (or for the team, without one).

    `shortest` is rounded up and `longest` down to whole steps, which changes no block that could
    stand.  The rules are None when something is wrong with them.
    """
    merged = team if member is None else _over(team, member)
    written = member.model_fields_set if member else frozenset()
    wrong = [
        RuleMistake(key, key in written, message, remedy)
        for key, message, remedy in _contradictions(merged, written or team.model_fields_set)
    ]
    try:
        prefer = union(merged.prefer)
    except Wrong as error:
        wrong.append(RuleMistake("prefer", "prefer" in written, error.message, error.remedy))
    if wrong:
        return None, wrong
    return _rules(merged, prefer), []


def _over(team: BlocksShape, member: BlocksShape) -> BlocksShape:
    own = {key: getattr(member, key) for key in member.model_fields_set}
    return team.model_copy(update=own)


def _rules(shape: BlocksShape, prefer: tuple[WallSpan, ...]) -> BlockRules:
    return BlockRules(
        step=shape.step,
        shortest=_up(shape.shortest, shape.step),
        longest=_down(shape.longest, shape.step),
        gap=shape.gap,
        rest=shape.rest,
        per_day=shape.per_day,
        prefer=prefer,
        breaks=tuple(Break(one.between, one.keep) for one in shape.breaks),
        margin=shape.margin,
        reserve=shape.reserve,
        title=shape.title,
    )


def _contradictions(shape: BlocksShape, written: Set[str]) -> list[tuple[str, str, str]]:
    """Key, message and remedy of each thing that cannot be."""
    found: list[tuple[str, str, str]] = []
    if _DAY % shape.step:
        found.append(
            (
                "step",
                f"{_text(shape.step)} does not divide a day",
                "write 5m, 10m, 15m, 20m, 30m or 1h",
            )
        )
    else:
        found += _lengths(shape, written)
    for key in ("gap", "rest"):
        if getattr(shape, key) >= _DAY:
            found.append(
                (key, f"{_text(getattr(shape, key))} is a day or longer", "write less than 24h")
            )
    if shape.per_day is not None:
        if shape.per_day > _DAY:
            found.append(
                ("per_day", f"{_text(shape.per_day)} is more than a day has", "write at most 24h")
            )
        elif shape.per_day < shape.shortest:
            found.append(
                (
                    "per_day",
                    f"{_text(shape.per_day)} is less than the shortest block,"
                    f" {_text(shape.shortest)}",
                    "allow more a day, or shorter blocks",
                ),
            )
    for one in shape.breaks:
        if one.keep > timedelta(minutes=one.between.end - one.between.start):
            found.append(
                (
                    "breaks",
                    f"{_text(one.keep)} do not fit between {one.between}",
                    "keep less, or widen `between`",
                )
            )
    return found


def _lengths(shape: BlocksShape, written: Set[str]) -> list[tuple[str, str, str]]:
    shortest, longest = _up(shape.shortest, shape.step), _down(shape.longest, shape.step)
    if shape.longest > _DAY:
        return [("longest", f"{_text(shape.longest)} is more than a day has", "write at most 24h")]
    if not longest:
        key = "longest" if "longest" in written or "step" not in written else "step"
        return [
            (
                key,
                f"the longest block, {_text(shape.longest)}, is shorter than a step,"
                f" {_text(shape.step)}",
                "make it at least one step",
            )
        ]
    if shortest <= longest:
        return []
    if "shortest" in written or "longest" not in written:
        return [
            (
                "shortest",
                f"{_text(shape.shortest)} is more than the longest block, {_text(shape.longest)}",
                f"write at most {_text(longest)}, or raise longest",
            )
        ]
    return [
        (
            "longest",
            f"{_text(shape.longest)} is less than the shortest block, {_text(shape.shortest)}",
            f"write at least {_text(shortest)}, or lower shortest",
        )
    ]


def _up(span: timedelta, step: timedelta) -> timedelta:
    return -(-span // step) * step


def _down(span: timedelta, step: timedelta) -> timedelta:
    return span // step * step


def _text(span: timedelta) -> str:
    """As a config spells it: 90 minutes are '1h30m'."""
    hours, minutes = divmod(span // timedelta(minutes=1), 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes or not hours else "")
