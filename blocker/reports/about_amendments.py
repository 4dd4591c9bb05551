"""Amendments in words: what happened to a promise, who did it, when, and why."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.commitment import Amendment, AmendmentKind
from blocker.domain.hours import moment_text, span_text
from blocker.domain.interval import duration_text
from blocker.domain.team import Team
from blocker.reports.as_json import instant, minutes

_WORDS = {
    AmendmentKind.MORE: "takes {hours} more",
    AmendmentKind.LOWERED: "takes {hours} less",
    AmendmentKind.RETITLED: "renamed: {detail}",
    AmendmentKind.CHANGED: "changed: {detail}",
    AmendmentKind.SPLIT: "{detail}, {hours}",
    AmendmentKind.SWAPPED_OUT: "swapped out",
    AmendmentKind.SWAPPED_IN: "swapped in",
    AmendmentKind.REASSIGNED: "given to {member}",
    AmendmentKind.DROPPED: "dropped",
    AmendmentKind.CARRIED: "taken out of {sprint}, to {to}",
    AmendmentKind.PULLED: "pulled into {sprint}",
    AmendmentKind.MISSED: "missed {span}",
    AmendmentKind.AWAY: "{member} is away {span}",
    AmendmentKind.DONE: "done",
    AmendmentKind.REOPENED: "opened again",
    AmendmentKind.ROUTED: "came too late for {sprint}, waits in {to}",
}


def amendment_text(one: Amendment, team: Team, zone: ZoneInfo) -> str:
    """'Tue 5 Jan 09:00 Ben Carter: dropped, because it is not needed'; times in `zone`."""
    asked = f", asked for by {one.asked_by}" if one.asked_by else ""
    why = f", because: {one.because}" if one.because else ""
    who = f" {team.name_of(one.by)}" if one.by else ""
    return f"{moment_text(one.at, zone)}{who}: {what_happened(one, team, zone)}{asked}{why}"


def what_happened(one: Amendment, team: Team, zone: ZoneInfo) -> str:
    """The change alone: 'takes 2h more'."""
    return _WORDS[one.kind].format(
        hours=duration_text(abs(one.minutes)),
        detail=one.detail,
        member=team.name_of(one.member),
        sprint=sprint_name(one.sprint, team),
        to=sprint_name(one.to, team),
        span=span_text(one.span, zone) if one.span else "",
    )


def amendment_json(one: Amendment, team: Team, zone: ZoneInfo) -> dict[str, Any]:
    """One amendment; instants in `zone`."""
    return {
        "kind": one.kind.value,
        "sprint": sprint_name(one.sprint, team),
        "at": instant(one.at, zone),
        "by": one.by,
        "task": one.task,
        "member": one.member,
        "minutes": minutes(one.minutes),
        "start": instant(one.span.start, zone) if one.span else None,
        "end": instant(one.span.end, zone) if one.span else None,
        "to": None if one.to is None else sprint_name(one.to, team),
        "because": one.because,
        "asked_by": one.asked_by,
        "detail": one.detail,
    }


def sprint_name(number: int | None, team: Team) -> str:
    """A sprint's name; 'the backlog' is no sprint."""
    return team.sprints.sprint(number).name if number else "backlog"
