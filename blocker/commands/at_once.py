"""Does several jobs that wait for other machines at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Found = TypeVar("Found")
Word = TypeVar("Word")

MOST = 16
"""So many at once: a slow server holds one place, and nobody's quota is hurt."""


def at_once(
    jobs: Sequence[Callable[[Callable[[Word], None]], Found]],
    hear: Callable[[int, Word], None],
) -> list[Found]:
    """What each job gives, in their order, all done in threads beside one another.

    A job may say words while it runs; `hear` is told them, with the job's number, in the thread
    that called, in the order in which one job says them.  What a job raises is raised here, once
    all have ended.  An interruption does not wait for the jobs.
    """
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(jobs)):
        waiting.put(number)
    said: SimpleQueue[tuple[int, str, Any]] = SimpleQueue()

    def say(number: int, word: Word) -> None:
        said.put((number, "word", word))

    def work() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            try:
                said.put((number, "found", jobs[number](partial(say, number))))
            except BaseException as problem:
                said.put((number, "raised", problem))

    for _ in range(min(MOST, len(jobs))):
        # daemons: a person who interrupts does not wait for a server that hangs
        threading.Thread(target=work, daemon=True).start()
    given: dict[int, Found] = {}
    raised: list[BaseException] = []
    while len(given) + len(raised) < len(jobs):
        number, kind, what = said.get()
        if kind == "word":
            hear(number, what)
        elif kind == "found":
            given[number] = what
        else:
            raised.append(what)
    if raised:
        raise raised[0]
    return [given[number] for number in range(len(jobs))]
