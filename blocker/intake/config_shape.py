"""The shape of a config: one model for each mapping in it.

The models take plain texts (see `yaml_text`) and give typed values.  Every field is checked by
itself; what two fields say against each other is the business of `config_team`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from blocker.domain.hours import WallSpan
from blocker.domain.member import Role
from blocker.intake import config_values as values
from blocker.intake import hours_text
from blocker.intake.columns import OURS
from blocker.intake.durations import parse_duration
from blocker.intake.problems import Wrong, nearest, one_line, shown


def _reads(parse: Callable[[str], Any]) -> PlainValidator:
    """A field whose text `parse` turns into its value."""

    def check(value: object) -> Any:
        if not isinstance(value, str):
            what = "a list" if isinstance(value, list) else "a mapping"
            raise _error(Wrong(f"is {what}, not one value", "write it on one line after the key"))
        try:
            if not value.strip():
                raise Wrong("is empty", "write a value, or leave the key out")
            if len(value) > 1000:
                raise Wrong("is longer than 1000 characters", "is a quote missing?")
            return parse(value)
        except Wrong as wrong:
            raise _error(wrong) from None

    return PlainValidator(check)


_ONE_OR_MORE = BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
"""A list may be written as its only entry."""


def _error(wrong: Wrong) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{what}", {"what": wrong.message, "remedy": wrong.remedy})


def _or_none(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text.strip().casefold() == "none" else parse(text)


def _not_zero(text: str) -> timedelta:
    return _length(text, zero_is_fine=False)


def _maybe_zero(text: str) -> timedelta:
    return _length(text, zero_is_fine=True)


def _length(text: str, *, zero_is_fine: bool) -> timedelta:
    try:
        return parse_duration(text, zero_is_fine=zero_is_fine)
    except Wrong as wrong:
        zero = ", or 0m" if zero_is_fine else ""
        raise Wrong(wrong.message, f"write it as 90m, 2h or 1h30{zero}") from None


def _choice(*names: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        folded = text.strip().casefold()
        if folded not in names:
            like = nearest(folded, names, 0.65)
            every = " or ".join(names) if len(names) < 3 else f"one of {', '.join(names)}"
            raise Wrong(f"{shown(text)} is not known", f"write {like or every}")
        return folded

    return parse


_YES = ("true", "yes")


def _column(text: str) -> str:
    return _choice(*OURS, "ignore")(text)


def _days(text: str) -> str:
    hours_text.parse_days(text)
    return text


def _name(text: str) -> str:
    if len(one_line(text)) > 100:
        raise Wrong(f"{shown(text)} is longer than 100 characters", "shorten it")
    return one_line(text)


Text = Annotated[str, _reads(str)]
Name = Annotated[str, _reads(_name)]
Id = Annotated[str, _reads(values.parse_id)]
Zone = Annotated[ZoneInfo, _reads(values.parse_zone)]
Day = Annotated[date, _reads(hours_text.parse_day)]
Length = Annotated[timedelta, _reads(_not_zero)]
LengthOrZero = Annotated[timedelta, _reads(_maybe_zero)]
Flag = Annotated[bool, _reads(lambda text: _choice("true", "false", "yes", "no")(text) in _YES)]
Holidays = Annotated[str, _reads(values.parse_holidays)]
Spans = Annotated[
    list[Annotated[tuple[WallSpan, ...], _reads(hours_text.parse_spans)]], _ONE_OR_MORE
]
TimeOff = tuple[date, date, tuple[WallSpan, ...]]
Hours = dict[Annotated[str, _reads(_days)], Spans]


class Shape(BaseModel):
    """A mapping with these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class BreakShape(Shape):
    between: Annotated[WallSpan, _reads(hours_text.parse_span)]
    keep: Length


