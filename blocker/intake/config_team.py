"""From the checked shapes of a config to the team: defaults filled in, members compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.hours import WorkingHours
from blocker.domain.member import BlockRules, CalendarRef, Member
from blocker.domain.sprint import SprintCalendar
from blocker.domain.team import Team
from blocker.intake.config_calendars import Places, google_options, make_calendar, same_calendar
from blocker.intake.config_mistakes import add_at, place_text
from blocker.intake.config_rules import RuleMistake, merge_rules
from blocker.intake.config_shape import (
    BlocksShape,
    CalendarShape,
    CalendarsShape,
    GoogleShape,
    Hours,
    HoursBetweenShape,
    MemberShape,
    SprintsShape,
    TeamShape,
)
from blocker.intake.config_time import away_of, between_of, time_off_of, week_of
from blocker.intake.config_values import make_id, public_holidays
from blocker.intake.problems import Mistakes, Wrong
from blocker.intake.yaml_text import Place, YamlText

YEARS_AHEAD = 40
"""Holidays are known from the year before sprint 1 for so many years."""


@dataclass(slots=True)
class Sections:
    """The sections of a config that could be read, None where one is wrong."""

    team: TeamShape | None
    sprints: SprintsShape | None
    calendars: CalendarsShape | None
    google: GoogleShape
    members: list[MemberShape | None]
    titles_are_open: bool


class TeamBuilder:
    """Makes the team of a config's sections and notes every contradiction between them.

    `google` is what the config says for all of Google, once the team is made.
    """

    def __init__(self, text: YamlText, places: Places, mistakes: Mistakes) -> None:
        self._text = text
        self._places = places
        self._mistakes = mistakes
        self.google: dict[str, str] = {}
        self.warnings: list[str] = []

    def team(self, sections: Sections) -> Team | None:
        """The team, or None after adding mistakes."""
        self._refuse_doubles()
        self.google = self._google_options(sections.google)
        team, sprints = sections.team, sections.sprints
        team_id = self._team_id(team) if team else None
        blocks = team.blocks if team else BlocksShape()
        _, wrong = merge_rules(blocks)
        self._add_rule_mistakes(wrong, None)
        if team:
            self._check_hours(team.hours, team.hours_between, ("team",))
        members = [
            self._member(member, index, sections, is_rule_wrong=bool(wrong))
            for index, member in enumerate(sections.members)
            if member
        ]
        self._refuse_shared(members, sections.members)
        if self._mistakes or team is None or sprints is None or team_id is None:
            return None
        return Team(
            id=team_id,
            name=team.name or team_id,
            zone=team.timezone,
            sprints=SprintCalendar(sprints.first, sprints.length, sprints.name, team.timezone),
            members=tuple(member for member in members if member),
            titles_are_open=sections.titles_are_open,
        )

    def _google_options(self, shape: GoogleShape) -> dict[str, str]:
        try:
            return google_options(shape, self._places)
        except Wrong as wrong:
            self._add(("google",), wrong.message, wrong.remedy)
            return {}

    def _team_id(self, team: TeamShape) -> str | None:
        made = team.id or make_id(team.name or "")
        if not made:
            remedy = "write `id: northwind` below team"
            message = "has no name" if team.name is None else "has a name that gives no id"
            self._add(("team",), message, remedy)
        return made or None

    def _member(
        self, member: MemberShape, index: int, sections: Sections, *, is_rule_wrong: bool
    ) -> Member | None:
        """The member; None when the team's section is too wrong to tell."""
        at: Place = ("members", index)
        team = sections.team
        rules, wrong = merge_rules(team.blocks if team else BlocksShape(), member.blocks)
        if member.blocks.model_fields_set or not is_rule_wrong:
            own = [one for one in wrong if one.is_members or not is_rule_wrong]
            self._add_rule_mistakes(own, index)
        self._check_hours(member.hours, member.hours_between or [], at)
        if member.joins and member.leaves and member.leaves < member.joins:
            message = f"leaves on {member.leaves}, before they join"
            self._add((*at, "until"), message, "swap from and until")
        busy, blocks = self._calendars(member, index, sections.calendars)
        if team is None:
            return None
        hours = member.hours if member.hours is not None else team.hours
        if hours is None:
            self._add(at, "has no working hours", "write `hours:` here or below team")
        if self._mistakes or rules is None or hours is None:
            return _stub(member, blocks)
        code = team.holidays if member.holidays is None else member.holidays
        names = self._holidays(code, sections.sprints)
        between = team.hours_between if member.hours_between is None else member.hours_between
        if member.hours is not None and member.hours_between is None and between:
            self._warn(
                at, "has hours of their own, and the team's hours_between still hold for them"
            )
        zone = member.timezone or team.timezone
        return Member(
            id=member.id,
            name=member.name or member.id,
            email=member.email,
            role=member.role,
            hours=WorkingHours(
                zone, week_of(hours), (*between_of(between), *away_of(member)), frozenset(names)
            ),
            rules=rules,
            time_off=time_off_of(member.time_off, zone),
            busy=busy,
            blocks=blocks,
            holiday_names=names,
            joins=member.joins,
            leaves=member.leaves,
        )

    def _check_hours(
        self, hours: Hours | None, between: list[HoursBetweenShape], at: Place
    ) -> None:
        for place, week in [
            ((*at, "hours"), hours),
            *(((*at, "hours_between", n, "hours"), one.hours) for n, one in enumerate(between)),
        ]:
            try:
                made = week_of(week or {})
                is_all = "hours_between" not in place and self._is_whole(place, week)
                if is_all and not any(made):
                    raise Wrong("leave no working hour at all", "write `mon-fri: 09:00-17:00`")
            except Wrong as wrong:
                self._add(place, wrong.message, wrong.remedy)
        for n, one in enumerate(between):
            here = (*at, "hours_between", n)
            if one.last < one.first:
                self._add(here, f"ends on {one.last}, before it begins", "swap from and to")
            if any(one.first <= other.last and other.first <= one.last for other in between[:n]):
                self._warn(here, "overlaps an earlier entry; where both hold this one counts")

    def _is_whole(self, place: Place, week: Hours | None) -> bool:
        """Nothing of these hours was left out for being wrong."""
        if week is None:
            return False
        written: Any = self._text.value
        for part in place:
            written = written[part]
        return isinstance(written, dict) and len(written) == len(week)

    def _calendars(
        self, member: MemberShape, index: int, defaults: CalendarsShape | None
    ) -> tuple[tuple[CalendarRef, ...], CalendarRef | None]:
        """Those that are only read, and the one for blocks; each calendar once."""
        own, default = member.calendars, defaults or CalendarsShape()
        at: Place = ("members", index, "calendars") if own.busy is not None else ("calendars",)
        shapes = own.busy if own.busy is not None else default.busy or []
        busy: list[CalendarRef] = []
        for n, shape in enumerate(shapes):
            ref = self._calendar(shape, member, (*at, "busy", n), is_written=False)
            if ref and same_calendar(ref) not in map(same_calendar, busy):
                busy.append(ref)
        at = ("members", index, "calendars") if own.blocks else ("calendars",)
        target = own.blocks or default.blocks
        if target is None:
            return tuple(busy), None
        blocks = self._calendar(target, member, (*at, "blocks"), is_written=True)
        if blocks is None:
            return tuple(busy), None
        same = [ref for ref in busy if same_calendar(ref) == same_calendar(blocks)]
        if same:  # read once, by the rule that `busy` gives
            blocks = replace(blocks, all_day_is_free=same[0].all_day_is_free)
        return tuple(ref for ref in busy if ref not in same), blocks

    def _calendar(
        self,
        shape: CalendarShape,
        member: MemberShape,
        at: Place,
        *,
        is_written: bool,
    ) -> CalendarRef | None:
        try:
            ref = make_calendar(shape, member, self._places, self.google, is_written=is_written)
        except Wrong as wrong:
            self._add(at, wrong.message, wrong.remedy)
            return None
        for name in (shape.password_env, shape.token_env):
            if name and name not in self._places.environment:
                self._warn(at, f"the environment variable {name} is not set")
        return ref

    def _refuse_doubles(self) -> None:
        """Ids and emails that stand twice, looked for in the text: the rest may be wrong."""
        members = self._text.value.get("members") if isinstance(self._text.value, dict) else None
        for key in ("id", "email"):
            first: dict[str, int] = {}
            for index, member in enumerate(members if isinstance(members, list) else []):
                value = member.get(key) if isinstance(member, dict) else None
                if not isinstance(value, str):
                    continue
                place = ("members", index, key)
                before = first.setdefault(value.casefold(), self._text.line(place))
                if before != self._text.line(place) or first[value.casefold()] != before:
                    self._add(
                        place,
                        f"{value} is taken (line {before})",
                        f"give each member an {key} of their own",
                    )

    def _refuse_shared(
        self, members: list[Member | None], shapes: list[MemberShape | None]
    ) -> None:
        """Two members' blocks in one calendar could not be told apart by a person."""
        indexes = [index for index, shape in enumerate(shapes) if shape]
        writers: dict[tuple[str, str], str] = {}
        for index, member in zip(indexes, members, strict=True):
            if member is None or member.blocks is None:
                continue
            other = writers.setdefault(same_calendar(member.blocks), member.id)
            if other != member.id:
                self._add(
                    ("members", index, "calendars", "blocks"),
                    f"{member.blocks.label} is the blocks calendar of {other} too",
                    "give each member one of their own, such as .blocker/calendars/{id}.ics",
                )

    def _holidays(self, code: str, sprints: SprintsShape | None) -> Mapping[date, str]:
        if not code or sprints is None:
            return {}
        year = sprints.first.year - 1
        return public_holidays(code, year, min(year + YEARS_AHEAD, 2200))

    def _add_rule_mistakes(self, wrong: list[RuleMistake], index: int | None) -> None:
        for one in wrong:
            at: Place = ("team", "blocks", one.key)
            if index is not None and one.is_members:
                at = ("members", index, "blocks", one.key)
            self._add(at, one.message, one.remedy)

    def _add(self, at: Place, message: str, remedy: str) -> None:
        add_at(at, self._text.line(at), message, remedy, self._text, self._mistakes)

    def _warn(self, at: Place, message: str) -> None:
        elsewhere = self._text.elsewhere.get(at[:2])
        file = elsewhere.file if elsewhere else self._mistakes.file
        where = f"{file}:{self._text.line(at)}: {place_text(at, self._text)}"
        self.warnings.append(f"{where}: {message}")


def _stub(member: MemberShape, blocks: CalendarRef | None) -> Member:
    """Enough of a member to look for shared calendars; it never leaves this module."""
    hours = WorkingHours(ZoneInfo("UTC"), ((),) * 7)
    return Member(member.id, member.id, None, member.role, hours, BlockRules(), blocks=blocks)
