"""khal (PyPI): `khal list` of the calendar that `book` reads, the measure for a whole process."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.as_files import calendar, events
from tests.benchmarks.instances import Instance

_CONFIG = """\
[calendars]
[[busy]]
path = {folder}/khal
type = calendar
readonly = True
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Paris
default_timezone = Europe/Paris
[sqlite]
path = {folder}/khal.db
"""


def write(instance: Instance, folder: Path) -> None:
    """Writes khal's config and the same meetings as a folder of one file each, as khal wants."""
    (folder / "khal").mkdir()
    for number, text in enumerate(events(instance.problem.desks[0])):
        (folder / "khal" / f"{number}.ics").write_bytes(calendar([text]))
    (folder / "khal.conf").write_text(_CONFIG.format(folder=folder), encoding="utf-8")


def command(khal: Path, folder: Path) -> list[str]:
    """Lists the two weeks of the sprint; khal keeps its own cache from the second run on."""
    return [str(khal), "-c", str(folder / "khal.conf"), "list", "2027-01-04", "14d"]
