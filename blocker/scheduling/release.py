"""Moving own blocks, only where that books a task that has no room otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from blocker.scheduling.facts import Facts
from blocker.scheduling.kept_blocks import KeptBlocks
from blocker.scheduling.problem import Problem, Standing
from blocker.scheduling.reading import facts_of
from blocker.scheduling.searching import Limits, is_asked
from blocker.scheduling.solving import BUDGETS, Answer, Effort, Group, solve
from blocker.scheduling.tasks_search import booked_whole

TIMES = 10
"""So much longer than elsewhere one question takes: nobody's block shall move without need."""

MOST_SETS = 20
"""So many sets of blocks are tried as those to move."""


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
    found = frozenset(movable) - _unmoved(freed, movable)
    facts = facts_of(problem, narrowed.desks, narrowed.works, frozenset(movable))
    limits = BUDGETS[effort].limits(len(facts.jobs))
    if is_asked(facts, limits):
        found = _fewer_moves(problem, narrowed, facts, movable, found, limits)
    return _without_needless(problem, narrowed, found, limits)


def _fewer_moves(
    problem: Problem,
    group: Group,
    facts: Facts,
    movable: Mapping[str, Standing],
    found: frozenset[str],
    limits: Limits,
) -> frozenset[str]:
    """The first set of blocks, the smallest tried first, that can move so that all is booked."""
    numbers = {job.task: job.index for job in facts.jobs}
    blocks = {
        key: (numbers[block.task], block.interval)
        for key, block in movable.items()
        if block.task in numbers
    }
    kept = KeptBlocks(facts, blocks)
    moves = len(movable) - len(blocks) + 1
    for _ in range(MOST_SETS):
        if moves >= len(found):
            break
        staying = kept.most(len(movable) - moves, TIMES * limits.looks)
        if staying is None:
            moves += 1
            continue
        moved = frozenset(movable) - staying
        if _is_booked(problem, group, moved, limits):
            return moved
        kept.rule_out(staying)
    return found


def _without_needless(
    problem: Problem, group: Group, found: frozenset[str], limits: Limits
) -> frozenset[str]:
    """The same less each block that need not move after all."""
    for key in sorted(found)[:MOST_SETS]:
        if len(found) > 1 and _is_booked(problem, group, found - {key}, limits):
            found -= {key}
    return found


def _is_booked(problem: Problem, group: Group, moved: frozenset[str], limits: Limits) -> bool:
    """Whether everything is booked when these blocks move, as far as quick ways tell."""
    facts = facts_of(problem, group.desks, group.works, moved)
    return not facts.refused and booked_whole(facts, limits.rounds // 10, 1) is not None
