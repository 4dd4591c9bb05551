"""YAML into a table: a list of mappings, or a mapping with such a list under `tasks`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from blocker.intake.plain_text import decode
from blocker.intake.problems import Mistakes, one_mistake
from blocker.intake.sheet import MOST_ROWS, Row, Sheet
from blocker.intake.yaml_text import Place, YamlText, read_yaml

_FORM = "write `- title: ...`, and below it owner, estimate and the other columns"


def read_yaml_sheet(data: bytes, path: Path, mistakes: Mistakes) -> Sheet:
    """The table of a YAML file; each task's keys are its columns.

    A list inside a task, as in `after: [T-1, T-2]`, is its texts with spaces between.
    Raises WrongInput in one line when it is another kind of file.
    """
    plain, _ = decode(data, path)
    text = read_yaml(plain, mistakes)
    at: Place = ()
    value = text.value
    if isinstance(value, dict) and "tasks" in text.value:
        at, value = ("tasks",), value["tasks"]
    elif isinstance(value, dict) and ("tasks",) in text.key_lines:
        value = []
    if value is None:
        mistakes.raise_if_any()
        raise one_mistake(path, "is empty", _FORM)
    if not isinstance(value, list):
        raise one_mistake(path, "holds no list of tasks", _FORM, text.line(at))
    if len(value) > MOST_ROWS:
        raise one_mistake(path, f"has more than {MOST_ROWS:,} tasks", "split it")
    names: dict[str, int] = {}
    for task in value:
        for key in task if isinstance(task, dict) else ():
            names.setdefault(key, len(names))
    rows = [_row(task, (*at, n), text, names, mistakes) for n, task in enumerate(value)]
    return Sheet(tuple(names), text.line(at), tuple(row for row in rows if row))


def _row(
    task: Any, at: Place, text: YamlText, names: dict[str, int], mistakes: Mistakes
) -> Row | None:
    line = text.line(at)
    if not isinstance(task, dict):
        mistakes.add(line, "", "this entry is no task", _FORM)
        return None
    cells, lines = [""] * len(names), [line] * len(names)
    for key, value in task.items():
        lines[names[key]] = text.line((*at, key))
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            value = " ".join(value)
        if isinstance(value, str):
            cells[names[key]] = value.strip()
        else:
            mistakes.add(lines[names[key]], key, "is not one value", "write it on one line")
    return Row(line, tuple(cells), tuple(lines))