class BlocksShape(Shape):
    step: Length = timedelta(minutes=15)
    shortest: Length = timedelta(minutes=30)
    longest: Length = timedelta(hours=2)
    gap: LengthOrZero = timedelta()
    rest: LengthOrZero = timedelta(minutes=15)
    per_day: Annotated[timedelta | None, _reads(_or_none(_not_zero))] = None
    prefer: Spans = []
    breaks: list[BreakShape] = []
    margin: LengthOrZero = timedelta()
    reserve: Annotated[Fraction, _reads(values.parse_share)] = Fraction(0)
    title: Annotated[str, _reads(values.parse_template)] = "{task} [{id}]"


class HoursBetweenShape(Shape):
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]
    hours: Hours


class GoogleShape(Shape):
    """How Google is reached and how blocks look there, for all calendars or for one."""

    service_account: Text | None = None
    client_file: Text | None = None
    token_file: Text | None = None
    endpoint: Annotated[str, _reads(values.parse_endpoint)] | None = None
    focus_time: Flag | None = None
    auto_decline: Annotated[str, _reads(_choice("none", "new", "all"))] | None = None
    decline_message: Text | None = None
    colour: Annotated[str, _reads(values.parse_colour)] | None = None
    visibility: Annotated[str, _reads(_choice("default", "public", "private"))] | None = None
    reminders: Annotated[str, _reads(_choice("none", "default"))] | None = None


class GoogleCalendarShape(GoogleShape):
    calendar: Text


class CalendarShape(Shape):
    ics: Text | None = None
    url: Text | None = None
    caldav: Text | None = None
    google: Annotated[
        GoogleCalendarShape | None,
        BeforeValidator(lambda value: {"calendar": value} if isinstance(value, str) else value),
    ] = None
    all_day: Annotated[str, _reads(_choice("busy", "free"))] = "busy"
    calendar: Text | None = None
    username: Text | None = None
    password_env: Text | None = None
    token_env: Text | None = None


class CalendarsShape(Shape):
    busy: list[CalendarShape] | None = None
    blocks: CalendarShape | None = None


class TeamShape(Shape):
    id: Id | None = None
    name: Name | None = None
    timezone: Zone
    hours: Hours | None = None
    hours_between: list[HoursBetweenShape] = []
    holidays: Holidays = ""
    blocks: BlocksShape = BlocksShape()


class MemberShape(Shape):
    id: Id
    name: Name | None = None
    email: Annotated[str, _reads(values.parse_email)] | None = None
    timezone: Zone | None = None
    hours: Hours | None = None
    hours_between: list[HoursBetweenShape] | None = None
    holidays: Holidays | None = None
    blocks: BlocksShape = BlocksShape()
    time_off: Annotated[
        list[Annotated[TimeOff, _reads(hours_text.parse_time_off)]], _ONE_OR_MORE
    ] = []
    joins: Annotated[Day | None, Field(alias="from")] = None
    leaves: Annotated[Day | None, Field(alias="until")] = None
    role: Annotated[Role, _reads(lambda text: Role(_choice("marketer", "manager")(text)))] = (
        Role.MARKETER
    )
    calendars: CalendarsShape = CalendarsShape()


class PeopleShape(Shape):
    """`members` where they stand in a table of their own."""

    file: Text


class SprintsShape(Shape):
    first: Day
    length: Annotated[int, _reads(values.parse_sprint_length)] = 14
    name: Annotated[str, _reads(values.parse_sprint_name)] = "S{number}"


class NetworkShape(Shape):
    allow: Annotated[list[Annotated[str, _reads(values.parse_host)]], _ONE_OR_MORE] = []


class TasksShape(Shape):
    columns: dict[str, Annotated[str, _reads(_column)]] = {}
    locale: Annotated[str | None, _reads(values.parse_locale)] = None


class RootShape(Shape):
    """The top of the file; its sections are checked one by one."""

    team: Any
    members: Any
    sprints: Any
    store: Text = "sqlite:///.blocker/blocker.db"
    tasks: Any = {}
    calendars: Any = {}
    google: Any = {}
    network: Any = {}
    privacy: Annotated[str, _reads(_choice("own", "all"))] = "own"
