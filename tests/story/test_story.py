"""Four sprints of the example team, from init to close, as people live them.

Each `.txt` beside this file is a transcript that can be read: `$` lines are commands (who asks, and
when), `>` lines what people do to calendars, `+` lines files that they write, and all else is what
the program said.  With `RENEW=1` in the environment the transcripts are written anew; then read
what changed.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from blocker.cli.main import run
from blocker.store.opening import place_of
from tests.story.people import act

HERE = Path(__file__).parent
CHAPTERS = sorted(HERE.glob("*.txt"))
PROMPT = re.compile(r"\$ (?:(?P<who>\w+) )?at (?P<at>\S+): blocker (?P<words>.*)")


class _Said(StringIO):
    encoding = "utf-8"


class Machine:
    """A computer with its own config; the calendars may be on a drive that several share.

    `store` is how messages name its store.
    """

    def __init__(self, folder: Path, store: str) -> None:
        self.folder = folder
        self.store = store

    def run(self, words: str, who: str | None, at: str) -> str:
        """What a person would see, and the exit code where it is not 0."""
        asker = ["--as", who] if who else []
        out, err = _Said(), _Said()
        with chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
            code = run(["--now", at, *asker, *shlex.split(words)])
        said = (out.getvalue() + err.getvalue()).replace(self.store, "STORE")
        said = said.replace(str(self.folder), "TEAM")
        lines = [line.rstrip() for line in said.splitlines()]
        if code:
            lines.append(f"[exit {code}]")
        return "\n".join(line for line in lines if line)


def told(machines: list[Machine], chapter: str) -> Iterator[str]:
    """The chapter's lines with what the program says now; machines take turns."""
    turns = 0
    writing: Path | None = None
    for line in chapter.splitlines():
        if line.startswith("+ "):
            if writing is None:
                raise ValueError(f"no file is being written: {line}")
            with writing.open("a", encoding="utf-8") as file:
                file.write(line.removeprefix("+ ") + "\n")
            yield line
            continue
        writing = None
        if line.startswith("#") or not line:
            yield line
        elif line.startswith("> a file "):
            writing = machines[0].folder / "shared" / line.removeprefix("> a file ").strip(":")
            writing.parent.mkdir(exist_ok=True)
            writing.write_text("", encoding="utf-8")
            yield line
        elif line.startswith("> "):
            act(machines[0].folder, line.removeprefix("> "))
            yield line
        elif match := PROMPT.fullmatch(line):
            machine = machines[turns % len(machines)]
            turns += 1
            yield line
            if said := machine.run(match["words"], match["who"], match["at"]):
                yield from (f"  {one}" for one in said.splitlines())
        elif not line.startswith("  "):
            raise ValueError(f"what is this line? {line}")


def one_machine(tmp_path: Path) -> list[Machine]:
    folder = tmp_path / "northwind"
    _init(folder)
    return [Machine(folder, place_of(f"sqlite:///{folder}/.blocker/blocker.db"))]


def two_machines(tmp_path: Path, url: str) -> list[Machine]:
    """Two folders with the same calendars, and one database for both."""
    first, second = tmp_path / "one", tmp_path / "two"
    for folder in (first, second):
        _init(folder)
        config = folder / "config.yaml"
        text = config.read_text(encoding="utf-8")
        assert "store: sqlite:///.blocker/blocker.db" in text
        store = f"store: {url}"
        config.write_text(
            text.replace("store: sqlite:///.blocker/blocker.db", store), encoding="utf-8"
        )
    for name in (".blocker", "fixtures", "shared"):
        shutil.rmtree(second / name, ignore_errors=True)
        (first / name).mkdir(exist_ok=True)
        (second / name).symlink_to(first / name, target_is_directory=True)
    machines = [Machine(folder, place_of(url)) for folder in (first, second)]
    machines[0].run("outcome close nothing", None, "2027-01-01")  # says that it made the tables
    return machines


def _init(folder: Path) -> None:
    with redirect_stdout(_Said()):
        assert run(["init", "--example", str(folder)]) == 0


@pytest.mark.parametrize("place", ["one machine", "two machines with one PostgreSQL"])
def test_four_sprints(tmp_path, request, place):
    if place == "one machine":
        machines = one_machine(tmp_path)
    else:
        machines = two_machines(tmp_path, request.getfixturevalue("postgres"))
    assert len(CHAPTERS) == 4
    for path in CHAPTERS:
        before = path.read_text(encoding="utf-8")
        now = "\n".join(told(machines, before)) + "\n"
        if os.environ.get("RENEW") and place == "one machine":
            path.write_text(now, encoding="utf-8")
            continue
        changed = difflib.unified_diff(before.splitlines(), now.splitlines(), "kept", "now", n=2)
        assert "\n".join(changed) == "", f"{path.name} is told otherwise now"
