"""The door: global options, the list of commands, exit codes.

A command's module is imported when the command is used: `--help` stays quick.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType

import click

from blocker import __version__
from blocker.cli import exits
from blocker.cli.options import Globals

COMMANDS = {
    "init": "Make a config, or the example.",
    "doctor": "Check config, calendars and store; or one .ics file.",
    "login": "Sign in to Google or a CalDAV server.",
    "logout": "Forget a sign-in.",
    "import": "Take tasks in from a file.",
    "task": "List, show, add, change and drop tasks.",
    "backlog": "What waits for no sprint yet, by rank.",
    "outcome": "The few results that the quarter is for, and their hours.",
    "capacity": "Who has how much room, before anyone commits.",
    "book": "Book the sprint's tasks into calendars.",
    "why": "Why a task stands where it stands, or does not fit.",
    "fix": "Apply a remedy for a task that does not fit.",
    "undo": "Take back what your last book changed.",
    "audit": "Check that each task really stands in its owner's calendar.",
    "accept": "Accept the sprint, only if every committed hour stands in a calendar.",
    "status": "Where the sprint stands now: mine, or the team's.",
    "done": "Say that a task is finished: its time to come is free.",
    "more": "Say that a task needs more time, and why.",
    "missed": "Say that the work of a past block did not happen.",
    "pull": "Finished early: take work from the next sprint or the backlog.",
    "reassign": "Give what is left of a task to somebody else.",
    "away": "Say that somebody is away, at once.",
    "swap": "Let something urgent in for what leaves; a manager decides.",
    "close": "End a sprint: what is unfinished goes on, and the record is kept.",
    "sprint": "Look back: what was promised, what changed, what came of it.",
    "export": "Write blocks as .ics files.",
    "store": "Back up, check and clean what is kept; who did what.",
}
"""Each command with its line in the list, in the order of use."""


class Commands(click.Group):
    """Commands by name, each in `blocker.cli.command_NAME`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"blocker.cli.command_{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"there is no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: blocker init --example my-team",
)
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    metavar="CONFIG",
    help="The team's config; else $BLOCKER_CONFIG, ./config.yaml, your config folder.",
)
@click.option("--now", metavar="ISO8601", help="Rehearse another moment, e.g. 2027-01-04T09:00.")
@click.option("--as", "asker", metavar="MEMBER", help="Who asks; else $BLOCKER_AS.")
@click.option("-v", "--verbose", is_flag=True, help="Say more when something goes wrong.")
@click.version_option(__version__, "--version", message="blocker %(version)s")
@click.pass_context
def group(
    ctx: click.Context, config: Path | None, now: str | None, asker: str | None, verbose: bool
) -> None:
    """Time blocking for marketing teams: every committed task stands in its owner's calendar.

    A marketer books a sprint's tasks with `blocker book`; a manager checks with `blocker audit`.
    """
    ctx.obj = Globals(config, now, asker, verbose)


def main() -> None:
    """The console script."""
    signal.signal(signal.SIGTERM, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """One command, from its words to its exit code; what it says goes to stdout and stderr."""
    verbose = "-v" in arguments or "--verbose" in arguments
    return exits.run(lambda: _invoke(arguments), verbose=verbose)


def _invoke(arguments: list[str]) -> int:
    try:
        code = group.main(arguments, "blocker", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return exits.WRONG_USE
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else exits.DONE


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
