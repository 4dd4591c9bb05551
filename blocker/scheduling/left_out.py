"""Which tasks a plan leaves out, without the reasons: these cost most where much is left out."""

from __future__ import annotations

from blocker.scheduling.planner import Effort, plan_whole
from blocker.scheduling.problem import Problem
from blocker.scheduling.release import with_released
from blocker.scheduling.solving import Answer, Group, groups, solve


def left_out(problem: Problem, effort: Effort) -> frozenset[str]:
    """The tasks that lack time in the problem's plan (`plan_whole`).

    Raises KeyboardInterrupt when interrupted, since a plan cut short is of no use here.
    """
    found: set[str] = set()
    for group in groups(problem):
        answer = _answer(problem, group, effort)
        if any(not job.is_whole and answer.time(job) for job in answer.lacking()):
            # its remainder may be planned in a second round
            plans = plan_whole(problem, effort=effort)
            return frozenset(lack.task for one in plans for lack in one.unbooked)
        refused = set(answer.facts.refused)
        found |= {job.task for job in answer.lacking()}
        found |= {
            work.task
            for work in group.works
            if work.missing and (work.is_stuck or work.task in refused)
        }
    return frozenset(found)


def _answer(problem: Problem, group: Group, effort: Effort) -> Answer:
    answer = solve(problem, group, effort)
    if problem.may_release and answer.lacking() and not answer.is_cut_short:
        answer = with_released(problem, group, answer, effort)
    if answer.is_cut_short:
        raise KeyboardInterrupt
    return answer
