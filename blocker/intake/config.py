"""The config: one YAML file that says who the team is, when it works, where its calendars are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocker.domain.errors import WrongInput
from blocker.domain.team import Team
from blocker.intake.plain_text import Wanted, decode, read_bytes
from blocker.intake.problems import Mistakes, one_mistake

if TYPE_CHECKING:
    from blocker.intake.config_shape import RootShape
    from blocker.intake.config_team import Sections
    from blocker.intake.yaml_text import YamlText

LARGEST = 1_000_000
_WANTED = Wanted("a config", "`blocker init` writes one")


@dataclass(frozen=True, slots=True)
class Config:
    """A config that holds together.

    `path` is as given, `folder` (absolute) is what relative paths in it are relative to.
    `store_url` is a SQLAlchemy URL, a path of SQLite made absolute.  `columns` maps names of other
    tools' columns to ours; `locale` (`fr_FR`) says how numbers and dates in tasks files read.
    `google` is what it says for all of Google, paths made absolute.  `hosts` may be reached
    although they are on this machine or a network of its own.  `warnings` are whole sentences for
    stderr.
    """

    path: Path
    folder: Path
    team: Team
    store_url: str
    columns: Mapping[str, str]
    locale: str | None
    google: Mapping[str, str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()


def load(path: Path, environment: Mapping[str, str]) -> Config:
    """Read a config.

    `environment` tells the home folder and whether variables named in `password_env` are set.
    Raises WrongInput with all mistakes of the file, in the order of its lines.
    """
    # pydantic and PyYAML cost a quarter of the start-up and are needed only here.
    from blocker.intake.config_calendars import Places
    from blocker.intake.config_mistakes import validate
    from blocker.intake.config_people import take_people
    from blocker.intake.config_shape import NetworkShape, TasksShape
    from blocker.intake.config_team import TeamBuilder
    from blocker.intake.yaml_text import read_yaml

    mistakes = Mistakes(str(path))
    text = read_yaml(_plain(path), mistakes)
    root = _root(text, mistakes, path)
    folder = path.absolute().parent
    notes = take_people(text, path, mistakes)
    builder = TeamBuilder(text, Places(folder, environment), mistakes)
    team = builder.team(_sections(text, root, mistakes))
    raw = text.value.get("tasks", {})
    tasks = validate(TasksShape, raw, ("tasks",), text, mistakes)
    network = validate(NetworkShape, text.value.get("network", {}), ("network",), text, mistakes)
    store = text.value.get("store", "sqlite:///.blocker/blocker.db")
    store_url = _store_url(store, folder, text.line(("store",)), mistakes) if root else ""
    if tasks:
        _refuse_same_names(tasks.columns, text, mistakes)
    _raise_if_any(mistakes, text)
    assert team is not None and tasks is not None and network is not None
    return Config(
        path=path,
        folder=folder,
        team=team,
        store_url=store_url,
        columns=tasks.columns,
        locale=tasks.locale,
        google=builder.google,
        hosts=frozenset(network.allow),
        warnings=(*notes, *builder.warnings),
    )


def _plain(path: Path) -> str:
    """The file's characters.  Raises WrongInput in one line when it is no text."""
    data = read_bytes(path, LARGEST)
    if not data.strip():
        raise one_mistake(path, "is empty", "`blocker init` writes one")
    return decode(data, path, _WANTED)[0]


def _raise_if_any(mistakes: Mistakes, text: YamlText) -> None:
    """Raises WrongInput with the mistakes of the config and of the tables it names."""
    others = [one for table in text.tables for one in table.sorted()]
    if others:
        raise WrongInput([*mistakes.sorted(), *others])
    mistakes.raise_if_any()


def _root(text: YamlText, mistakes: Mistakes, path: Path) -> RootShape | None:
    from blocker.intake.config_mistakes import validate
    from blocker.intake.config_shape import RootShape

    if text.value is None:
        mistakes.raise_if_any()
        raise one_mistake(path, "is empty", "`blocker init` writes one")
    if not isinstance(text.value, dict):
        raise one_mistake(
            path, "is no config: it does not begin with keys", "`blocker init` writes one", 1
        )
    return validate(RootShape, text.value, (), text, mistakes)


def _sections(text: YamlText, root: RootShape | None, mistakes: Mistakes) -> Sections:
    """Each section that is there, checked by itself, so that all mistakes are found at once."""
    from blocker.intake.config_mistakes import validate
    from blocker.intake.config_shape import (
        CalendarsShape,
        GoogleShape,
        MemberShape,
        SprintsShape,
        TeamShape,
    )
    from blocker.intake.config_team import Sections

    value = text.value

    def section(shape: Any, key: str) -> Any:
        return validate(shape, value[key], (key,), text, mistakes) if key in value else None

    team, sprints = section(TeamShape, "team"), section(SprintsShape, "sprints")
    listed = value.get("members")
    members = [
        validate(MemberShape, member, ("members", index), text, mistakes)
        for index, member in enumerate(listed if isinstance(listed, list) else [])
    ]
    if listed == [] and not text.tables:
        mistakes.add(text.line(("members",)), "members", "is an empty list", "write at least one")
    calendars = section(CalendarsShape, "calendars")
    google = section(GoogleShape, "google") or GoogleShape()
    is_open = root is not None and root.privacy == "all"
    return Sections(team, sprints, calendars, google, members, is_open)


_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///(?!/)(?![A-Za-z]:[/\\])(?!:memory:)(?!file:)([^?]+)(.*)")


def _store_url(url: Any, folder: Path, line: int, mistakes: Mistakes) -> str:
    """The store's URL; a relative path of SQLite is relative to the config's folder."""
    if not isinstance(url, str):
        return ""
    if not re.match(r"[a-z][a-z0-9_]*(\+[a-z0-9_]+)?://", url) or "\n" in url:
        remedy = "write sqlite:///.blocker/blocker.db or postgresql+psycopg://host/database"
        mistakes.add(line, "store", "is no URL of a database", remedy)
    elif url.startswith("postgres://"):
        mistakes.add(line, "store", "postgres:// is not known", "write postgresql+psycopg://")
    elif re.match(r"[^:]+://[^/@:]*:[^/@]*@", url):
        remedy = "leave it out: PostgreSQL reads PGPASSWORD or ~/.pgpass"
        mistakes.add(line, "store", "holds a password", remedy)
    elif match := _SQLITE.fullmatch(url):
        return url[: match.start(1)] + (folder / match[1]).as_posix() + match[2]
    return url


def _refuse_same_names(columns: Mapping[str, str], text: YamlText, mistakes: Mistakes) -> None:
    seen: dict[str, str] = {}
    for name in columns:
        before = seen.setdefault(name.strip().casefold(), name)
        if before != name:
            line = text.line(("tasks", "columns", name))
            mistakes.add(line, f"tasks.columns.{name}", f"is {before} again", "keep one of the two")
