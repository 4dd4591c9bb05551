"""Signing in and out, as a person does it: the program in a process, a browser, Google."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.google_server import GoogleServer
from tests.team import CONFIG, Ran, Team

ANA = "ana@small.example"
GOOGLE = """\
google: {{endpoint: "{endpoint}", client_file: client.json}}
calendars: {{busy: [], blocks: {{google: "{{email}}"}}}}
members:
"""


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    with GoogleServer() as server:
        server.account(ANA)
        server.account("ben@small.example")
        yield server


@pytest.fixture
def signed_out(team: Team, google: GoogleServer) -> Team:
    """A team on Google in which nobody has signed in yet, with a settings folder of its own."""
    head, members = CONFIG.split("members:\n")
    lines = [line for line in members.splitlines() if "calendars:" not in line]
    text = head + GOOGLE.format(endpoint=google.endpoint) + "\n".join(lines) + "\n"
    team.write("config.yaml", text)
    google.client_secrets(team.folder / "client.json")
    team.environment = {
        "XDG_CONFIG_HOME": str(team.folder / "settings"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "BLOCKER_AS": "ana",
        "HTTP_PROXY": "http://127.0.0.1:1",  # not for a server on this machine
    }
    return team


@contextmanager
def started(team: Team, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`login google` under way, under a umask that hides nothing, and the address it prints."""
    command = [sys.executable, "-m", "blocker", "-v", "login", "google", "--no-browser", *words]
    program = subprocess.Popen(
        command,
        cwd=team.folder,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **team.environment},
        umask=0,
    )
    assert program.stderr is not None
    try:
        assert "Open this address" in program.stderr.readline()
        yield program, program.stderr.readline().strip()
    finally:
        program.kill()
        program.wait()
        for stream in (program.stdout, program.stderr):
            assert stream is not None
            stream.close()


def ended(program: subprocess.Popen[str]) -> Ran:
    out, err = program.communicate(timeout=60)
    return Ran(program.returncode, out, err)


def login(team: Team, *words: str) -> Ran:
    with started(team, *words) as (program, address):
        requests.get(address, timeout=30)
        return ended(program)


def kept(team: Team) -> Path:
    (path,) = (team.folder / "settings" / "blocker" / "secrets").iterdir()
    return path


def test_fault_41_a_sign_in_has_pkce_and_state_and_is_kept_for_its_owner_alone(
    signed_out: Team, google: GoogleServer
):
    ran = login(signed_out)
    assert ran.code == 0 and f"signed in as {ANA}" in ran.out
    path = kept(signed_out)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (asked,) = google.asked("oauth.auth")
    assert asked.first("code_challenge_method") == "S256" and asked.first("state")
    assert asked.first("redirect_uri").startswith("http://127.0.0.1:")
    assert asked.first("access_type") == "offline" and asked.first("login_hint") == ANA
    secret = json.loads(path.read_text())
    for word in (secret["token"], secret["refresh_token"], secret["client_secret"]):
        assert word not in ran.out + ran.err


def test_the_least_rights_are_asked_for(signed_out: Team, google: GoogleServer):
    login(signed_out)
    (asked,) = google.asked("oauth.auth")
    rights = [scope.rpartition("/")[2] for scope in asked.first("scope").split()]
    assert rights == ["calendar.events", "calendar.events.freebusy"]


def test_who_has_signed_in_books(signed_out: Team, google: GoogleServer):
    login(signed_out)
    ran = signed_out.book(signed_out.tasks("T-1,Write,ana,2h,1,,,,,"), "--for", "ana")
    assert ran.code == 0, ran.err
    (event,) = google.calendar(ANA).events()
    assert event["extendedProperties"]["private"]["blockerTask"] == "T-1"


def test_fault_41_an_answer_with_another_state_is_refused(signed_out: Team):
    with started(signed_out) as (program, address):
        (home,) = parse_qs(urlsplit(address).query)["redirect_uri"]
        answered = requests.get(f"{home}?code=stolen&state=guessed", timeout=30)
        ran = ended(program)
    assert answered.status_code == 400 and ran.code == 4
    assert "does not belong to this sign-in" in ran.err
    assert not (signed_out.folder / "settings" / "blocker" / "secrets").exists()


