"""`blocker login`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from blocker.cli import exits
from blocker.cli.options import Globals, is_terminal
from blocker.domain.errors import WrongUse

whose_option = click.option(
    "--for", "who", metavar="MEMBER", help="Whose sign-in (id, name or email); else your own."
)


@click.group("login", epilog="Example: blocker login google --client client.json")
def command() -> None:
    """Sign in to the servers that your calendars are on."""


@command.command("google", epilog="Example: blocker login google --client client.json")
@click.option(
    "--client",
    "client",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The OAuth client from the Google console; else google: client_file of the config.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address to open.")
@click.option("--sheets", is_flag=True, help="Also ask for the right to tasks in Google Sheets.")
@whose_option
@click.pass_obj
def google(
    given: Globals, client: Path | None, no_browser: bool, sheets: bool, who: str | None
) -> int:
    """Sign in with Google in your browser; the sign-in is kept in your keyring, else in a file.

    Asks for the least rights that do the job: events of calendars, and when people are busy.
    """
    from blocker.commands.login import login_google

    def show(address: str) -> None:
        click.echo(f"Open this address and say yes:\n{address}", err=True)
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    done = login_google(given.workspace(), show, who=who, client_file=client, with_sheets=sheets)
    click.echo(f"signed in as {done.account or 'an account whose name Google does not tell'}")
    click.echo(f"kept in {done.where}")
    for warning in done.warnings:
        exits.say_wrong(warning)
    return exits.DONE


@command.command("caldav", epilog="Example: blocker login caldav --for ana")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from stdin.")
@whose_option
@click.pass_obj
def caldav(given: Globals, from_stdin: bool, who: str | None) -> int:
    """Keep the password of your CalDAV account in your keyring, else in a file.

    iCloud, Fastmail and Nextcloud want a password made for apps, not your own.
    """
    from blocker.commands.login import login_caldav

    def ask(account: str) -> str:
        if from_stdin:
            return sys.stdin.readline().rstrip("\r\n")
        if not is_terminal():
            raise WrongUse("login caldav asks in a terminal only; else give --stdin")
        answer: str = click.prompt(f"Password of {account}", hide_input=True, err=True)
        return answer

    for line in login_caldav(given.workspace(), ask, who=who):
        click.echo(line)
    return exits.DONE
