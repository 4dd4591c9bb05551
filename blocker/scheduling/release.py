"""Moving own blocks, only where that books a task that has no room otherwise."""

from __future__ import annotations

from dataclasses import replace

from blocker.scheduling.facts import Facts, Schedule
from blocker.scheduling.problem import Problem, Standing
from blocker.scheduling.reading import facts_of
from blocker.scheduling.solver import solved
from blocker.scheduling.solving import BUDGETS, Answer, Effort, Group, solve


def with_released(problem: Problem, group: Group, answer: Answer, effort: Effort) -> Answer:
    """A better answer in which as few standing blocks as possible move, or the one given.

    First everything movable is set free: what then is still left out has no room at all.  If more
    is booked, by priority, a second search books the same tasks and leaves as many blocks as
    possible where they stand; only the others are released for the final plan.
    """
    movable = _movable(problem, group)
    if not movable:
        return answer
    freed = solve(problem, group, effort, frozenset(movable))
    if freed.is_cut_short:
        return replace(answer, is_cut_short=True)
    goal = _left_out(group, freed)
    if not _keeps_all(freed) or goal >= _left_out(group, answer):
        return answer
    moved = _fewest_moves(problem, group, freed, movable, effort)
    for released in (moved, frozenset(movable) - _unmoved(freed, movable), frozenset(movable)):
        final = solve(problem, group, effort, released)
        if final.is_cut_short:
            return replace(answer, is_cut_short=True)
        if _keeps_all(final) and _left_out(group, final) <= goal:
            return final
    return freed


def _movable(problem: Problem, group: Group) -> dict[str, Standing]:
    """Blocks that may give way: their tasks are here and may be booked anew."""
    works = {work.task for work in group.works if work.window is not None and not work.is_stuck}
    found = {
        block.key: block
        for desk in group.desks
        for block in desk.standing
        if block.is_movable and block.task in works and block.counted
    }
    if not found:
        return found
    refused = facts_of(problem, group.desks, group.works, frozenset(found)).refused
    return {key: block for key, block in found.items() if block.task not in refused}


def _left_out(group: Group, answer: Answer) -> tuple[int, ...]:
    """How many tasks of each priority lack time: fewer is better, from left to right."""
    lacking = {job.task for job in answer.lacking()} | set(answer.facts.refused)
    return tuple(
        sum(work.priority == priority and work.task in lacking for work in group.works)
        for priority in (1, 2, 3, 4)
    )


def _keeps_all(answer: Answer) -> bool:
    """Whether no task loses time that it had."""
    return all(answer.time(job) >= job.least for job in answer.facts.jobs)


def _unmoved(answer: Answer, movable: dict[str, Standing]) -> frozenset[str]:
    """Released blocks that came out exactly where they stood."""
    places = {(block.task, block.interval): key for key, block in movable.items()}
    facts = answer.facts
    found = set()
    for index, chunks in answer.schedule.items():
        for _, start, length in chunks:
            key = places.get((facts.jobs[index].task, facts.interval(start, length)))
            if key is not None:
                found.add(key)
    return frozenset(found)


def _fewest_moves(
    problem: Problem, group: Group, freed: Answer, movable: dict[str, Standing], effort: Effort
) -> frozenset[str]:
    """The blocks to move so that the tasks that `freed` books are all booked."""
    lacking = {job.task for job in freed.lacking()} | set(freed.facts.refused)
    narrowed = replace(group, works=tuple(work for work in group.works if work.task not in lacking))
    facts = facts_of(problem, narrowed.desks, narrowed.works, frozenset(movable))
    numbers = {job.task: job.index for job in facts.jobs}
    start: Schedule = {
        numbers[freed.facts.jobs[index].task]: chunks
        for index, chunks in freed.schedule.items()
        if freed.facts.jobs[index].task in numbers
    }
    limit = BUDGETS[effort].limits.wish
    if limit and sum(len(job.options) for job in facts.jobs) <= BUDGETS[effort].limits.pairs:
        schedule = _most_kept(facts, movable, start, limit)
        if schedule is not None:
            unmoved = _unmoved(Answer(facts, schedule, (), 0.0), movable)
            return frozenset(movable) - unmoved
    return frozenset(movable) - _unmoved(freed, movable)


def _most_kept(
    facts: Facts, movable: dict[str, Standing], start: Schedule, limit: float
) -> Schedule | None:
    """A schedule of everything with as many blocks as possible in their old places."""
    from blocker.scheduling.gap_model import GapModel

    model = GapModel(facts, range(len(facts.pieces)), all_booked=True)
    model.link()
    model.hint(start)
    numbers = {job.task: job.index for job in facts.jobs}
    kept = []
    for key in sorted(movable):
        block = movable[key]
        if block.task in numbers:
            kept += model.stays_at(numbers[block.task], block.interval)
    if kept:
        model.model.maximize(sum(kept))
    solver = solved(model.model, 3 * limit)
    return None if solver is None else model.schedule_in(solver)
