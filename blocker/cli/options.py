"""Options that several commands share, and the context that carries the global ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from blocker.intake.google_tab import GoogleTab
    from blocker.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Globals:
    """What stands before the command: `blocker -c CONFIG --now MOMENT --as MEMBER -v COMMAND`."""

    config: Path | None
    now: str | None
    asker: str | None
    verbose: bool

    def workspace(self) -> Workspace:
        from blocker.workspace import open_workspace

        opened = open_workspace(self.config, self.now, self.asker)
        click.get_current_context().call_on_close(lambda: _say(opened.notes))
        return opened


def _say(notes: Iterable[str]) -> None:
    from blocker.cli.exits import say_wrong

    for note in notes:
        say_wrong(note)


def tasks_source(text: str) -> Path | GoogleTab:
    """A file of tasks, or the tab of a Google Sheet when it is an address."""
    if "://" not in text:
        return Path(text)
    from blocker.intake.google_tab import parse_tab
    from blocker.intake.problems import Wrong

    try:
        return parse_tab(text)
    except Wrong as wrong:
        raise click.BadParameter(f"{wrong.message}; {wrong.remedy}") from None


def duration(text: str) -> timedelta:
    """A length of time as people write it: 90m, 2h, 1h30."""
    from blocker.intake.durations import parse_duration
    from blocker.intake.problems import Wrong

    try:
        return parse_duration(text)
    except Wrong as wrong:
        raise click.BadParameter(f"{wrong.message}; {wrong.remedy}") from None


def format_option(*kinds: str) -> Callable[[F], F]:
    """`--format`, the first kind being the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(kinds),
        default=kinds[0],
        show_default=True,
        help="How to show the result.",
    )


sprint_option = click.option(
    "--sprint", "sprint", metavar="SPRINT", help="A sprint's name or number, current, or next."
)

for_option = click.option(
    "--for",
    "members",
    multiple=True,
    metavar="MEMBER",
    help="Only this member (id, name or email); may be given several times.",
)

effort_option = click.option(
    "--effort",
    type=click.Choice(("quick", "normal", "thorough")),
    default="normal",
    show_default=True,
    help="How hard to look for the best plan: quick (a good one at once, proven best only where "
    "that is plain), normal (about a second of search for one person), thorough (many times that, "
    "to prove more). The same effort gives the same plan on every machine.",
)


def late_options(command: F) -> F:
    """`--route` and `--asked-by`: what becomes of late requests, and who asked for them."""
    asked_by = click.option(
        "--asked-by", metavar="NAME", help="Who asked for it, in the team or not; it is recorded."
    )
    route = click.option(
        "--route", is_flag=True, help="Send what an accepted sprint refuses to the next one."
    )
    return route(asked_by(command))


yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask before writing.")


def is_terminal() -> bool:
    """Somebody sits in front of it: both what we read and what we write is a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()
