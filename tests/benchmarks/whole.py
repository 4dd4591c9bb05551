"""Whole processes, run in turn so that each round is one moment's ratio."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.benchmarks import as_files
from tests.benchmarks.instances import Instance
from tests.benchmarks.peers import khal

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Whole:
    """Medians over rounds: seconds of `book`, of `book --dry-run`, and both in lists of khal."""

    book: float
    dry_run: float
    khal: float | None
    book_ratio: float | None
    dry_ratio: float | None


def seconds(command: list[str], *codes: int) -> float:
    """How long a process takes that ends with one of these codes.  Raises RuntimeError."""
    start = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    taken = perf_counter() - start
    if done.returncode not in codes:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return taken


def timed(instance: Instance, khal_at: Path | None, rounds: int = ROUNDS) -> Whole:
    """`book` on files whose tasks were taken in before, beside `khal list` of the same calendar."""
    books, dry_runs, lists = [], [], []
    with TemporaryDirectory() as name:
        folder = Path(name)
        template = folder / "template"
        template.mkdir()
        as_files.write(instance, template)
        blocker = str(Path(sys.executable).with_name("blocker"))

        def command(where: Path, *words: str) -> list[str]:
            return [blocker, "-c", str(where / "config.yaml"), "--now", as_files.BEFORE, *words]

        seconds(command(template, "import", "--sprint", "next", str(template / "tasks.csv")), 0)
        khal.write(instance, folder)
        for number in range(rounds):
            if khal_at:
                lists.append(seconds(khal.command(khal_at, folder), 0))
            dry_runs.append(
                seconds(command(template, "book", "--sprint", "next", "--dry-run"), 0, 1)
            )
            fresh = folder / str(number)
            shutil.copytree(template, fresh)
            books.append(seconds(command(fresh, "book", "--sprint", "next"), 0, 1))

    def ratio(ours: list[float]) -> float | None:
        return median(a / b for a, b in zip(ours, lists, strict=True)) if lists else None

    return Whole(
        median(books),
        median(dry_runs),
        median(lists) if lists else None,
        ratio(books),
        ratio(dry_runs),
    )
