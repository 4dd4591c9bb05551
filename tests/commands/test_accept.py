"""The gate: a sprint is accepted only when every committed hour stands in a calendar."""

import json
import subprocess
import sys

import pytest

from blocker.commands.accept import Asked, accept
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.finding import Code
from blocker.domain.sprint import SprintState
from blocker.store.sealing import seal_of
from tests.team import Team

ROWS = ("T-1,Landing page,ana,3h,1,,,,leads,", "T-2,Report,ben,1h,2,,,,leads,")
TOO_MUCH = "T-9,Everything,ana,70h,4,,,,leads,"


def accepted(team: Team, now: str | None = None, asker: str | None = "ben", **asked):
    return accept(team.open(now, asker), Asked(**asked))


def state(team: Team, sprint: int = 27) -> SprintState:
    with team.open().store(rehearse=True) as store:
        return store.sprint_states().get(sprint, SprintState.PLANNED)


def commitments(team: Team) -> list:
    with team.open().store(rehearse=True) as store:
        return store.commitments()


@pytest.fixture
def booked(team) -> Team:
    team.booked(*ROWS)
    return team


def test_what_is_accepted_is_kept_whole_and_sealed(booked):
    answer = accepted(booked)
    assert state(booked) is SprintState.ACCEPTED
    (sealed,) = commitments(booked)
    kept = sealed.commitment
    assert kept == answer.commitment
    assert (kept.accepted_by, kept.sprint_name, kept.previous) == ("ben", "S27", None)
    assert {one.id: (one.owner, len(one.blocks)) for one in kept.tasks} == {
        "T-1": ("ana", 2),
        "T-2": ("ben", 1),
    }
    assert sealed.seal == answer.seal == seal_of(sealed.content)
    assert json.loads(sealed.content)["tasks"][0]["estimate"] == "PT3H"


def test_a_task_that_lacks_time_stops_it_and_is_named_with_its_owner_and_minutes(team):
    team.booked(*ROWS, TOO_MUCH)
    ran = team.run("--as", "ben", "accept", "--format", "json")
    assert ran.code == 1
    assert not ran.json["accepted"]
    assert ran.json["uncovered"] == [
        {
            "task": "T-9",
            "title": "Everything",
            "member": "ana",
            "estimate_minutes": 4200,
            "lacking_minutes": 4200,
            "codes": ["missing"],
        }
    ]
    assert state(team) is SprintState.PLANNED
    shown = team.run("--as", "ben", "accept").out
    assert "S27 is not accepted: 1 of 3 tasks is not in order, 70h are lacking." in shown
    assert "--waive T-9 --because TEXT" in shown


@pytest.mark.parametrize("code", [None, Code.MISSING])
def test_a_waiver_lets_one_task_through_with_its_reason(team, code):
    team.booked(*ROWS, TOO_MUCH)
    answer = accepted(team, waive=(("T-9", code),), because="the agency does it")
    assert [one.because for one in answer.commitment.waivers] == ["the agency does it"]
    (ana, _) = team.audited().members
    assert [one.code for one in ana.findings] == [Code.WAIVED]
    assert "the agency does it" in ana.findings[0].message


def test_who_is_ill_goes_into_the_next_sprint_and_the_rest_is_accepted(booked):
    answer = accepted(booked, without=("ana",), because="sick")
    assert [one.id for one in answer.commitment.tasks] == ["T-2"]
    assert answer.commitment.exceptions[0].tasks == ("T-1",)
    with booked.open().store(rehearse=True) as store:
        assert store.tasks()["T-1"].task.sprint == 28
    booked.booked(members=("ana",), sprint="S27")
    assert booked.standing() == {}


def test_the_chain(booked):
    accepted(booked)
    booked.booked("T-3,Blog,ana,1h,1,,,,leads,S28", sprint="S28")
    with booked.open().store() as store, store.transaction():
        for number in (27,):
            store.set_sprint_state(number, SprintState.CLOSED)
        for name in ("T-1", "T-2"):
            store.remove_tasks([name])
    accepted(booked, sprint="S28")
    first, second = commitments(booked)
    assert second.commitment.previous == first.seal


@pytest.mark.parametrize(
    ("asked", "words", "kind"),
    [
        ({"asker": None}, "accept needs to know who decides", WrongUse),
        ({"asker": "ana"}, "Ana Ruiz is none; ask Ben Carter", Refused),
        ({"now": "2027-01-18T09:00", "sprint": "S27"}, "S27 is over", Refused),
        ({"sprint": "S30"}, "S30 has no open tasks", Refused),
        ({"waive": (("T-1", None),)}, "needs its reason: --because", WrongUse),
        ({"waive": (("T-1", None),), "because": " "}, "needs its reason", WrongUse),
        ({"waive": (("NO-1", None),), "because": "x"}, "there is no task 'NO-1'", WrongUse),
        ({"waive": (("T-1", None),), "because": "x"}, "T-1 “Landing page” has no error", Refused),
        ({"unreadable": ("ana",), "because": "x"}, "can be read", Refused),
        ({"unreadable": ("eve",), "because": "x"}, "is called 'eve'", WrongUse),
        ({"without": ("ana",)}, "needs its reason", WrongUse),
    ],
)
def test_bad_input_is_a_sentence_and_changes_nothing(booked, asked, words, kind):
    with pytest.raises(kind, match=words):
        accepted(booked, **asked)
    assert state(booked) is SprintState.PLANNED
    assert commitments(booked) == []


def test_twice_names_who_was_first(booked):
    accepted(booked)
    with pytest.raises(Refused, match="S27 was accepted already by Ben Carter, Mon 4 Jan 08:00"):
        accepted(booked)


def test_what_an_earlier_sprint_left_unfinished_is_decided_first(booked):
    booked.booked("T-3,Blog,ana,1h,1,,,,leads,S28", sprint="S28")
    with pytest.raises(Refused, match=r"S27 has unfinished .*T-1, T-2; .*close S27 --preview"):
        accepted(booked, sprint="S28")


def test_a_calendar_that_cannot_be_read_stops_it_unless_waived(booked):
    booked.write("ben.ics", "<html>sign in</html>")
    answer = accepted(booked)
    assert answer.commitment is None
    answer = accepted(booked, unreadable=("ben",), because="seen on the screen")
    assert answer.commitment.waivers[0].member == "ben"
    assert booked.audited().ok


def test_no_meeting_is_named_in_what_is_kept(team):
    secret = "SUMMARY:Interview at a rival\nDTSTART:20270105T083000Z\nDTEND:20270105T090000Z"
    team.calendar("ben", secret)
    team.booked(*ROWS)
    block = team.standing("ben")["T-2/1"]
    on_it = "SUMMARY:Interview at a rival\nDTSTART:{:%Y%m%dT%H%M%SZ}\nDTEND:{:%Y%m%dT%H%M%SZ}"
    team.calendar("ben", on_it.format(block.start, block.end))
    accepted(team, waive=(("T-2", None),), because="he declines it")
    assert "rival" not in commitments(team)[0].content


def test_of_two_managers_at_once_one_wins_and_the_other_is_told(booked):
    words = [sys.executable, "-m", "blocker", *booked.arguments("--as", "ben", "accept")]
    both = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ends = [(*one.communicate(timeout=120), one.returncode) for one in both]
    assert sorted(code for _, _, code in ends) == [0, 1]
    (told,) = [err for _, err, code in ends if code == 1]
    assert "accepted already by Ben Carter" in told
    assert len(commitments(booked)) == 1
