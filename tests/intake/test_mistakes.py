"""The gallery: every wrong file in fixtures/mistakes gives exactly the message beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocker.domain.errors import WrongInput
from blocker.intake.config import load
from blocker.intake.tasks_file import read_tasks

GALLERY = Path(__file__).parents[2] / "fixtures" / "mistakes"
CASES = sorted(path.name for path in GALLERY.iterdir() if path.is_dir())


def read(folder: Path) -> None:
    """Read what lies in the current folder, as a command would."""
    config_path = Path("config.yaml")
    config = load(config_path if config_path.exists() else Path("../team.yaml"), {})
    for tasks in Path().glob("tasks.*"):
        read_tasks(tasks, team=config.team, columns=config.columns, locale=config.locale, known={})


@pytest.mark.parametrize("case", CASES)
def test_the_message_beside_it(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = GALLERY / case
    monkeypatch.chdir(folder)
    with pytest.raises(WrongInput) as caught:
        read(folder)
    expected = (folder / "message.txt").read_text(encoding="utf-8")
    assert f"{caught.value}\n" == expected


def test_the_gallery_is_large() -> None:
    assert len(CASES) >= 35


@pytest.mark.parametrize("case", CASES)
def test_every_line_has_a_place_and_a_remedy(case: str) -> None:
    for line in (GALLERY / case / "message.txt").read_text(encoding="utf-8").splitlines():
        file, _, rest = line.partition(": ")
        assert file.split(":")[0] in (
            "config.yaml",
            "people.csv",
            *(f"tasks.{x}" for x in ["csv", "xls", "xlsx", "yaml"]),
        )
        assert "; " in rest
        for word in ("pydantic", "Traceback", "input_value", "NoneType", "Errno"):
            assert word not in line


def test_fault_41_no_mistake_shows_a_secret() -> None:
    folder = GALLERY / "config-secrets"
    assert (folder / "config.yaml").read_text(encoding="utf-8").count("hunter2") >= 5
    assert "hunter2" not in (folder / "message.txt").read_text(encoding="utf-8")
