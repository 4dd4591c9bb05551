"""YAML read as plain text: every scalar is the text that was written, and every value has its line.

YAML itself would read `12:00` as 720, `no` as False and `2027-01-04` as a date.  Here nothing is
resolved.  Anchors, aliases and tags are refused: nobody writes them into such files, and a few
lines of them can stand for gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from blocker.domain.errors import WrongInput
from blocker.intake.problems import Mistakes, one_mistake, shown

Place = tuple[str | int, ...]
"""The way to a value: keys and list positions, from the top."""

DEEPEST = 12
MOST_VALUES = 200_000
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class YamlText:
    """A document as dicts, lists and texts.  Keys without a value are left out.

    `lines` has the line (from 1) of every value, for a value that is a mapping or a list that of
    its key; `key_lines` that of every key.  `tables` are the mistakes of files that parts of it
    were read from, `elsewhere` says of each such part, by the first two steps to it, which.
    """

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    key_lines: dict[Place, int] = field(default_factory=dict)
    elsewhere: dict[Place, Mistakes] = field(default_factory=dict)
    tables: list[Mistakes] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it that has a line."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(text: str, mistakes: Mistakes) -> YamlText:
    """One YAML document.  Keys that stand twice go to `mistakes`; the first one counts.

    Raises WrongInput with one line when the text is no YAML, uses anchors, aliases or tags, holds
    several documents, or is deeper or longer than any such file.
    """
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _Builder(iter(yaml.parse(text, Loader=loader)), mistakes).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise _not_yaml(text, line, str(error.problem), mistakes.file) from None
    except yaml.YAMLError:
        raise one_mistake(
            mistakes.file, "holds characters that no text file has", "save it as plain UTF-8 text"
        ) from None


def _not_yaml(text: str, line: int | None, problem: str, file: str) -> WrongInput:
    rows = text.splitlines()
    row = rows[line - 1] if line and line <= len(rows) else ""
    if "\t" in row[: len(row) - len(row.lstrip())]:
        return one_mistake(file, "a tab stands before the text", "indent with spaces", line)
    if "mapping values" in problem:
        return one_mistake(
            file,
            f"a colon too many in {shown(row)}",
            'put text that holds ": " in quotes, and begin each key on a line of its own',
            line,
        )
    return one_mistake(
        file,
        f"this cannot be read as YAML: {shown(row)}" if row.strip() else "the text ends too early",
        "look here and on the line before for a missing quote, bracket or colon, or a wrong indent",
        line,
    )


class _Builder:
    """Builds the value from the parser's events."""

    def __init__(self, events: Iterator[yaml.Event], mistakes: Mistakes) -> None:
        self._events = events
        self._mistakes = mistakes
        self._result = YamlText()
        self._count = 0

    def document(self) -> YamlText:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._result.lines:
                    raise self._stop(event, "a second document begins", "keep one, without ---")
                first = next(self._events)
                if isinstance(first, yaml.DocumentEndEvent):
                    continue
                self._result.lines[()] = _line(first)
                self._result.value = self._value(first, ())
        return self._result

    def _value(self, event: yaml.Event, place: Place) -> Any:
        self._refuse_strange(event, place)
        self._result.lines.setdefault(place, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(place)
        assert isinstance(event, yaml.ScalarEvent)
        is_bare = event.implicit[0]  # written without quotes
        return None if is_bare and event.value in _NULLS else event.value

    def _mapping(self, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self._refuse_strange(event, place)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._stop(event, "a key is not plain text", "write `key: value`")
            key, here = event.value, (*place, event.value)
            twice = here in self._result.key_lines
            if twice:
                before = self._result.key_lines[here]
                self._mistakes.add(
                    _line(event),
                    ".".join(map(str, here)),
                    f"stands a second time (first on line {before})",
                    "keep one of the two",
                )
                here = (*here, "(again)")
            else:
                self._result.key_lines[here] = _line(event)
                self._result.lines[here] = _line(event)
            value_event = next(self._events)
            if isinstance(value_event, yaml.ScalarEvent) and not twice:
                self._result.lines[here] = _line(value_event)
            value = self._value(value_event, here)
            if value is not None and not twice:
                found[key] = value
        return found

    def _list(self, place: Place) -> list[Any]:
        found: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, (*place, len(found))))
        return found

    def _refuse_strange(self, event: yaml.Event, place: Place) -> None:
        self._count += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._stop(
                event,
                "anchors (&) and aliases (*) are not read",
                "write the value out, or put text that begins with & or * in quotes",
            )
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise self._stop(
                event,
                "tags (!) are not read",
                "leave it out, or put text that begins with ! in quotes",
            )
        if len(place) > DEEPEST:
            raise self._stop(event, f"nested more than {DEEPEST} levels deep", "write it flatter")
        if self._count > MOST_VALUES:
            raise self._stop(event, f"holds more than {MOST_VALUES:,} values", "split the file")

    def _stop(self, event: yaml.Event, message: str, remedy: str) -> WrongInput:
        return one_mistake(self._mistakes.file, message, remedy, _line(event))


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return int(mark.line) + 1 if mark else 1
