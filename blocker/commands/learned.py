"""What `book` says of estimates: how such work went before, and what that would mean now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from blocker.commands.planning import horizon_of
from blocker.commands.scene import Scene
from blocker.domain.commitment import Amendment, Completion
from blocker.domain.interval import duration_text
from blocker.domain.learning import Overrun, Pace, by_member, grown_in, overrun_of
from blocker.domain.plan import MemberBooking
from blocker.domain.sprint import SprintState
from blocker.domain.task import Task

_QUARTER = timedelta(minutes=15)
"""What is foreseen is no more exact than this."""


def with_experience(
    scene: Scene,
    members: Iterable[MemberBooking],
    finished: Sequence[Completion],
    amendments: Sequence[Amendment],
) -> tuple[MemberBooking, ...]:
    """Each member's booking, warned where such estimates have run far over.

    Nothing is said of a sprint that is over or closed, nor where only some tasks are booked.
    """
    is_settled = scene.state is SprintState.CLOSED or horizon_of(scene) is None
    if is_settled or scene.about is not None or not finished:
        return tuple(members)
    grown = grown_in(amendments, scene.sprint.number)
    experience = by_member(finished)
    owed: dict[str, list[Task]] = {}
    for promise in scene.promises.values():
        if promise.task.is_owed:
            owed.setdefault(promise.task.owner, []).append(promise.task)
    warned = []
    for one in members:
        own, past = owed.get(one.member.id, ()), experience.get(one.member.id, ())
        said = _warning(scene, one, overrun_of(own, past, grown))
        warned.append(replace(one, warnings=(*one.warnings, said)) if said else one)
    return tuple(warned)


def _warning(scene: Scene, one: MemberBooking, overrun: Overrun | None) -> str | None:
    """'Ana's estimates for Aurora have run 1.6x over (5 tasks); for S27 that would mean …'."""
    if overrun is None or overrun.more < _QUARTER:
        return None
    more = round(overrun.more / _QUARTER) * _QUARTER
    name = scene.team.short_name(one.member.id)
    paces = " and ".join(_words(pace, first=k == 0) for k, pace in enumerate(overrun.paces))
    room = timedelta(minutes=sum(week.minutes.room for week in one.weeks))
    is_full = one.weeks and more > room
    lacking = f", and {duration_text(more - room)} of that have no room" if is_full else ""
    return (
        f"{name}'s estimates {paces}; for {scene.sprint.name} that would mean "
        f"{duration_text(more)} more than the {duration_text(overrun.estimated)} estimated{lacking}"
    )


def _words(pace: Pace, *, first: bool) -> str:
    about = f"for {pace.campaign} " if pace.campaign else "" if first else "elsewhere "
    return f"{about}have run {pace.ratio:.1f}x over ({pace.tasks} tasks)"
