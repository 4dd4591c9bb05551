"""`store export`: everything that is kept about one person."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blocker.calendars.file_writing import unreachable
from blocker.calendars.secrets import write_secret
from blocker.commands.choosing import member_named
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.member import Member
from blocker.store.sealing import Sealed
from blocker.workspace import Workspace

PERSON_SCHEMA = "blocker.person/1"

Row = Mapping[str, Any]
Pick = Callable[["_About", Row], Row | None]
"""What of a row is about a person; None for nothing."""


def everything_about(workspace: Workspace, who: str) -> dict[str, Any]:
    """All that the config and the store hold about one person, as `blocker.person/1`.

    Each part has a note of what it is.  Raises WrongUse for nobody, Refused unless that person or
    a manager asks, Unreachable.
    """
    person = _person(workspace, who)
    with workspace.store(rehearse=True) as store:
        kept = store.everything()
    about = _About(
        person, frozenset(row["id"] for row in kept["tasks"] if row["owner"] == person.id)
    )
    return {
        "schema": PERSON_SCHEMA,
        "now": workspace.now.isoformat(),
        "person": {"id": person.id, "name": person.name, "email": person.email},
        "config": {
            "note": "what the team's config says of this person, in a file of its own",
            "rows": [{"zone": person.zone.key, "role": person.role.value}],
        },
        **dict(about.parts(kept)),
        "calendar_copies": {
            "note": "what was last read of calendars on other machines is kept encrypted; only the "
            "user who read it has the key, so it is not known here which are this person's",
            "rows": [],
        },
    }


def save(found: Mapping[str, Any], path: Path) -> None:
    """Write it into a new file, its owner's alone.  Raises Refused for one that is there."""
    if path.exists():
        raise Refused(f"{path} is there already; name another file")
    if not path.absolute().parent.is_dir():
        raise unreachable(str(path), "written", FileNotFoundError(2, "its folder is not there"))
    write_secret(path, json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def _person(workspace: Workspace, who: str) -> Member:
    asker = workspace.asker
    person = member_named(workspace.team, who, "--for")
    if asker is None:
        raise WrongUse(
            "store export needs to know who asks: blocker --as MEMBER store export, or set "
            "$BLOCKER_AS"
        )
    if asker.id != person.id and not asker.is_manager:
        raise Refused(f"what is kept about {person.name} is for them, or for a manager, to see")
    return person


@dataclass(frozen=True)
class _About:
    """Picks what is about a person, whose tasks are `tasks`."""

    person: Member
    tasks: frozenset[str]

    def parts(self, kept: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, Any]]:
        """Each table with its note, and its rows about the person."""
        for table, (note, pick) in _PARTS.items():
            rows = [found for row in kept[table] if (found := pick(self, row)) is not None]
            plain = [{key: row[key] for key in row if key != "team"} for row in rows]
            yield table, {"note": note, "rows": plain}

    def is_named(self, text: str | None) -> bool:
        """Whether a text is this person's id, name or address."""
        return bool(text) and text in (self.person.id, self.person.name, self.person.email)

    def commitment(self, row: Row) -> Row | None:
        """Their part of what was promised, and what the audit said of it."""
        sealed = Sealed(row["number"], row["sprint"], row["content"], row["seal"])
        if sealed.commitment is None:
            return None
        content = json.loads(sealed.content)
        about = {key: content[key] for key in ("sprint_name", "accepted_at", "accepted_by")}
        about["tasks"] = [one for one in content["tasks"] if one["owner"] == self.person.id]
        own = {one["id"] for one in about["tasks"]}
        for key in ("findings", "waivers", "exceptions"):
            about[key] = [
                one
                for one in content[key]
                if one.get("member") == self.person.id or one.get("task") in own
            ]
        is_decider = self.is_named(content["accepted_by"])
        return about if own or is_decider or about["findings"] or about["exceptions"] else None

    def amendment(self, row: Row) -> Row | None:
        content = row["content"]
        named = (row["member"], content["by"], content["asked_by"])
        is_mine = row["task"] in self.tasks or any(self.is_named(one) for one in named)
        return {"id": row["id"], **content} if is_mine else None

    def closing(self, row: Row) -> Row | None:
        content = row["content"]
        tasks = [one for one in content["tasks"] if one["owner"] == self.person.id]
        if not tasks and not self.is_named(content["closed_by"]):
            return None
        return {**{key: content[key] for key in _OF_CLOSING}, "tasks": tasks}

    def logged(self, row: Row) -> Row | None:
        names = "|".join(re.escape(one) for one in (self.person.id, self.person.name))
        is_told = re.search(rf"(?<!\w)({names})(?!\w)", row["what"]) is not None
        return row if is_told or self.is_named(row["who"]) else None


_OF_CLOSING = ("sprint_name", "closed_at", "closed_by")


def _by(column: str) -> Pick:
    """Rows that name the person in this column."""
    return lambda about, row: row if about.is_named(row[column]) else None


def _outcome(about: _About, row: Row) -> Row | None:
    return row["content"] if about.is_named(row["content"]["owner"]) else None


_PARTS: Mapping[str, tuple[str, Pick]] = {
    "tasks": (
        "tasks this person owns; `imported` is the row of the file they came from",
        _by("owner"),
    ),
    "day_limits": ("days on which they may work longer than usual", _by("member")),
    "runs": ("when they wrote blocks into calendars, or took them back", _by("asker")),
    "intents": ("each block that was to be written into their calendar", _by("member")),
    "receipts": ("blocks as they were last written into their calendar", _by("member")),
    "commitments": ("what they promised when a sprint was accepted", _About.commitment),
    "amendments": (
        "changes of an accepted sprint that they made or that are about their tasks",
        _About.amendment,
    ),
    "closings": ("what became of their tasks when a sprint was closed", _About.closing),
    "completions": ("tasks they finished, and what those took", _by("member")),
    "outcomes": ("outcomes of a quarter that they own", _outcome),
    "log": ("what they did, and what others did that names them", _About.logged),
}
