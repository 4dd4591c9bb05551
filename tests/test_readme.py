"""The README says what is true."""

import re

import pytest

from blocker.cli import exits
from blocker.cli.main import COMMANDS
from blocker.domain.task import Task
from tests.readme import README, commands_text, readme_with

TEXT = README.read_text(encoding="utf-8")


def test_the_list_of_commands_is_what_the_program_says():
    assert readme_with(commands_text()) == TEXT, "run: python -m tests.readme"


def test_its_first_two_commands_are_the_main_job_and_the_tests():
    lines = re.findall(r"^(?:    |\$ )?((?:python3 -m venv|\.venv/bin/).*)$", TEXT, re.MULTILINE)
    assert lines[0].endswith("blocker -c config.example.yaml book fixtures/tasks.csv --sprint next")
    assert lines[1] == '.venv/bin/pip install -e ".[test]" && .venv/bin/pytest'


def test_every_exit_code_stands_in_it():
    codes = {value for name, value in vars(exits).items() if name.isupper() and name[0] != "_"}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)} == codes


def test_every_picture_and_file_it_names_is_there():
    root = README.parent
    for name in re.findall(r"\]\((fixtures/[^)]+)\)|`((?:fixtures|blocker|tests)/[\w./-]+)`", TEXT):
        assert (root / (name[0] or name[1])).exists(), name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    text = commands_text().split(f"### blocker {name}\n")[1].split("###")[0]
    assert "Example" in text or name == "task"


def test_every_column_of_a_tasks_file_is_explained():
    table = TEXT.split("## The tasks file")[1].split("\n\n")[2]
    named = set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in table.splitlines())))
    fields = {name for name in Task.__dataclass_fields__ if name not in ("state", "id_is_made")}
    assert fields <= named
