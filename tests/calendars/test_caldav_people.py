"""A person with another program moves and deletes blocks on real servers; theirs wins.

The other program is the PyPI package `caldav`, in an environment of its own: what it brings along
would replace parts of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from datetime import datetime, timedelta
from getpass import getuser
from pathlib import Path

import pytest
from filelock import FileLock

from tests.dav_servers import DavServer, radicale, xandikos
from tests.team import CONFIG, Team

__all__ = ["radicale", "xandikos"]  # fixtures

WANTED = "caldav>=3,<4"
SCRIPT = """
import json, sys
from datetime import timedelta
import caldav

url, username, password, *jobs = json.load(sys.stdin)
with caldav.DAVClient(url=url, username=username, password=password) as client:
    calendar = client.calendar(url=url)
    for job, task, hours in jobs:
        for event in calendar.events():
            part = event.icalendar_component
            if str(part.get("X-BLOCKER-TASK")) != task:
                continue
            if job == "delete":
                event.delete()
            else:
                for name in ("DTSTART", "DTEND"):
                    moment = part[name].dt + timedelta(hours=hours)
                    part.pop(name)
                    part.add(name, moment)
                event.save()
"""


def is_ours_alone(folder: Path) -> bool:
    """A folder, made now if it is not there, in which no other user can put programs for us to run.

    On Windows the place for temporary files is the user's own.
    """
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    return sys.platform == "win32" or (
        found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) == 0o700
    )


@pytest.fixture(scope="session")
def other_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the package; made once and kept for later sessions."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = Path(tempfile.gettempdir()) / f"blocker-tests-of-{getuser()}-caldav-3-{version}"
    if not is_ours_alone(folder):
        folder = tmp_path_factory.mktemp("other")
    place = folder / "environment"
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    with FileLock(folder / "lock"):
        if not (folder / "ready").exists():
            venv.create(place, with_pip=True, clear=True)
            command = [str(python), "-m", "pip", "install", "--quiet", WANTED]
            done = subprocess.run(command, capture_output=True, timeout=300, check=False)
            if done.returncode:
                pytest.skip("the package caldav cannot be had: PyPI does not answer")
            (folder / "ready").touch()
    return python


@dataclass
class Person:
    """Ana, at her own calendar program."""

    python: Path
    server: DavServer
    url: str

    def does(self, *jobs: tuple[str, str, int]) -> None:
        """Each job: 'move' or 'delete', of which task, by how many hours."""
        told = json.dumps([self.url, self.server.username, self.server.password, *jobs])
        done = subprocess.run(
            [str(self.python), "-c", SCRIPT],
            input=told,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture(params=["radicale", "xandikos"])
def server(request: pytest.FixtureRequest) -> DavServer:
    return request.getfixturevalue(request.param)


def blocks(team: Team) -> dict[str, tuple[datetime, datetime]]:
    """What the audit sees on Ana's calendar, by task."""
    report = team.audit("--for", "ana").json
    return {
        task["task"]: (
            datetime.fromisoformat(task["blocks"][0]["start"]),
            datetime.fromisoformat(task["blocks"][-1]["end"]),
        )
        for task in report["members"][0]["tasks"]
        if task["blocks"]
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of this kind")
def test_another_s_folder_is_not_taken_for_ours(tmp_path: Path) -> None:
    ours, open_to_all, link = (tmp_path / name for name in ("ours", "open", "link"))
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    link.symlink_to(ours)
    assert [is_ours_alone(one) for one in (link, ours, ours, link, open_to_all)] == [
        False, True, True, False, False
    ]  # fmt: skip


def test_fault_27_what_a_person_moves_and_deletes_in_another_program_stays_so(
    team: Team, server: DavServer, other_python: Path
) -> None:
    url = server.new_calendar()
    beside = "".join(f", {key}: {value}" for key, value in server.options.items())
    team.write("config.yaml", CONFIG.replace("ics: out/ana.ics", f'caldav: "{url}"{beside}'))
    team.environment["DAV_PASSWORD"] = server.password
    tasks = team.tasks(*(f"T-{n},Task {n},ana,1h,2,,,,," for n in (1, 2, 3)))
    booked = team.book(tasks)
    assert booked.code == 0, booked
    before = blocks(team)
    assert len(before) == 3

    week = 7 * 24
    Person(other_python, server, url).does(("move", "T-1", week), ("delete", "T-2", 0))
    after = blocks(team)
    later = timedelta(hours=week)
    assert after["T-1"] == (before["T-1"][0] + later, before["T-1"][1] + later)
    assert "T-2" not in after and after["T-3"] == before["T-3"]

    again = team.book()
    assert again.code == 0, again
    changes = {block["task"]: block["change"] for block in again.json["members"][0]["blocks"]}
    assert changes == {"T-1": "keep", "T-2": "create", "T-3": "keep"}
    assert "T-2" in again.out and team.audit().code == 0
    quiet = team.book()
    assert {one["change"] for one in quiet.json["members"][0]["blocks"]} == {"keep"}
    undone = team.run("undo", "--yes")
    assert undone.code == 0 and set(blocks(team)) == {"T-1", "T-3"}
