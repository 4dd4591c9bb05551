"""The small team with its calendars at Google: a server of our own on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.google_server import GoogleServer
from tests.team import CONFIG, Team

GOOGLE = """\
calendars: {{busy: [{{google: "{{email}}"}}], blocks: {{google: "{{email}}"}}}}
google: {{endpoint: "{endpoint}", token_file: token.json}}
"""
MANAGER = "ben@small.example"
EVERYTHING = [
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.events.freebusy",
    "https://www.googleapis.com/auth/spreadsheets",
]


@contextmanager
def google_team(folder: Path) -> Iterator[tuple[GoogleServer, Team]]:
    """Ana and Ben, who let Ben's sign-in write to both; leaving fails if a request broke rules."""
    with GoogleServer() as google:
        for email in ("ana@small.example", MANAGER):
            google.account(email).share(MANAGER, "owner")
        google.token_file(folder / "token.json", MANAGER, EVERYTHING)
        team = Team(folder, environment={"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"})
        lines = [line for line in CONFIG.splitlines() if "calendars:" not in line]
        team.write("config.yaml", "\n".join(lines) + "\n" + GOOGLE.format(endpoint=google.endpoint))
        yield google, team
