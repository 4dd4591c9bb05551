"""What is said when a config has another shape than the models of `config_shape`."""

from __future__ import annotations

import copy
import re
import typing
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from blocker.intake.config_shape import Shape
from blocker.intake.problems import Mistakes, nearest, shown
from blocker.intake.yaml_text import Place, YamlText

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
    "calendar": "write whose it is: `calendar: primary`, or its address",
    "file": "name the table: `members: {file: people.csv}`",
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
    "calendar": "a@calendar.example",
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
    add_at(place, line, message, remedy, text, mistakes)


def add_at(
    place: Place, line: int, message: str, remedy: str, text: YamlText, mistakes: Mistakes
) -> None:
    """Note a mistake at a place of the config, in the file in which it really stands."""
    elsewhere = text.elsewhere.get(place[:2])
    if elsewhere is None:
        mistakes.add(line, place_text(place, text), message, remedy)
    else:
        elsewhere.add(line, ".".join(str(part) for part in place[2:3]), message, remedy)


def _right_key(shape: type[Shape], inner: Place) -> str:
    key = str(inner[-1])
    if "client_file" in shape.model_fields and "secret" in key.casefold():
        return "no secret stands in this file: name the file with it, `client_file: FILE`"
    if "token_file" in shape.model_fields and "token" in key.casefold():
        return "no secret stands in this file: name the file with it, `token_file: FILE`"
    if any(word in key.casefold() for word in ("password", "token", "secret")):
        return "no secret stands in this file: name an environment variable, `password_env: NAME`"
    for part in inner[:-1]:
        if isinstance(part, str):
            for name, field in shape.model_fields.items():
                if (field.alias or name) == part:
                    shape = _shape_in(field.annotation) or shape
                    break
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
