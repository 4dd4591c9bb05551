"""A table from a file, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from blocker.intake.csv_sheet import read_csv
from blocker.intake.plain_text import read_bytes
from blocker.intake.problems import Mistakes
from blocker.intake.sheet import LARGEST, Sheet
from blocker.intake.xlsx_sheet import read_xlsx


def read_sheet(
    path: Path, columns: Mapping[str, str], locale: str | None, mistakes: Mistakes
) -> Sheet:
    """By its content where that is plain (a zip archive is a workbook), else by its name.

    `columns` are names of columns that tell the right separator of a CSV, besides those of tasks.
    Adds what is wrong with the table as such to `mistakes`.  Raises WrongInput in one line when it
    is none.
    """
    data = read_bytes(path, LARGEST)
    if data.startswith(b"PK\x03\x04"):
        return read_xlsx(data, path, locale)
    if path.suffix.casefold() in (".yaml", ".yml", ".json"):
        from blocker.intake.yaml_sheet import read_yaml_sheet  # PyYAML, and most tasks are CSV

        return read_yaml_sheet(data, path, mistakes)
    return read_csv(data, path, columns, mistakes)
