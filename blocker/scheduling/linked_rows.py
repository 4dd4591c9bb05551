"""Jobs that wait for each other, as rows of the relaxation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocker.scheduling.facts import Job
from blocker.scheduling.linear import Term

if TYPE_CHECKING:
    from blocker.scheduling.relaxation import Relaxation


def add_links(relaxation: Relaxation) -> None:
    """Jobs that wait begin after what they wait for is over."""
    linked = [
        job for job in relaxation.facts.jobs if job.before or relaxation.facts.followers[job.index]
    ]
    begin: dict[int, int] = {}
    over: dict[int, int] = {}
    for job in linked:
        begin[job.index] = relaxation.model.column(relaxation.horizon, is_whole=False)
        over[job.index] = relaxation.model.column(
            relaxation.horizon, job.standing_end or 0, is_whole=False
        )
        _moments(relaxation, job, begin[job.index], over[job.index])
    for job in linked:
        for before, lag in job.before if relaxation.pairs(job) else ():
            _after(relaxation, job, relaxation.facts.jobs[before], lag)
            row: list[Term] = [(begin[job.index], 1), (over[before], -1)]
            least = lag
            if not relaxation.all_booked:
                begun = relaxation.model.column(1)
                for pair, _ in relaxation.pairs(job):
                    relaxation.model.row([(begun, 1), (relaxation.used[pair], -1)], low=0)
                row.append((begun, -(relaxation.horizon + lag)))
                least = -relaxation.horizon
            relaxation.model.row(row, low=least)


def _moments(relaxation: Relaxation, job: Job, begin: int, over: int) -> None:
    """A job is over after its blocks in every piece that it uses, and has begun before them."""
    for pair, option in relaxation.pairs(job):
        used, rest = relaxation.used[pair], relaxation.facts.pieces[pair[1]].rest
        load = relaxation.load(pair)
        after = [(column, -weight) for column, weight in load]
        relaxation.model.row([(over, 1), (used, rest - option.start), *after], low=0)
        slack = relaxation.horizon - option.end - rest
        relaxation.model.row([(begin, 1), *load, (used, slack)], high=relaxation.horizon)


def _after(relaxation: Relaxation, job: Job, before: Job, lag: int) -> None:
    """Pairs of a follower only with what it waits for, and never in pieces that are over when
    that can be."""
    for pair, _ in relaxation.pairs(job):
        relaxation.model.row(
            [(relaxation.used[pair], 1), (relaxation.booked[before.index], -1)], high=0
        )
    for earlier, option in relaxation.pairs(before):
        over = option.start + before.shortest + lag
        for pair, own in relaxation.pairs(job):
            if own.end - job.shortest < over:
                relaxation.model.row(
                    [(relaxation.used[earlier], 1), (relaxation.used[pair], 1)], high=1
                )