def test_fault_41_the_listener_takes_one_answer(signed_out: Team):
    with started(signed_out) as (program, address):
        (home,) = parse_qs(urlsplit(address).query)["redirect_uri"]
        assert requests.get(f"{home}favicon.ico", timeout=30).status_code == 404
        requests.get(address, timeout=30)
        assert ended(program).code == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(home, timeout=30)


def test_who_says_no_is_told_what_to_do(signed_out: Team, google: GoogleServer):
    google.knobs.denies = True
    ran = login(signed_out)
    assert ran.code == 4 and "access_denied" in ran.err and "blocker login google" in ran.err


def test_fault_19_a_right_left_unticked_is_said(signed_out: Team, google: GoogleServer):
    scope = "https://www.googleapis.com/auth/"
    google.knobs.unticked = [f"{scope}calendar.events.freebusy"]
    ran = login(signed_out)
    assert ran.code == 0 and "calendar.events.freebusy was not ticked" in ran.err
    google.knobs.unticked = [f"{scope}calendar.events"]
    ran = login(signed_out)
    assert ran.code == 4 and "tick every box" in ran.err


def test_logout_takes_the_right_back_and_forgets_it(signed_out: Team, google: GoogleServer):
    login(signed_out)
    ran = signed_out.run("logout")
    assert (ran.code, ran.out) == (0, "signed out of Google\n")
    assert not list((signed_out.folder / "settings" / "blocker" / "secrets").iterdir())
    assert not any(grant.alive for grant in google.state.refresh.values())
    ran = signed_out.book(signed_out.tasks("T-1,Write,ana,2h,1,,,,,"), "--for", "ana")
    assert ran.code == 4 and "run: blocker login google" in ran.err + ran.out


def test_logout_forgets_the_sign_in_where_google_cannot_take_it_back(
    signed_out: Team, google: GoogleServer
):
    login(signed_out)
    google.faults.answer("oauth.revoke", 503, "backendError")
    ran = signed_out.run("logout")
    assert ran.code == 4 and "https://myaccount.google.com/permissions" in ran.err
    assert not list((signed_out.folder / "settings" / "blocker" / "secrets").iterdir())
    assert signed_out.run("logout").code == 2


def test_a_token_file_that_the_config_names_is_where_it_is_kept(
    signed_out: Team, google: GoogleServer
):
    text = (signed_out.folder / "config.yaml").read_text()
    signed_out.write(
        "config.yaml", text.replace("client.json}", "client.json, token_file: t.json}")
    )
    google.knobs.testing = True
    assert login(signed_out).code == 0
    path = signed_out.folder / "t.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["account"] == ANA


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file"),
        ("{}", "no OAuth client of an installed program"),
        (
            '{"installed": {"client_id": "x", "auth_uri": "http://evil.example/"}}',
            "no OAuth client",
        ),
    ],
)
def test_a_wrong_client_file_is_named(signed_out: Team, content: str | None, said: str):
    path = signed_out.folder / "client.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    ran = signed_out.run("login", "google", "--no-browser")
    assert ran.code == 3 and said in ran.err and "Desktop app" in ran.err


def test_a_caldav_password_is_kept_and_forgotten(signed_out: Team):
    text = (signed_out.folder / "config.yaml").read_text()
    own = "calendars: {blocks: {caldav: https://dav.example/ana, username: ana}}\n"
    place = "email: ana@small.example\n"
    signed_out.write("config.yaml", text.replace(place, f"{place}    {own}"))
    ran = subprocess.run(
        [sys.executable, "-m", "blocker", "login", "caldav", "--stdin"],
        cwd=signed_out.folder,
        input="swordfish\n",
        capture_output=True,
        text=True,
        env={**os.environ, **signed_out.environment},
        check=False,
    )
    assert ran.returncode == 0 and "password of ana at dav.example is kept" in ran.stdout
    assert "swordfish" not in ran.stdout + ran.stderr
    assert kept(signed_out).read_text() == "swordfish"
    ran = signed_out.run("logout", "caldav")
    assert ran.out == "the password of ana at dav.example is forgotten\n"
    assert signed_out.run("login", "caldav").code == 2
