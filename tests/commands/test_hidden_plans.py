"""What can fit fits, in no more blocks than somebody found before us; from files to files."""

import pytest

from blocker.commands.audit import audit
from blocker.commands.book import Request, book
from blocker.workspace import open_workspace
from tests.commands.hidden import world


@pytest.mark.parametrize("seed", range(24))
def test_a_team_with_a_plan_that_fits_is_booked_whole(tmp_path, seed):
    hidden = world(seed)
    hidden.write(tmp_path)
    workspace = open_workspace(tmp_path / "config.yaml", hidden.now, None, {})
    booking = book(workspace, Request(tmp_path / "tasks.csv"))
    assert [one for member in booking.members for one in member.unbooked] == []
    assert sum(len(member.changes) for member in booking.members) <= hidden.blocks
    report = audit(workspace).report
    assert [finding for member in report.members for finding in member.findings] == []
