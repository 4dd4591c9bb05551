"""`book` interrupted while it plans: it shows the best plan so far and books nothing."""

import subprocess
import sys

PATCHED = """
import signal, sys
from blocker.scheduling import solving
def interrupt(*_, **__):
    signal.raise_signal(signal.SIGINT)
solving.walked = interrupt
sys.argv = {arguments!r}
from blocker.cli.main import main
main()
"""


def test_ctrl_c_while_it_plans_shows_the_best_so_far_and_books_nothing(team):
    name = team.tasks("T-1,Landing page,ana,3h,1,,,,,", "T-2,Blog post,ana,1h,2,,,,,")
    arguments = ["blocker", *team.arguments("book", str(team.folder / name))]
    done = subprocess.run(
        [sys.executable, "-c", PATCHED.format(arguments=arguments)],
        cwd=team.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    assert "nothing was booked" in done.stderr
    assert "Landing page" in done.stdout
    assert "Traceback" not in done.stderr
    assert not (team.folder / "out").exists()
    assert team.booked("T-1,Landing page,ana,3h,1,,,,,").fits
