"""The chain of commitments: whatever is changed in it afterwards shows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from blocker.domain.commitment import Commitment
from blocker.store.opening import open_store
from blocker.store.sealing import faults_of, seal_of

CLOSED = (25, 26)


@pytest.fixture(scope="module")
def chain():
    with open_store("sqlite://", "team", rehearse=True) as store, store.transaction():
        for sprint in (25, 26, 27, 28):
            at = datetime(2027, 1, sprint - 20, tzinfo=UTC)
            store.seal(Commitment("team", sprint, f"S{sprint}", at, "ben", ()))
        return store.commitments()


def forged(one, old: str, new: str, *, seal: bool):
    content = one.content.replace(old, new)
    assert content != one.content
    return replace(one, content=content, seal=seal_of(content) if seal else one.seal)


def test_it_holds_as_it_was_made_and_with_purged_links(chain):
    assert faults_of(chain, CLOSED) == [] == faults_of([], ())
    purged = [replace(one, content="") for one in chain[:2]]
    assert faults_of([*purged, *chain[2:]], CLOSED) == []


def test_one_that_was_emptied_before_its_sprint_was_closed_is_a_fault(chain):
    emptied = [*chain[:3], replace(chain[3], content="")]
    assert faults_of(emptied, CLOSED) == [
        "commitment 4, of sprint 28, is empty, and only a closed sprint's is ever purged"
    ]


def test_a_changed_content_is_not_what_was_sealed(chain):
    bad = forged(chain[1], '"ben"', '"ana"', seal=False)
    assert faults_of([chain[0], bad, *chain[2:]], CLOSED) == [
        "commitment 2, of sprint 26, is not what was sealed: somebody changed it"
    ]


def test_a_content_that_was_changed_and_sealed_again_breaks_the_chain_behind_it(chain):
    bad = forged(chain[1], '"ben"', '"ana"', seal=True)
    assert faults_of([chain[0], bad, *chain[2:]], CLOSED) == [
        "commitment 3, of sprint 27, does not follow the one before it: the chain is broken there"
    ]


def test_one_that_was_taken_out_is_missed(chain):
    (gone, broken) = faults_of([chain[0], *chain[2:]], CLOSED)
    assert gone == "a commitment before number 3 is missing"
    assert broken.startswith("commitment 3, of sprint 27, does not follow")
    (first, second) = faults_of(chain[1:], CLOSED)
    assert first == "a commitment before number 2 is missing"
    assert second.startswith("commitment 2, of sprint 26, does not follow")


def test_one_kept_for_another_sprint_than_it_was_made_for_is_named(chain):
    (fault,) = faults_of([*chain[:3], replace(chain[3], sprint=99)], CLOSED)
    assert fault == "commitment 4, of sprint 99, was made for sprint 28"


def test_a_purged_seal_that_was_changed_breaks_the_link_behind_it(chain):
    purged = replace(chain[0], content="", seal="0" * 64)
    (fault,) = faults_of([purged, *chain[1:]], CLOSED)
    assert fault.startswith("commitment 2, of sprint 26, does not follow")
