"""Writes the README's list of commands from the program itself: `python -m tests.readme`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from blocker.cli.main import COMMANDS, group

README = Path(__file__).parents[1] / "README.md"
_BEGIN = "<!-- commands: written by `python -m tests.readme`, compared by a test -->"
_END = "<!-- end of commands -->"


def commands_text() -> str:
    """The help of the program and of each command, as Markdown."""
    parts = [_help(group, "blocker")]
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        parts.append(_help(command, f"blocker {name}"))
        if isinstance(command, click.Group):
            parts += [_help(sub, f"blocker {name} {key}") for key, sub in command.commands.items()]
    return "\n\n".join(parts)


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    context.help_option_names = ["-h", "--help"]
    text = re.sub(r"[ ]+$", "", command.get_help(context), flags=re.MULTILINE)
    return f"### {name}\n\n```text\n{text}\n```"


def readme_with(commands: str) -> str:
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(_BEGIN)
    after = rest.split(_END)[1]
    return f"{before}{_BEGIN}\n\n{commands}\n\n{_END}{after}"


if __name__ == "__main__":
    README.write_text(readme_with(commands_text()), encoding="utf-8")
