"""Every planted damage is caught, each by its own codes, and what is undamaged has no error."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocker.commands.accept import Asked, accept
from blocker.domain.finding import Code
from tests.auditing import damages
from tests.auditing.planted import AFTER, CONFIG, KINDS, ROWS, ZONES, Said
from tests.team import Team

DRIFT = {"moved", "shrunk", "stretched", "deleted"}
"""What can be said of an accepted sprint alone."""


@pytest.fixture(scope="module", params=["planned", "accepted"])
def booked(request, tmp_path_factory) -> Team:
    """Three members' calendars as `book` writes them; what is in order gives no finding at all."""
    team = Team(tmp_path_factory.mktemp(request.param))
    team.write("config.yaml", CONFIG)
    for member in ZONES:
        team.calendar(member)
    team.booked(*ROWS)
    if request.param == "accepted":
        assert accept(team.open(asker="ben"), Asked()).commitment is not None
    assert said_of(team) == set()
    return team


@contextmanager
def copy_of(team: Team) -> Iterator[Team]:
    with TemporaryDirectory() as name:
        shutil.copytree(team.folder, name, dirs_exist_ok=True)
        yield Team(Path(name))


def said_of(team: Team) -> set[Said]:
    return {
        (
            member.member,
            one.task,
            one.code.value.upper() if one.severity.value == "error" else one.code.value,
        )
        for member in team.audited().members
        for one in member.findings
    }


def not_as_due(team: Team, due: set[Said], *, accepted: bool) -> dict[str, set[Said]]:
    """What the audit lacks, and what it says beyond.

    Who waits for a damaged task, or is damaged, may also be out of order.
    """
    due = {one for one in due if accepted or one[2] not in DRIFT}
    hit = {task for _, task, _ in due}
    said = said_of(team)
    late = {one for one in said - due if one[2] == "OUT_OF_ORDER"}
    late = {one for one in late if one[1] in hit or AFTER[one[1]] in hit}
    return {"lacking": due - said, "beyond": said - due - late}


IN_ORDER: dict[str, set[Said]] = {"lacking": set(), "beyond": set()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_planted_damage_is_caught_wherever_it_is(booked, kind):
    """Before acceptance one place of each kind is enough: the rules are the same."""
    accepted = booked.audited().accepted is not None
    places = kind.places(booked)
    for member, block in places if accepted else places[:1]:
        with copy_of(booked) as team:
            due = kind.plant(team, member, block)
            assert not_as_due(team, due, accepted=accepted) == IN_ORDER, (member, block)


@settings(max_examples=40)
@given(data=st.data())
def test_two_damages_at_once_are_both_found(booked, data):
    """Each to another member's calendar; what is about the order of two members' blocks is not."""
    kinds = [kind for kind in KINDS if kind.at != "awaited"]
    accepted = booked.audited().accepted is not None
    due: set[Said] = set()
    with copy_of(booked) as team:
        for member in ("ana", "chloe"):
            kind = data.draw(st.sampled_from(kinds), f"what befalls {member}")
            own = [one for one in kind.places(booked) if one[0] == member]
            if own:
                due |= kind.plant(team, *data.draw(st.sampled_from(own)))
        assert not_as_due(team, due, accepted=accepted) == IN_ORDER


def test_every_code_a_calendar_can_trip_is_among_them():
    """What is left needs a task without an outcome, free/busy alone, or a waiver."""
    named = {code.lower() for kind in KINDS for code in kind.codes} | {"missing"}
    named |= {"out_of_order"}  # of what waits for the block that is damaged
    others = {Code.NO_OUTCOME, Code.UNVERIFIABLE, Code.WAIVED}
    assert {Code(one) for one in named - {"gone"}} == set(Code) - others
    assert len(KINDS) >= 20 and {kind.do.__module__ for kind in KINDS} == {damages.__name__}
