"""Peers that are Python packages, each run as a process of an environment of their own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from blocker.domain.interval import Interval
from tests.benchmarks.instances import Instance
from tests.benchmarks.peers.gaps import axis_of

TOP = Path(__file__).parents[3]


def missing(python: Path, package: str) -> str | None:
    """Why a package cannot run there; None when it can."""
    if not python.exists():
        return f"no environment at {python.parent.parent}"
    code = f"import importlib.util as u; raise SystemExit(u.find_spec({package!r}) is None)"
    done = subprocess.run([str(python), "-c", code], check=False)
    return f"{package} is not installed there" if done.returncode else None


def solved(
    python: Path, package: str, instance: Instance, limit: float
) -> dict[str, tuple[Interval, ...]]:
    """A published instance's blocks by task, from a search of so many seconds.

    Raises RuntimeError with its last words when it fails.
    """
    command = [str(python), "-m", f"tests.benchmarks.peers.{package}", instance.name, str(limit)]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    done = subprocess.run(
        command, cwd=TOP, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{package}: {done.stderr.strip()[-500:]}")
    axis = axis_of(instance.problem)
    return {
        task: tuple(sorted(axis.interval(start, steps) for start, steps in blocks))
        for task, blocks in json.loads(done.stdout.splitlines()[-1]).items()
    }
