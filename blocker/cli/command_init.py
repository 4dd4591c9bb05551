"""`blocker init`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, is_terminal
from blocker.domain.errors import WrongUse

if TYPE_CHECKING:
    from blocker.intake.config_text import NewMember


@click.command(
    "init", epilog="Example: blocker init --example my-team, then: cd my-team; blocker book ..."
)
@click.option(
    "--example",
    "example",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the example team with its calendars and tasks into DIR.",
)
@click.option("--team", "team_name", metavar="NAME", help="The team's name.")
@click.option("--timezone", metavar="ZONE", help="The team's time zone, e.g. Europe/Paris.")
@click.option("--hours", metavar="HOURS", help="Working hours, e.g. 'mon-fri 09:00-17:30'.")
@click.option("--first-day", metavar="DATE", help="First day of sprint 1, e.g. 2027-01-04.")
@click.option(
    "--member",
    "members",
    multiple=True,
    metavar="NAME[,EMAIL]",
    help="A member; give it once for each, the manager first.",
)
@click.pass_obj
def command(
    given: Globals,
    example: Path | None,
    team_name: str | None,
    timezone: str | None,
    hours: str | None,
    first_day: str | None,
    members: tuple[str, ...],
) -> int:
    """Make a config for your team, by a few questions; or write the example.

    Asks for what the options do not say.  Never writes over a config that is there.
    """
    from blocker.commands.init import write_config, write_example

    if example is not None:
        for path in write_example(example):
            click.echo(f"written: {path}")
        click.echo(f"next: cd {example} && blocker book fixtures/tasks.csv --sprint next")
        return exits.DONE
    answers = {
        "team": (team_name, "What is the team called?", None),
        "timezone": (timezone, "In which time zone does it work?", _zone_here()),
        "hours": (hours, "When do people work?", "mon-fri 09:00-12:30 13:30-17:30"),
        "first-day": (first_day, "On which day does sprint 1 begin?", _next_monday()),
    }
    lacking = [f"--{name}" for name, (answer, _, default) in answers.items() if not answer]
    lacking += [] if members else ["--member"]
    if lacking and not is_terminal():
        raise WrongUse(f"init asks in a terminal only; else give {', '.join(lacking)}")
    said = {
        name: answer or click.prompt(question, default=default, err=True)
        for name, (answer, question, default) in answers.items()
    }
    people = _people(members or _ask_members())
    path = given.config or Path("config.yaml")
    write_config(path, _text(said, people))
    click.echo(f"written: {path}")
    click.echo(
        "next: save each person's calendar as calendars/ID.ics, then blocker doctor, "
        "then blocker book TASKS.csv --dry-run"
    )
    return exits.DONE


def _text(said: dict[str, str], members: list[NewMember]) -> str:
    from datetime import date

    from blocker.intake.config_text import Answers, new_config
    from blocker.intake.problems import Wrong

    days, _, spans = said["hours"].strip().partition(" ")
    try:
        first = date.fromisoformat(said["first-day"].strip())
    except ValueError:
        raise WrongUse(f"--first-day: {said['first-day']!r} is no date; write 2027-01-04") from None
    try:
        return new_config(Answers(said["team"], said["timezone"], {days: spans}, members, first))
    except Wrong as wrong:
        raise WrongUse(f"--hours: {wrong.message}; {wrong.remedy}") from None


def _ask_members() -> list[str]:
    click.echo("Who is in the team? Name, email; the manager first; an empty line ends.", err=True)
    members: list[str] = []
    while True:
        line = click.prompt(f"Member {len(members) + 1}", default="", show_default=False, err=True)
        if line.strip():
            members.append(line)
        elif members:
            return members
        else:
            click.echo("A team has at least one member.", err=True)


def _people(lines: Sequence[str]) -> list[NewMember]:
    """One member for each line, the first being the manager; ids are made from first names."""
    from blocker.intake.config_text import NewMember
    from blocker.intake.task_row import made_id

    firsts = [made_id(line.partition(",")[0].split()[0] if line.split() else "") for line in lines]
    people: list[NewMember] = []
    for first, line in zip(firsts, lines, strict=True):
        name, _, email = (part.strip() for part in line.partition(","))
        own_id = first if firsts.count(first) == 1 else made_id(name)
        people.append(NewMember(own_id, name, email or None, None, is_manager=not people))
    return people


def _zone_here() -> str | None:
    from blocker.workspace import local_zone

    return local_zone()


def _next_monday() -> str:
    from datetime import timedelta

    from blocker.workspace import clock

    today = clock().date()
    return str(today + timedelta(days=(7 - today.weekday()) % 7))
