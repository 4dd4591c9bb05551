"""`blocker logout`."""

from __future__ import annotations

import click

from blocker.cli import exits
from blocker.cli.command_login import whose_option
from blocker.cli.options import Globals


@click.command("logout", epilog="Example: blocker logout google")
@click.argument("server", type=click.Choice(("google", "caldav")), default="google")
@whose_option
@click.pass_obj
def command(given: Globals, server: str, who: str | None) -> int:
    """Forget a sign-in; that with Google is taken back there too.

    Blocks that stand in calendars stay.
    """
    from blocker.commands.login import logout_caldav, logout_google

    if server == "caldav":
        lines = logout_caldav(given.workspace(), who=who)
        click.echo("\n".join(lines) or "no password was kept")
        return exits.DONE
    problem = logout_google(given.workspace(), who=who)
    if problem is not None:
        exits.say_wrong(problem)
        return exits.UNREACHABLE
    click.echo("signed out of Google")
    return exits.DONE
