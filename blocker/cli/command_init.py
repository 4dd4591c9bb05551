"""`blocker init`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, is_terminal
from blocker.domain.errors import WrongUse

if TYPE_CHECKING:
    from blocker.intake.config_text import NewMember


@click.command("init", epilog="Example: blocker init --example my-team")
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
@click.option(
    "--lunch/--no-lunch",
    "lunch",
    default=None,
    help="Keep a lunch break free, where a day has more than six hours in one piece. "
    "[default: asks, else yes]",
)
@click.option(
    "--calendars",
    metavar="WHERE",
    help="Where everybody's calendars are: files, google, or the address of a CalDAV server. "
    "[default: asks, else files]",
)
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
    lunch: bool | None,
    calendars: str | None,
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
    answers: dict[str, _Question] = {
        "team": (team_name, "What is the team called?", None, _name),
        "timezone": (timezone, "In which time zone does it work?", _zone_here(), _zone),
        "hours": (hours, "When do people work?", "mon-fri 09:00-12:30 13:30-17:30", _hours),
        "first-day": (first_day, "On which day does sprint 1 begin?", _next_monday(), _day),
        "calendars": (
            calendars or (None if is_terminal() else "files"),
            "Where are people's calendars: files, google, or the address of a CalDAV server?",
            "files",
            _where,
        ),
    }
    said = _said(answers, knows_members=bool(members))
    if lunch is None:
        lunch = _ask_lunch(said["hours"])
    people = _people(members or _ask_members())
    path = given.config or Path("config.yaml")
    write_config(path, _text(said, people, has_lunch=lunch))
    click.echo(f"written: {path}")
    click.echo(f"next: {_next_step(said['calendars'], people)}, then: blocker doctor")
    click.echo("then: blocker book TASKS.csv --sprint next --dry-run")
    return exits.DONE


_Question = tuple[str | None, str, str | None, Callable[[str], str]]
"""The answer of an option, the question, its default, and what turns an answer into a value."""


def _said(answers: Mapping[str, _Question], *, knows_members: bool) -> dict[str, str]:
    """What options and, in a terminal, a person say to each question."""
    lacking = [f"--{name}" for name, (answer, *_) in answers.items() if not answer]
    lacking += [] if knows_members else ["--member"]
    if lacking and not is_terminal():
        raise WrongUse(f"init asks in a terminal only; else give {', '.join(lacking)}")
    said = {}
    for name, (answer, question, default, check) in answers.items():
        if answer:
            try:
                said[name] = check(answer)
            except click.UsageError as wrong:
                raise WrongUse(f"--{name}: {wrong.message}") from None
        else:
            said[name] = click.prompt(question, default=default, err=True, value_proc=check)
    return said


def _next_step(calendars: str, people: Sequence[NewMember]) -> str:
    if calendars == "files":
        ids = ", ".join(f"calendars/{one.id}.ics" for one in people)
        return f"save each person's calendar ({ids})"
    if calendars == "google":
        return "get google-client.json (README, Google), then: blocker login google"
    return "blocker login caldav"


def _where(text: str) -> str:
    """`files`, `google` or an address."""
    from blocker.intake.config_calendars import KINDS, parse_address
    from blocker.intake.problems import Wrong

    folded = text.strip().casefold()
    if folded in ("files", "google"):
        return folded
    if folded in KINDS:
        raise click.UsageError("write files, google, or the address of a CalDAV server")
    try:
        return parse_address(text.strip())
    except Wrong as wrong:
        raise click.UsageError(
            f"{wrong.message}; write files, google, or an address like https://cloud.example"
        ) from None


def _name(text: str) -> str:
    if not text.strip():
        raise click.UsageError("write a name")
    return text.strip()


def _zone(text: str) -> str:
    """An IANA zone as it is spelled."""
    from zoneinfo import available_timezones

    known = {name.casefold(): name for name in available_timezones()}
    wanted = text.strip().replace(" ", "_").casefold()
    found = known.get(wanted)
    if found is None:
        cities = sorted(name for name in known.values() if name.casefold().endswith(f"/{wanted}"))
        hint = cities[0] if cities else "Europe/Paris"
        raise click.UsageError(f"{text!r} is no time zone; write one like {hint}")
    return found


def _hours(text: str) -> str:
    """Days with their spans, separated by commas: 'mon-thu 09:00-17:00, fri 09:00-12:00'."""
    _days_and_spans(text)
    return text


def _days_and_spans(text: str) -> dict[str, str]:
    from blocker.intake.hours_text import parse_days, parse_spans
    from blocker.intake.problems import Wrong

    found = {}
    for part in re.split(r",\s*(?=[a-z]{3}[^,]*\d)", text.strip().lower()):
        days, _, spans = part.strip().partition(" ")
        try:
            parse_days(days)
            parse_spans(spans)
        except Wrong as wrong:
            raise click.UsageError(
                f"{part.strip()!r}: {wrong.message}; write hours like "
                "mon-thu 09:00-12:30 13:30-17:30, fri 09:00-12:00"
            ) from None
        found[days] = spans
    return found


def _day(text: str) -> str:
    from datetime import date

    try:
        return str(date.fromisoformat(text.strip()))
    except ValueError:
        raise click.UsageError(f"{text!r} is no date; write it like 2027-01-04") from None


def _text(said: dict[str, str], members: list[NewMember], *, has_lunch: bool) -> str:
    from datetime import date

    from blocker.intake.config_text import Answers, new_config

    first = date.fromisoformat(said["first-day"])
    hours = _days_and_spans(said["hours"])
    return new_config(
        Answers(
            said["team"],
            said["timezone"],
            hours,
            members,
            first,
            calendars=said["calendars"],
            has_lunch=has_lunch,
        )
    )


def _ask_lunch(hours: str) -> bool:
    """Whether the lunch break that suits these hours is wanted; yes where nobody can be asked."""
    from blocker.intake.config_text import LUNCH, proposed_lunch

    between = proposed_lunch(_days_and_spans(hours))
    if between is None or not is_terminal():
        return True
    question = f"Keep {LUNCH} free for lunch every day, somewhere between {between}?"
    return click.confirm(question, default=True, err=True)


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
    from blocker.intake.config_values import make_id

    split = [_name_and_email(line) for line in lines]
    firsts = [make_id(name.split()[0]) for name, _ in split]
    people: list[NewMember] = []
    for first, (name, email) in zip(firsts, split, strict=True):
        own_id = first if firsts.count(first) == 1 else make_id(name)
        own_id = own_id or f"member-{len(people) + 1}"
        people.append(NewMember(own_id, name, email, None, is_manager=not people))
    return people


def _name_and_email(line: str) -> tuple[str, str | None]:
    """'Ana Ruiz, ana@x.example', with or without the comma or angle brackets."""
    found = re.search(r"[^\s,<>]+@[^\s,<>]+", line)
    email = found[0] if found else None
    name = " ".join(re.sub(r"[,<>]", " ", line.replace(email or "", "")).split())
    return name or (email or line).partition("@")[0], email


def _zone_here() -> str | None:
    from blocker.workspace import local_zone

    return local_zone()


def _next_monday() -> str:
    from datetime import timedelta

    from blocker.workspace import clock

    today = clock().date()
    return str(today + timedelta(days=(7 - today.weekday()) % 7))
