"""`init`: a config of one's own, or the example with its fixtures."""

from __future__ import annotations

import shutil
from pathlib import Path

from blocker.domain.errors import Refused, Unreachable, WrongInput, WrongUse
from blocker.intake.config import load

CONFIG = "config.yaml"
_FOR_TESTS = ("mistakes", "pictures")
"""Fixtures that say nothing to a new team."""


def write_example(folder: Path) -> list[Path]:
    """Write the example's config and fixtures into a folder; returns what was written.

    Raises Refused when one of them is there already, Unreachable when the folder cannot be written.
    """
    source = example_source()
    config, fixtures = folder / CONFIG, folder / "fixtures"
    for path in (config, fixtures):
        if path.exists():
            raise Refused(f"{path} is there already; name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "config.example.yaml", config)
        shutil.copytree(source / "fixtures", fixtures, ignore=shutil.ignore_patterns(*_FOR_TESTS))
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise Unreachable(f"{folder}: cannot be written ({reason}); name another folder") from None
    return [config, fixtures]


def example_source() -> Path:
    """Where the example lies: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "example"
    return inside if inside.exists() else package.parent


def write_config(path: Path, text: str) -> None:
    """A new config, never over an old one, and none that could not be loaded.

    Raises Refused, Unreachable, WrongUse with what is wrong in the answers.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
        load(path, {})
    except WrongInput as wrong:
        path.unlink()
        said = "; ".join(f"{one.place}: {one.message}" for one in wrong.mistakes)
        raise WrongUse(f"these answers make no config: {said}") from None
    except FileExistsError:
        raise Refused(f"{path} is there already; name another with -c") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise Unreachable(f"{path}: cannot be written ({reason}); name another with -c") from None
