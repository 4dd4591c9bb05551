"""An audit as one page that stands alone: no script, nothing loaded, readable anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from blocker.domain.finding import AuditReport, Finding, MemberAudit, OutcomeAudit, Severity
from blocker.domain.hours import moment_text
from blocker.domain.interval import duration_text
from blocker.domain.member import Member
from blocker.domain.team import Team
from blocker.reports import about_audit, wording
from blocker.reports.team_days import weeks_of
from blocker.reports.terminal import plain


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number that a reader takes in at once; `share` from 0 to 100 draws its bar."""

    name: str
    value: str
    detail: str
    share: int


@dataclass(frozen=True, slots=True)
class _Person:
    """One member's line, and what was found; `open_ones` are errors, `quiet` is only counted."""

    member: Member
    ok: bool
    word: str
    tasks: int
    needed: str
    on_calendar: str
    promised: str
    kept: str
    share: int
    open_ones: tuple[Finding, ...]
    others: tuple[Finding, ...]
    quiet: tuple[str, ...]
    advice: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    name: str
    needed: str
    on_calendar: str
    stood: str
    lack: str
    share: int
    is_owed: bool


def audit_html(report: AuditReport, team: Team, notes: Sequence[str] = ()) -> bytes:
    """The page, in UTF-8.  Times of a member are in the member's zone, others in the team's."""
    style = _file("audit.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    headline, detail = wording.verdict_parts(report, team)
    page = _environment().from_string(_file("audit.html"))
    text = page.render(
        style=Markup(style),
        style_source=f"sha256-{digest}",
        sprint=wording.sprint_line(report.sprint, report.sprint_state),
        team=team,
        report=report,
        headline=headline,
        detail=detail,
        accepted=next(iter(about_audit.promise_lines(report, team)), ""),
        figures=_figures(report),
        people=[_person(one, report, team) for one in report.members],
        weeks=list(weeks_of(report, team)),
        whose=wording.of_whom(report, team, "for"),
        outcomes=[_outcome(one) for one in report.outcomes],
        notes=notes,
        read=f"{moment_text(report.now, team.zone)} ({team.zone.key})",
    )
    return text.encode()


def _file(name: str) -> str:
    return files("blocker.reports").joinpath(name).read_text("utf-8")


def _environment() -> Environment:
    """Every value is escaped, and loses what a browser would obey: controls, turned letters."""

    def cleaned(value: Any) -> Any:
        return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _figures(report: AuditReport) -> list[_Figure]:
    owed = [task for one in report.members for task in one.tasks if task.is_owed]
    good = sum(task.ok for task in owed)
    held = sum(one.ok for one in report.members)
    committed = sum((one.committed for one in report.members), timedelta())
    standing = sum((one.on_calendar for one in report.members), timedelta())
    figures = []
    if report.accepted is not None:
        figures.append(_hours("still standing", *about_audit.promise_of(report), "promised"))
    figures.append(_hours("on the calendars", standing, committed, "needed"))
    figures.append(_part("tasks in order", good, len(owed)))
    figures.append(_part("people whose part holds", held, len(report.members)))
    return figures


def _hours(name: str, some: timedelta, whole: timedelta, word: str) -> _Figure:
    detail = f"{duration_text(some)} of {duration_text(whole)} {word}"
    return _Figure(name, about_audit.share_text(some, whole), detail, _share(some, whole))


def _part(name: str, some: int, whole: int) -> _Figure:
    rest = whole - some
    detail = f"{rest} to mend" if rest else "all of them" if whole else "none"
    share = _share(timedelta(some), timedelta(whole))
    return _Figure(name, f"{some} of {whole}", detail, share)


def _share(some: timedelta, whole: timedelta) -> int:
    return min(100, some * 100 // whole) if whole else 0


def _person(audit: MemberAudit, report: AuditReport, team: Team) -> _Person:
    member = team.member(audit.member)
    loud = [one for one in wording.by_severity(audit.findings) if one.code not in wording.QUIET]
    quiet = Counter(one.code for one in audit.findings if one.code in wording.QUIET)
    return _Person(
        member,
        audit.ok,
        wording.standing_word(audit),
        sum(task.is_owed for task in audit.tasks),
        duration_text(audit.committed),
        duration_text(audit.on_calendar),
        duration_text(audit.promised),
        about_audit.kept_text(audit),
        _share(*_drawn(audit, report)),
        tuple(one for one in loud if one.severity is Severity.ERROR),
        tuple(one for one in loud if one.severity is not Severity.ERROR),
        tuple(f"{number} {wording.QUIET[code]}" for code, number in quiet.items()),
        () if audit.ok else tuple(wording.advice(member, audit, report.sprint)),
        "" if audit.ok else wording.message_to(member, audit, report.sprint),
    )


def _drawn(audit: MemberAudit, report: AuditReport) -> tuple[timedelta, timedelta]:
    """What a member's bar shows: the promise once there is one."""
    if report.accepted is None:
        return audit.on_calendar, audit.committed
    return audit.kept, audit.promised


def _outcome(one: OutcomeAudit) -> _Outcome:
    return _Outcome(
        about_audit.outcome_name(one),
        duration_text(one.committed),
        duration_text(one.on_calendar),
        duration_text(one.stood),
        about_audit.outcome_lack(one),
        _share(one.on_calendar, one.committed),
        bool(one.committed),
    )
