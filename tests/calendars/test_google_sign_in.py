"""What is said of a sign-in with Google."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from blocker.calendars.access import Access
from blocker.calendars.google.accounts import Place
from blocker.calendars.google.errors import SCOPES
from blocker.calendars.google.facts import sign_in_facts
from blocker.calendars.google.listener import Listener, WrongState
from blocker.calendars.google.sign_in import read_client, sign_in
from blocker.domain.errors import Unreachable
from tests.calendars.google_worlds import ANA, World
from tests.calendars.texts import NOW


def kept(world: World, **more: object) -> None:
    held = {"token": "ya29.x", "refresh_token": "1//x", "account": ANA, "scopes": [*SCOPES]}
    world.token_file.write_text(json.dumps({**held, **more}))


def test_account_rights_age_and_expiry_are_shown_and_no_secret(world: World):
    began, until = NOW - timedelta(days=5), NOW + timedelta(minutes=40)
    kept(world, signed_in=began.isoformat(), expiry=until.isoformat())
    found = sign_in_facts(Access(NOW), world.options())
    assert found.facts == (
        f"signed in as {ANA}; rights: calendar.events, calendar.events.freebusy; "
        "since 2026-12-23 (5 days); token until 2026-12-28 08:40 UTC, then renewed by itself; "
        "while its client is in Testing it ends after seven days"
    )
    assert found.warnings == ()


def test_a_client_in_testing_and_a_right_left_out_are_warned_of(world: World):
    kept(world, refresh_ends=(NOW + timedelta(days=2)).isoformat(), scopes=[SCOPES[0]])
    ends, right = sign_in_facts(Access(NOW), world.options()).warnings
    assert "ends on 2026-12-30" in ends and "publish it" in ends
    assert "calendar.events.freebusy was not ticked" in right


def test_a_service_account_says_what_the_admin_must_allow(world: World):
    key = world.google.service_account(world.folder / "robot.json")
    found = sign_in_facts(Access(NOW), {"service_account": str(key)})
    assert "robot@blocker.iam.gserviceaccount.com" in found.facts
    assert "100000000000000000001" in found.facts and SCOPES[0] in found.facts


@pytest.mark.parametrize("text", [None, "no JSON", "[]"])
def test_fault_19_no_sign_in_or_a_broken_one_says_how_to_sign_in(world: World, text: str | None):
    world.token_file.unlink()
    if text is not None:
        world.token_file.write_text(text)
    with pytest.raises(Unreachable, match="run: blocker login google"):
        sign_in_facts(Access(NOW), world.options())


def test_a_browser_that_never_answers_is_not_waited_for_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    client = read_client(world.google.client_secrets(world.folder / "client.json"))
    shown: list[str] = []
    with pytest.raises(Unreachable, match="no answer came from the browser in 0 seconds"):
        sign_in(client, Place(world.options(), None), shown.append, now=NOW, seconds=0.05)
    assert len(shown) == 1


def test_fault_41_a_state_in_any_letters_is_a_wrong_one():
    listener = Listener("abc")
    with ThreadPoolExecutor(1) as browser:
        answer = browser.submit(requests.get, f"{listener.address}?code=1&state=%C3%A9", timeout=30)
        with pytest.raises(WrongState):
            listener.wait(30)
        assert answer.result().status_code == 400
