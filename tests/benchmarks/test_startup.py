"""Start-up: `--help` pays for click alone.  Ratios of runs measured side by side."""

import re
import subprocess
import sys
import time

HEAVY = (
    "highspy",
    "googleapiclient",
    "google_auth_oauthlib",
    "icalendar",
    "sqlalchemy",
    "alembic",
    "pydantic",
    "yaml",
    "rich",
    "openpyxl",
    "holidays",
)


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def best_seconds(code: str) -> float:
    start = time.perf_counter()
    run(code)
    return time.perf_counter() - start


HELP = (
    "import sys; sys.argv = ['blocker', '--help']\n"
    "from blocker.cli.main import main\n"
    "try: main()\n"
    "except SystemExit: pass\n"
)


def test_help_imports_nothing_heavy():
    loaded = run(HELP + "print('MODULES', *sys.modules)").rpartition("MODULES")[2].split()
    assert "click" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_help_starts_within_two_and_a_half_times_click_alone():
    ratios = []
    for _ in range(7):
        alone = best_seconds("import click")
        ratios.append(best_seconds(HELP) / alone)
    assert min(ratios) <= 2.5, ratios


def test_a_booking_of_files_imports_neither_google_nor_alembic_when_the_store_is_there(team):
    name = team.tasks("T-1,Landing page,ana,2h,1,,,,,")
    assert team.run("book", name).code == 0
    arguments = ["blocker", *team.arguments("book", name)]
    code = (
        f"import sys; sys.argv = {arguments!r}\n"
        "from blocker.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as stop: print('CODE', stop.code)\n"
        "print('MODULES', *sys.modules)"
    )
    loaded = run(code).rpartition("MODULES")[2].split()
    assert "sqlalchemy" in loaded
    unused = ("alembic", "googleapiclient", "google_auth_oauthlib", "highspy", "openpyxl")
    far = ("google", "httplib2", "requests", "urllib3", "keyring", "http.client")
    assert [name for name in (*unused, *far) if name in loaded] == []
    own = [name for name in loaded if name.startswith("blocker.calendars.")]
    assert not [name for name in own if re.search("google|caldav|url|web|secrets", name)]
