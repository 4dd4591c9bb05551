"""Two processes on one store, a thousand random commands: what has to hold holds all the way.

One state for each sprint, nothing in an accepted sprint without a record, the chain as it was
sealed, and never an error of the lock: `random_steps.py` looks every 25 steps.
"""

import ast
import subprocess
import sys

from blocker.commands.verifying import faults_in
from blocker.domain.sprint import SprintState
from tests.team import CONFIG

STEPS = 500
PATIENCE_SECONDS = 900


def test_what_has_to_hold_holds_all_the_way(team, store_url):
    team.write("config.yaml", f"store: {store_url}\n" + CONFIG)
    with team.open().store():
        pass  # the tables are there before two ask for them
    both = [
        subprocess.Popen(
            [
                sys.executable,
                *("-m", "tests.commands.random_steps"),
                *(str(team.folder), str(seed), str(STEPS)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in (1, 2)
    ]
    ends = [(*one.communicate(timeout=PATIENCE_SECONDS), one.returncode) for one in both]
    for _, err, code in ends:
        assert code == 0, err[-4000:]
    did = [ast.literal_eval(out) for out, _, _ in ends]
    for way in ("add", "book", "close", "done", "more", "away"):
        assert sum(one.get(way, 0) for one in did) > 0, f"never once: {way}; {did}"
    with team.open().store(rehearse=True) as store:
        assert faults_in(store, team.open().team) == []
        assert len(store.commitments()) >= 3
        assert SprintState.CLOSED in store.sprint_states().values()
