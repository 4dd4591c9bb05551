"""Members that stand in tables of their own, put where the config names the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from blocker.intake.config_mistakes import validate
from blocker.intake.config_shape import PeopleShape
from blocker.intake.problems import Mistakes
from blocker.intake.yaml_text import Place, YamlText


def take_people(text: YamlText, path: Path, mistakes: Mistakes) -> tuple[str, ...]:
    """Replace `{file: people.csv}`, alone or among other members, by the people of the table.

    `path` is the config's.  Gives what is to be said of the tables.  Raises WrongInput in one line
    when one is no table.
    """
    listed = text.value.get("members", [])
    entries: list[tuple[Place, Any]] = [(("members",), listed)]
    if isinstance(listed, list):
        entries = [(("members", index), entry) for index, entry in enumerate(listed)]
    elif not isinstance(listed, dict):
        remedy = "begin each entry on a line of its own with `- `, or write {file: people.csv}"
        mistakes.add(text.line(("members",)), "members", "is not a list", remedy)
        return ()
    if not any(_is_table(entry) for _, entry in entries):
        return ()
    members: list[Any] = []
    lines: dict[Place, int] = {}
    notes: tuple[str, ...] = ()
    for place, entry in entries:
        if not _is_table(entry):
            for inner, line in text.lines.items():
                if inner[:2] == place:
                    lines[("members", len(members), *inner[2:])] = line
            members.append(entry)
            continue
        shape = validate(PeopleShape, entry, place, text, mistakes)
        if shape is None:
            continue
        from blocker.intake.people_file import read_people  # reads XLSX, and most need none

        # beside the config, and called as the config calls itself
        people = read_people(path.parent / shape.file)
        for member, line in zip(people.members, people.lines, strict=True):
            lines["members", len(members)] = line
            text.elsewhere["members", len(members)] = people.mistakes
            members.append(member)
        text.tables.append(people.mistakes)
        notes += people.notes
    others = {place: line for place, line in text.lines.items() if place[:1] != ("members",)}
    lines["members",] = text.line(("members",))
    text.lines = {**others, **lines}
    text.value["members"] = members
    return notes


def _is_table(entry: object) -> bool:
    return isinstance(entry, dict) and "file" in entry and "id" not in entry
