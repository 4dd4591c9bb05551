"""Groups planned in several processes at once, since none needs to know of the others."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from blocker.domain.plan import MemberPlan
from blocker.scheduling.group_plan import plan_group
from blocker.scheduling.problem import Problem
from blocker.scheduling.solving import Effort, Group, groups

if TYPE_CHECKING:
    from concurrent.futures import Future

FEWEST_GROUPS = {Effort.QUICK: 1_500, Effort.NORMAL: 24, Effort.THOROUGH: 2}
"""From so many groups on the processes save more than their start costs, about half a second."""

MOST_IN_CHUNK = {Effort.QUICK: 200, Effort.NORMAL: 1, Effort.THOROUGH: 1}
"""So many groups a process is given at once; who interrupts waits for what is being planned."""


def is_worth_it(number: int, effort: Effort) -> bool:
    return number >= FEWEST_GROUPS[effort]


def side_by_side(
    problem: Problem, asked: Sequence[Group], effort: Effort, workers: int
) -> list[MemberPlan]:
    """The plans of all groups, in their order.

    Interrupted, it takes what the processes have by then and gives the others quick plans; so it
    does for those whose process broke.
    """
    from concurrent.futures import ProcessPoolExecutor, wait
    from multiprocessing import get_context

    size = min(MOST_IN_CHUNK[effort], -(-len(asked) // workers))
    parts = [
        replace(
            problem,
            desks=tuple(desk for group in asked[k : k + size] for desk in group.desks),
            works=tuple(work for group in asked[k : k + size] for work in group.works),
        )
        for k in range(0, len(asked), size)
    ]
    futures: list[Future[list[MemberPlan]]] = []
    # a process that is copied from this one would copy the locks of its threads with it
    is_interrupted = False
    apart = get_context("spawn")
    with ProcessPoolExecutor(workers, apart, initializer=_begin) as pool:
        try:
            with _interrupts_ignored():  # until the processes know what to do with them
                futures += [pool.submit(_planned_apart, part, effort) for part in parts]
            wait(futures)
        except KeyboardInterrupt:
            is_interrupted = True
            _stop_all()
            pool.shutdown(wait=True, cancel_futures=True)
    answers = [_answer_of(future) for future in futures]
    is_cut = is_interrupted or len(answers) < len(parts) or None in answers
    answers += [None] * (len(parts) - len(answers))
    found: list[MemberPlan] = []
    for part, answer in zip(parts, answers, strict=True):
        plans = _planned(part, Effort.QUICK) if answer is None else answer
        found += [replace(each, is_cut_short=is_cut) for each in plans]
    return found


def _answer_of(future: Future[list[MemberPlan]]) -> list[MemberPlan] | None:
    """What a process planned; None when it never came to that."""
    from concurrent.futures.process import BrokenProcessPool

    if future.cancelled():
        return None
    try:
        return future.result()
    except BrokenProcessPool:
        return None


class _Apart:
    """What a process that plans for another knows of Ctrl-C."""

    is_planning = False
    is_stopped = False


def _begin() -> None:
    signal.signal(signal.SIGINT, _stop)


def _stop(*_: object) -> None:
    """Ends the plan that is being made, once; whatever comes later is planned quickly."""
    is_first, _Apart.is_stopped = not _Apart.is_stopped, True
    if is_first and _Apart.is_planning:
        raise KeyboardInterrupt


def _stop_all() -> None:
    """A terminal tells every process of Ctrl-C; whoever else interrupts tells only this one."""
    from multiprocessing import active_children

    for process in active_children() if os.name == "posix" else ():
        if process.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGINT)


def _planned_apart(part: Problem, effort: Effort) -> list[MemberPlan]:
    try:
        _Apart.is_planning = True
        return _planned(part, Effort.QUICK if _Apart.is_stopped else effort)
    except KeyboardInterrupt:  # before there was any plan
        return _planned(part, Effort.QUICK)
    finally:
        _Apart.is_planning = False


def _planned(part: Problem, effort: Effort) -> list[MemberPlan]:
    return [each for group in groups(part) for each in plan_group(part, group, effort)]


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ctrl-C is for whoever waits, not for the processes that are started meanwhile."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
