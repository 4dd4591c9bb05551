"""The shape of a config, one model for each mapping in it, and what is said when it is another.

The models take plain texts (see `yaml_text`) and give typed values.  Every field is checked by
itself; what two fields say against each other is the business of `config_team`.
"""

from __future__ import annotations

import copy
import re
import typing
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from blocker.domain.hours import WallSpan
from blocker.domain.member import Role
from blocker.intake import config_values as values
from blocker.intake import hours_text
from blocker.intake.columns import OURS
from blocker.intake.durations import parse_duration
from blocker.intake.problems import Mistakes, Wrong, nearest, one_line, shown
from blocker.intake.yaml_text import Place, YamlText


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
            like = nearest(folded, names)
            every = " or ".join(names) if len(names) < 3 else f"one of {', '.join(names)}"
            raise Wrong(f"{shown(text)} is not known", f"write {like or every}")
        return folded

    return parse


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


class CalendarShape(Shape):
    ics: Text | None = None
    url: Text | None = None
    caldav: Text | None = None
    google: Text | None = None
    all_day: Annotated[str, _reads(_choice("busy", "free"))] = "busy"
    username: Text | None = None
    password_env: Text | None = None


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
    role: Annotated[Role, _reads(lambda text: Role(_choice("marketer", "manager")(text)))] = (
        Role.MARKETER
    )
    calendars: CalendarsShape = CalendarsShape()


class SprintsShape(Shape):
    first: Day
    length: Annotated[int, _reads(values.parse_sprint_length)] = 14
    name: Annotated[str, _reads(values.parse_sprint_name)] = "S{number}"


class TasksShape(Shape):
    columns: dict[str, Annotated[str, _reads(_column)]] = {}
    locale: Annotated[str | None, _reads(values.parse_locale)] = None


class RootShape(Shape):
    """The top of the file; its sections are checked one by one."""

    team: Any
    members: list[Any]
    sprints: Any
    store: Text = "sqlite:///.blocker/blocker.db"
    tasks: Any = {}
    calendars: Any = {}
    privacy: Annotated[str, _reads(_choice("own", "all"))] = "own"


AnyShape = TypeVar("AnyShape", bound=Shape)

_MISSING = {
    "team": "write `team:` and below it its name, timezone and hours",
    "members": "write `members:` and below it one `- id: ...` for each person",
    "sprints": "write the first day of sprint 1: `sprints: {first: 2026-01-05, length: 2 weeks}`",
    "timezone": "write an IANA name: `timezone: Europe/Paris`",
    "id": "write a short name of small letters: `id: ana`",
    "first": "write the first day of sprint 1: `first: 2026-01-05`",
    "from": "write the first day: `from: 2027-02-08`",
    "to": "write the last day: `to: 2027-03-09`",
    "hours": "write the days and their hours: `hours: {mon-thu: 09:00-15:00}`",
    "between": "write the hours it lies in: `between: 12:00-14:30`",
    "keep": "write how long it is: `keep: 45m`",
}


def validate(
    shape: type[AnyShape], value: object, at: Place, text: YamlText, mistakes: Mistakes
) -> AnyShape | None:
    """The value of a section as its model, after adding all that is wrong with it.

    What is wrong is left out of the model, so that the rest can still be compared; None when the
    rest is no such section.
    """
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    for details in found:
        _explain(shape, details, at, text, mistakes)
    for _ in range(3):  # what hangs on a wrong value may be left out after it
        value = _without(value, [details["loc"] for details in found])
        try:
            return shape.model_validate(value)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
    return None


_PLACEHOLDERS = {
    "timezone": "UTC",
    "first": "2026-01-05",
    "id": "this-member",
    "from": "1970-01-01",
    "to": "2199-12-31",
    "between": "00:00-24:00",
    "keep": "1m",
}
"""Stand in for wrong values without which the rest of a section could not be looked at."""


def _without(value: object, wrong: list[Place]) -> object:
    """A copy of a section without the keys that are wrong."""
    rest = copy.deepcopy(value)
    for place in wrong:
        keys = [n for n, part in enumerate(place) if isinstance(part, str) and part != "[key]"]
        if not keys:
            return None
        inner: Any = rest
        try:
            for part in place[: keys[-1]]:
                inner = inner[part]
        except (KeyError, IndexError, TypeError):
            continue  # went with a key around it
        key = place[keys[-1]]
        if not isinstance(inner, dict):
            continue
        is_missing = inner.pop(key, None) is None
        if key in _PLACEHOLDERS:
            inner[key] = _PLACEHOLDERS[str(key)]
        elif is_missing and len(keys) > 1:  # what it is missing from cannot be made without it
            rest = _without(rest, [place[: keys[-2] + 1]])
    return rest


def _explain(
    shape: type[Shape], details: ErrorDetails, at: Place, text: YamlText, mistakes: Mistakes
) -> None:
    inner = tuple(part for part in details["loc"] if part != "[key]")
    place = at + inner
    line, message, remedy = text.line(place), "is wrong", ""
    kind = details["type"]
    if kind == "wrong":
        message, remedy = details["ctx"]["what"], details["ctx"]["remedy"]
        if details["loc"][-1:] == ("[key]",):
            line = text.key_lines.get(place, line)
    elif kind == "missing":
        message, remedy = "is missing", _MISSING.get(str(inner[-1]), "")
    elif kind == "extra_forbidden":
        line = text.key_lines.get(place, line)
        message, remedy = "is not a key of this place", _right_key(shape, inner)
    elif kind == "list_type":
        message, remedy = "is not a list", "begin each entry on a line of its own with `- `"
    elif kind in ("model_type", "dict_type", "model_attributes_type"):
        message, remedy = "is not a mapping", "write `key: value` lines below it"
    mistakes.add(line, place_text(place, text), message, remedy)


def _right_key(shape: type[Shape], inner: Place) -> str:
    key = str(inner[-1])
    if any(word in key.casefold() for word in ("password", "token", "secret")):
        return "no secret stands in this file: name an environment variable, `password_env: NAME`"
    for part in inner[:-1]:
        if isinstance(part, str):
            field = next(f for name, f in shape.model_fields.items() if (f.alias or name) == part)
            shape = _shape_in(field.annotation) or shape
    keys = [field.alias or name for name, field in shape.model_fields.items()]
    like = nearest(key, keys)
    return f"write {like}" if like else f"the keys are {', '.join(keys)}"


def _shape_in(annotation: Any) -> type[Shape] | None:
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    return next(filter(None, map(_shape_in, typing.get_args(annotation))), None)


def place_text(place: Place, text: YamlText) -> str:
    """A place as people read it; a member is named by the id, other entries by their count from 1.

    >>> place_text(("team", "hours_between", 0, "from"), YamlText())
    'team.hours_between.1.from'
    """
    words: list[str] = []
    value = text.value
    for part in place:
        if isinstance(part, int) and isinstance(value, str):
            continue  # a list written as its only entry
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(part, int):
            named = value.get("id") if isinstance(value, dict) and words == ["members"] else None
            is_plain = isinstance(named, str) and re.fullmatch(r"[\w-]{1,40}", named)
            words.append(str(named) if is_plain else str(part + 1))
        else:
            words.append(shown(part)[1:-1])
    return ".".join(words)
