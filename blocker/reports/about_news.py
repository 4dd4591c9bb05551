"""What changed for a member, as phrases and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.commitment import Amendment, Waiver
from blocker.domain.member import Member
from blocker.domain.status import MemberStatus, News, Status, Written
from blocker.domain.team import Team
from blocker.reports.about_amendments import amendment_json, what_happened
from blocker.reports.as_json import finding_json, instant, minutes
from blocker.reports.wording import counted, listed

_TOLD = 4
"""So many changes are told one by one where there are more."""


def news_text(one: MemberStatus, status: Status, member: Member, team: Team) -> str:
    """'T-1 takes 2h more (Ben); 3 blocks new (Ana)'; times in the member's zone."""
    told = list(_phrases(one.news, status, member.zone, team))
    if len(told) > _TOLD + 1:
        told = [*told[:_TOLD], f"{len(told) - _TOLD} more changes"]
    return "; ".join(told) or "nothing since yesterday"


def _phrases(news: News, status: Status, zone: ZoneInfo, team: Team) -> Iterator[str]:
    if news.accepted is not None:
        yield f"{status.report.sprint.name} was accepted{_by(news.accepted[1], team)}"
    for waiver in news.waivers:
        yield _waived(waiver)
    for finding in news.drift:
        title = status.titles.get(finding.task or "")
        yield finding.message.replace(f"{finding.task} “{title}”", f"{finding.task}", 1)
    for one in news.amendments:
        yield _amended(one, team, zone)
    for completion in news.finished:
        yield f"{completion.task} done"
    for written in news.written:
        yield _written(written, team)


def _waived(waiver: Waiver) -> str:
    about = waiver.task or "unreadable calendars"
    return f"{about} waived, because: {waiver.because}"


def _amended(one: Amendment, team: Team, zone: ZoneInfo) -> str:
    about = f"{one.task} " if one.task else ""
    why = f", because: {one.because}" if one.because else ""
    return f"{about}{what_happened(one, team, zone)}{_by(one.by, team)}{why}"


def _written(one: Written, team: Team) -> str:
    kinds = ((one.created, "new"), (one.moved, "moved"), (one.removed, "removed"))
    first, *rest = [(number, word) for number, word in kinds if number]
    blocks = f"{counted(first[0], 'block')} {first[1]}"
    return listed([blocks, *(f"{number} {word}" for number, word in rest)]) + _by(one.by, team)


def _by(member: str | None, team: Team) -> str:
    if member is None:
        return ""
    known = any(one.id == member for one in team.members)
    return f" ({team.short_name(member) if known else team.name_of(member)})"


def news_json(news: News, zone: ZoneInfo, team: Team) -> Mapping[str, Any]:
    """What changed, in parts; instants in `zone`."""
    accepted = news.accepted
    return {
        "since": instant(news.since, zone),
        "accepted": accepted and {"at": instant(accepted[0], zone), "by": accepted[1]},
        "waived": [
            {"task": one.task, "code": one.code, "because": one.because} for one in news.waivers
        ],
        "amendments": [amendment_json(one, team, zone) for one in news.amendments],
        "done": [
            {"task": one.task, "took_minutes": minutes(one.took), "at": instant(one.at, zone)}
            for one in news.finished
        ],
        "written": [
            {"by": one.by, "created": one.created, "moved": one.moved, "removed": one.removed}
            for one in news.written
        ],
        "drift": [finding_json(one, zone) for one in news.drift],
    }
