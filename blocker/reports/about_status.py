"""Where the sprint stands: three lines for a marketer, a table for a manager, or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.interval import duration_text
from blocker.domain.sprint import SprintState
from blocker.domain.status import MemberStatus, SprintAtAGlance, Status, Work
from blocker.domain.team import Team
from blocker.reports import status_for_manager as for_manager
from blocker.reports import status_words as words
from blocker.reports import wording
from blocker.reports.about_amendments import amendment_json
from blocker.reports.about_audit import share_text
from blocker.reports.about_news import news_json, news_text
from blocker.reports.as_json import finding_json, instant, minutes, sprint_json
from blocker.reports.terminal import hanging, plain

STATUS_SCHEMA = "blocker.status/1"

_WIDE = 100
"""From so many columns on there is room for titles of tasks in the table."""


def show_status(status: Status, team: Team, out: Console) -> None:
    """The sprint's line, then what its reader needs, told to one member or to a manager."""
    report = status.report
    out.print(Text(wording.sprint_line(report.sprint, report.sprint_state), "bold"))
    if report.sprint_state is SprintState.CLOSED:
        for line in for_manager.closed_lines(status, team):
            out.print(Text(plain(line)))
    elif status.is_of_one:
        _show_one(status.members[0], status, team, out)
    else:
        _show_team(status, team, out)
    if not status.is_of_one:
        for line in for_manager.decisions(status, team):
            out.print(hanging("> ", Text(plain(line), "bold")))
    for note in status.notes:
        out.print(hanging("! ", Text(plain(note)), "yellow"))


def _show_one(one: MemberStatus, status: Status, team: Team, out: Console) -> None:
    member = team.member(one.member)
    now = words.now_text(one, status, member)
    if member.zone.key != team.zone.key:
        now = f"{now} ({member.zone.key})"
    lines = (
        ("now:     ", now),
        ("next:    ", words.next_text(one, status, member)),
        ("changed: ", news_text(one, status, member, team)),
    )
    for label, text in lines:
        out.print(hanging(label, Text(plain(text)), "dim"))
    if step := words.step_text(one, status, member):
        out.print(hanging("> ", Text(plain(step), "bold")))


def _show_team(status: Status, team: Team, out: Console) -> None:
    if loud := for_manager.loud_text(status, team):
        out.print(hanging("! ", Text(plain(loud), "bold red"), "bold red"))
    if any(one.tasks for one in status.members):
        out.print(_table(status, team, is_wide=out.width >= _WIDE))
    else:
        out.print(hanging("> ", Text(plain(words.no_tasks(status)), "bold")))
    for line in for_manager.needs(status, team):
        out.print(hanging("x ", Text(plain(line)), "red"))
    for line in for_manager.late_lines(status, team):
        out.print(hanging("late: ", Text(plain(line)), "dim"))


def _table(status: Status, team: Team, *, is_wide: bool) -> Table:
    is_accepted = status.report.accepted is not None
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("")
    first = "promised" if is_accepted else "needed"
    for name in (first, "standing", "stood", "done", "drifted", "errors"):
        table.add_column(name, justify="right")
    table.add_column("now", overflow="fold")
    for one in status.members:
        name = plain(team.short_name(one.member))
        table.add_row(name, *_figures([one], is_accepted), _doing(one, status, team, is_wide))
    if len(status.members) > 1:
        table.add_row("all", *_figures(status.members, is_accepted), "", style="bold")
    return table


