"""Jobs that wait for each other, as rows of the relaxation."""

from __future__ import annotations

from blocker.scheduling.facts import Job
from blocker.scheduling.linear import Term
from blocker.scheduling.pairs import Pairs


def add_links(pairs: Pairs) -> None:
    """Jobs that wait begin after what they wait for is over."""
    linked = [job for job in pairs.facts.jobs if job.before or pairs.facts.followers[job.index]]
    begin: dict[int, int] = {}
    over: dict[int, int] = {}
    for job in linked:
        begin[job.index] = pairs.model.column(pairs.horizon, is_whole=False)
        over[job.index] = pairs.model.column(pairs.horizon, job.standing_end or 0, is_whole=False)
        _moments(pairs, job, begin[job.index], over[job.index])
    for job in linked:
        for before, lag in job.before if pairs.pairs(job) else ():
            _after(pairs, job, pairs.facts.jobs[before], lag)
            row: list[Term] = [(begin[job.index], 1), (over[before], -1)]
            least = lag
            if not pairs.all_booked:
                begun = pairs.model.column(1)
                for pair, _ in pairs.pairs(job):
                    pairs.model.row([(begun, 1), (pairs.used[pair], -1)], low=0)
                row.append((begun, -(pairs.horizon + lag)))
                least = -pairs.horizon
            pairs.model.row(row, low=least)


def _moments(pairs: Pairs, job: Job, begin: int, over: int) -> None:
    """A job is over after its blocks in every piece that it uses, and has begun before them."""
    for pair, option in pairs.pairs(job):
        used, rest = pairs.used[pair], pairs.facts.pieces[pair[1]].rest
        load = pairs.load(pair)
        after = [(column, -weight) for column, weight in load]
        pairs.model.row([(over, 1), (used, rest - option.start), *after], low=0)
        slack = pairs.horizon - option.end - rest
        pairs.model.row([(begin, 1), *load, (used, slack)], high=pairs.horizon)


def _after(pairs: Pairs, job: Job, before: Job, lag: int) -> None:
    """Pairs of a follower only with what it waits for, and never in pieces that are over when
    that can be."""
    for pair, _ in pairs.pairs(job):
        pairs.model.row([(pairs.used[pair], 1), (pairs.booked[before.index], -1)], high=0)
    for earlier, option in pairs.pairs(before):
        over = option.start + before.shortest + lag
        for pair, own in pairs.pairs(job):
            if own.end - job.shortest < over:
                pairs.model.row([(pairs.used[earlier], 1), (pairs.used[pair], 1)], high=1)
