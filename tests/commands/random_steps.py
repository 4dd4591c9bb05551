"""A process that does what a team does, at random: `python -m tests.commands.random_steps ...`.

Arguments: the folder of a small team, a seed, the number of steps.  What a command refuses is fine;
anything else ends the process with a traceback.  It prints how often each command did something.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock

from blocker.commands.accept import Asked, accept
from blocker.commands.add_task import add_task
from blocker.commands.at_the_gate import Late
from blocker.commands.away import away
from blocker.commands.book import Request, book
from blocker.commands.close import close, preview
from blocker.commands.done import done
from blocker.commands.fix import fix
from blocker.commands.import_tasks import import_tasks
from blocker.commands.missed import missed
from blocker.commands.more import more
from blocker.commands.pull import pull
from blocker.commands.reassign import reassign
from blocker.commands.swap import swap
from blocker.commands.task_changes import drop_task, edit_task
from blocker.commands.undo import undo
from blocker.commands.verifying import faults_in
from blocker.domain.closing import Decision, Whither
from blocker.domain.errors import Refused, WrongInput, WrongUse
from blocker.domain.interval import Interval
from blocker.workspace import Workspace, open_workspace

HOUR = timedelta(hours=1)
MEMBERS = ("ana", "ben")
START = datetime(2027, 1, 4, 8, tzinfo=UTC)


class Steps:
    """One process's steps; its clock runs from S27 on, eight weeks in all."""

    def __init__(self, folder: Path, seed: int, steps: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.seed = seed
        self.steps = steps
        self.now = START
        self.did: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        for step in range(self.steps):
            self.now = START + timedelta(weeks=8) * (step / self.steps)
            ways: list[Callable[[], object]] = [
                self.add, self.add, self.edit, self.take_in, self.drop, self.book, self.book,
                self.book, self.accept, self.accept, self.done, self.done, self.more, self.missed,
                self.pull, self.swap, self.reassign, self.away, self.close, self.close, self.undo,
                self.check_off, self.fix,
            ]  # fmt: skip
            way = self.chance.choice(ways)
            try:
                way()
            except (Refused, WrongUse, WrongInput):
                self.did[f"not {way.__name__}"] += 1
            else:
                self.did[way.__name__] += 1
            if step % 25 == 0:
                self.check()
        return self.did

    def open(self, asker: str | None = None) -> Workspace:
        config = self.folder / "config.yaml"
        return open_workspace(config, self.now.isoformat(), asker, dict(os.environ))

    def check(self) -> None:
        """What has to hold at any time."""
        with self.open().store(rehearse=True) as store:
            faults = faults_in(store, self.open().team)
        assert not faults, f"{faults}, after {self.did}"

    def task(self, *, is_waiting: bool = False) -> str:
        """Any open one; or one of a later sprint or the backlog."""
        workspace = self.open()
        running = workspace.team.sprints.number_at(self.now)
        with workspace.store(rehearse=True) as store:
            names = [
                name
                for name, one in store.tasks().items()
                if one.task.is_owed and (not is_waiting or (one.task.sprint or 99) > running)
            ]
        return self.chance.choice(names or ["none"])

    def member(self) -> str:
        return self.chance.choice(MEMBERS)

    def add(self) -> None:
        words = {
            "id": f"P{self.seed}-{self.chance.randrange(10_000)}",
            "title": "Some work",
            "owner": self.member(),
            "estimate": self.chance.choice(["30m", "1h", "2h"]),
            "priority": str(self.chance.randint(1, 4)),
            "sprint": self.chance.choice(["current", "next", "backlog"]),
        }
        add_task(self.open("ben"), words, Late(self.chance.random() < 0.3, "CEO"))

    def edit(self) -> None:
        words = self.chance.choice(
            [{"estimate": "30m"}, {"estimate": "3h"}, {"title": "Other"}, {"sprint": "next"}]
        )
        edit_task(self.open("ben"), self.task(), words, "because it is so")

    def take_in(self) -> None:
        rows = [
            f"F{self.seed}-{self.chance.randrange(50)},Filed,{self.member()},"
            f"{self.chance.choice(['1h', '2h'])},{sprint}"
            for sprint in ("current", "next", "backlog")
        ]
        path = self.folder / f"in-{self.seed}.csv"
        path.write_text("id,title,owner,estimate,sprint\n" + "\n".join(rows) + "\n")
        prune = self.chance.random() < 0.2
        import_tasks(self.open("ben"), path, self.chance.choice([None, "next"]), prune=prune)

    def drop(self) -> None:
        drop_task(self.open("ben"), self.task(), "not needed")

    def book(self) -> None:
        sprint = self.chance.choice(["current", "next"])
        book(self.open(), Request(sprint=sprint, effort="quick", explain=False))

    def accept(self) -> None:
        word = self.chance.choice([None, "current", "next"])
        task = self.task()
        waive = ((task, None),) if self.chance.random() < 0.3 else ()
        without = (self.member(),) if self.chance.random() < 0.2 else ()
        accept(self.open("ben"), Asked(word, waive, without=without, because="it is fine"))

    def done(self) -> None:
        done(self.open(self.chance.choice(["ben", None])), self.task())

    def more(self) -> None:
        more(self.open("ben"), self.task(), self.chance.choice([1, 2]) * HOUR, "it grew")

    def missed(self) -> None:
        missed(self.open("ben"), self.task(), "1")

    def pull(self) -> None:
        pull(self.open("ben"), self.task(is_waiting=True))

    def swap(self) -> None:
        swap(self.open("ben"), [self.task()], self.task(is_waiting=True), "press date")

    def reassign(self) -> None:
        reassign(self.open("ben"), self.task(), self.member(), "sick")

    def away(self) -> None:
        start = self.now + self.chance.randrange(72) * HOUR
        off = Interval(start, start + self.chance.randint(1, 4) * HOUR)
        away(self.open("ben"), self.member(), [off], carry=self.chance.random() < 0.5)

    def close(self) -> None:
        shown = preview(self.open())
        decisions = {
            one.task.id: Decision(self.chance.choice(list(Whither)), HOUR)
            for one in shown.unfinished
        }
        close(self.open("ben"), shown.sprint.name, decisions)

    def check_off(self) -> None:
        """A person writes a check mark before a title in their calendar."""
        path = self.folder / "out" / f"{self.member()}.ics"
        with FileLock(f"{path}.people"):
            text = path.read_bytes() if path.exists() else b""
            titles = [line for line in text.split(b"\r\n") if line.startswith(b"SUMMARY:")]
            if titles:
                title = self.chance.choice(titles)
                marked = title.replace(b"SUMMARY:", "SUMMARY:✓ ".encode(), 1)
                path.write_bytes(text.replace(title, marked, 1))

    def fix(self) -> None:
        fix(self.open("ben"), self.task(), 1, effort="quick")

    def undo(self) -> None:
        undo(self.open())


def main() -> None:
    """Run, and say what was done."""
    folder, seed, steps = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    walk = Steps(folder, seed, steps)
    did = walk.run()
    walk.check()
    print(dict(sorted(did.items())))


if __name__ == "__main__":
    main()
