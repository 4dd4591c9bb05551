"""What became of one task: what was recorded, which blocks changed, what finds no room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from blocker.domain.hours import span_text
from blocker.domain.interval import duration_text
from blocker.domain.plan import Booking, Change, ChangeKind, MemberBooking
from blocker.domain.sprint import SprintState
from blocker.domain.team import Team
from blocker.reports import wording
from blocker.reports.about_amendments import amendment_json
from blocker.reports.about_lack import lack_sentence, remedies_hint
from blocker.reports.as_json import booking_json
from blocker.reports.terminal import plain

_SIGNS = {
    ChangeKind.CREATE: ("+", ""),
    ChangeKind.MOVE: ("~", " (moved)"),
    ChangeKind.UPDATE: ("*", " (reworded)"),
    ChangeKind.REMOVE: ("-", " (removed)"),
}


def change_lines(booking: Booking) -> Iterator[str]:
    """The sprint, what was decided, then each member's blocks that change."""
    yield wording.sprint_line(booking.sprint, booking.state)
    for note in booking.notes:
        yield plain(note)
    for member in booking.members:
        yield from _of_member(booking, member)
    yield _last(booking)


def _of_member(booking: Booking, member: MemberBooking) -> Iterator[str]:
    changes = [one for one in member.changes if one.kind is not ChangeKind.KEEP]
    if changes or member.unbooked:
        yield f"{plain(member.member.name)}, {member.member.zone.key}"
    for change in changes:
        yield f"  {_line(change)}"
    for lack in member.unbooked:
        yield f"  x at risk: {plain(lack_sentence(lack, member.member, booking.tasks))}"
        for number, remedy in enumerate(lack.remedies, 1):
            yield f"    {number} {plain(remedy.detail)}"
        if hint := remedies_hint(lack):
            yield f"      {hint}"
    for warning in member.warnings:
        yield f"  ! {plain(warning)}"


def _line(change: Change) -> str:
    sign, word = _SIGNS[change.kind]
    when = span_text(change.block.interval, change.block.zone)
    return f"{sign} {when}  {plain(change.block.title)}{word}"


def _last(booking: Booking) -> str:
    changed = booking.count(*_SIGNS)
    details = wording.counted(changed, "block") if changed else "no block"
    lacking = [one for member in booking.members for one in member.unbooked]
    if booking.is_cut_short:
        return "Interrupted: nothing was changed."
    if booking.dry_run:
        said = f"Rehearsal: nothing was changed. {details.capitalize()} would change."
    else:
        recorded = " Recorded." if booking.amendments else ""
        verb = "changed in the calendars." if changed else "had to change."
        said = f"{details.capitalize()} {verb}{recorded}"
    if booking.is_disturbed:
        said += " Something changed while it was written: see the warnings, and book again."
    if lacking:
        hours = duration_text(sum((one.missing for one in lacking), timedelta()))
        said += f" {hours} find no room."
    return said


def change_json(name: str, booking: Booking, team: Team) -> dict[str, Any]:
    """A booking with what was recorded, as `blocker.NAME/1`; `at_risk` are ids."""
    is_accepted = booking.state is SprintState.ACCEPTED
    lacking = [one.task for member in booking.members for one in member.unbooked]
    return {
        **booking_json(booking),
        "schema": f"blocker.{name}/1",
        "amendments": [amendment_json(one, team, team.zone) for one in booking.amendments],
        "at_risk": lacking if is_accepted else [],
        "notes": list(booking.notes),
    }