def _figures(members: Sequence[MemberStatus], is_accepted: bool) -> list[Text]:
    """Hours, tasks, drift and errors, of one member or of all."""
    zero = timedelta()
    audits = [one.audit for one in members]
    owed = sum((one.promised if is_accepted else one.committed for one in audits), zero)
    kept = sum((one.kept if is_accepted else one.on_calendar for one in audits), zero)
    stood = sum((one.stood for one in members), zero)
    tasks, done = sum(len(one.tasks) for one in members), sum(one.done for one in members)
    drifted, errors = sum(one.drifted for one in members), sum(one.errors for one in members)
    standing = f"{duration_text(kept)} {share_text(kept, owed)}" if owed else "-"
    return [
        Text(duration_text(owed)),
        Text(standing, "" if kept >= owed else "yellow"),
        Text(duration_text(stood)),
        Text(f"{done} of {tasks}"),
        Text(str(drifted), "yellow" if drifted else ""),
        Text(str(errors), "bold red" if errors else ""),
    ]


def _doing(one: MemberStatus, status: Status, team: Team, is_wide: bool) -> Text:
    """What the member works on now, in a few words; the zone is named where it is another."""
    zone = team.member(one.member).zone
    now, present = status.report.now, one.present
    if not status.is_running:
        return Text("-")
    if present.works:
        work = present.works[0]
        title = f" “{plain(work.title)}”" if is_wide else ""
        said, end = f"{work.task}{title}", work.interval.end
    elif present.busy_until:
        said, end = "away" if present.is_away else "busy", present.busy_until
    else:
        return Text("-" if one.audit.is_seen else "not all read")
    is_elsewhere = end.astimezone(zone).utcoffset() != end.astimezone(team.zone).utcoffset()
    where = f" {zone.key.split('/')[-1].replace('_', ' ')}" if is_elsewhere else ""
    return Text(f"{said} {words.until(end, now, zone)}{where}")


def status_json(status: Status, team: Team) -> dict[str, Any]:
    """As `blocker.status/1`; instants in each member's zone, others in the team's."""
    report = status.report
    accepted = report.accepted
    return {
        "schema": STATUS_SCHEMA,
        "now": instant(report.now, team.zone),
        "sprint": sprint_json(report.sprint, report.sprint_state),
        "ok": report.ok,
        "view": "member" if status.is_of_one else "team",
        "running": status.is_running,
        "over": status.is_over,
        "accepted": accepted and {"at": instant(accepted[0], team.zone), "by": accepted[1]},
        "members": [_member_json(one, status, team) for one in status.members],
        "late": [amendment_json(one, team, team.zone) for one in status.late],
        "unclosed": [_glance_json(one) for one in status.unclosed],
        "following": status.following and _glance_json(status.following),
        "needs": for_manager.needs(status, team),
        "decisions": for_manager.decisions(status, team),
        "errors": [*report.errors, *report.orphans],
        "warnings": [*status.notes],
    }


def _member_json(one: MemberStatus, status: Status, team: Team) -> dict[str, Any]:
    member = team.member(one.member)
    zone = member.zone
    until = one.present.busy_until
    return {
        "member": one.member,
        "ok": one.audit.ok,
        "minutes": {
            "committed": minutes(one.audit.committed),
            "on_calendar": minutes(one.audit.on_calendar),
            "promised": minutes(one.audit.promised),
            "kept": minutes(one.audit.kept),
            "stood": minutes(one.stood),
        },
        "tasks": {"all": len(one.tasks), "done": one.done},
        "drifted": one.drifted,
        "errors": one.errors,
        "now": {
            "blocks": [_work_json(work, zone) for work in one.present.works],
            "busy_until": instant(until, zone) if until else None,
            "away": one.present.is_away,
        },
        "ahead": [_work_json(work, zone) for work in one.ahead],
        "changed": news_json(one.news, zone, team),
        "next": words.step_text(one, status, member) or None,
        "findings": [finding_json(finding, zone) for finding in one.audit.findings],
    }


def _work_json(work: Work, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "task": work.task,
        "title": work.title,
        "start": instant(work.interval.start, zone),
        "end": instant(work.interval.end, zone),
    }


def _glance_json(one: SprintAtAGlance) -> dict[str, Any]:
    return {
        "sprint": sprint_json(one.sprint, one.state),
        "open_tasks": one.tasks,
        "needed_minutes": minutes(one.needed),
    }
