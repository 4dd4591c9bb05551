"""What no plan of some facts can beat, as far as bounds show it without a search."""

from __future__ import annotations

from functools import cached_property

from blocker.scheduling.block_bound import fewest_blocks
from blocker.scheduling.bounds import most_preferred
from blocker.scheduling.choice import MOST_TIES, Choice, Row, best_choices, rows_of
from blocker.scheduling.draft import AVOIDED, BLOCKS, MARGIN, PREFERRED, tasks_booked
from blocker.scheduling.facts import Facts, Schedule
from blocker.scheduling.parts import part_of


class Goals:
    """The bounds of one group, each worked out when it is first asked for.

    `rows` grow when a search proves more jobs impossible together.  Sets that were only not booked
    may be skipped; then nothing is proven best any more.  `is_quick`: only those bounds that
    cost next to nothing; then nothing is known of plans that leave a task out.
    """

    def __init__(self, facts: Facts, is_quick: bool = False) -> None:
        self.facts = facts
        self.is_quick = is_quick
        self._learnt: list[Row] = []
        self._least = 0
        self._skipped: list[Row] = []

    @cached_property
    def _sums(self) -> list[Row]:
        return rows_of(self.facts)

    @cached_property
    def choices(self) -> list[Choice]:
        """The sets of jobs worth most that may fit; empty when that is not known."""
        if self.is_quick:
            return []
        found = best_choices(self.facts, [*self.rows, *self._skipped])
        is_all = bool(found) and len(found[0].jobs) == len(self.facts.jobs)
        if not is_all and not all(job.is_whole for job in self.facts.jobs):
            return []  # what jobs take that take what fits is not in a set's worth
        return found

    @property
    def blocks(self) -> int:
        """The fewest blocks of any plan that books a best choice of jobs."""
        return max(self._least, self._fewest_blocks)

    @cached_property
    def _fewest_blocks(self) -> int:
        if self.is_quick:
            return sum(job.fewest for job in self.facts.jobs)
        if len(self.choices) > MOST_TIES:
            return 0
        jobs = len(self.facts.jobs)
        if any(len(each.jobs) == jobs for each in self.choices):
            return fewest_blocks(self.facts)
        return min(
            (fewest_blocks(part_of(self.facts, each.jobs)[0]) for each in self.choices), default=0
        )

    @property
    def rows(self) -> tuple[Row, ...]:
        """All that sums and searches proved impossible together."""
        return (*self._sums, *self._learnt)

    def learn(self, row: Row) -> None:
        """Jobs that cannot all be booked, as a search proved."""
        self._learnt.append(row)
        self._forget()

    def learn_blocks(self, least: int) -> None:
        """All jobs need so many blocks."""
        self._least = max(self._least, least)

    def skip(self, row: Row) -> None:
        """Jobs that were not booked together, though nothing proves that they cannot be."""
        self._skipped.append(row)
        self._forget()

    def _forget(self) -> None:
        self.__dict__.pop("choices", None)
        self.__dict__.pop("_fewest_blocks", None)

    def are_tasks_met(self, value: tuple[int, ...]) -> bool:
        """Whether no plan books more, by priority."""
        if tasks_booked(value) == len(self.facts.jobs):
            return True
        return not self._skipped and self.is_nothing_left(value)

    def is_nothing_left(self, value: tuple[int, ...]) -> bool:
        """Whether no set that is neither ruled out nor skipped is worth more."""
        return bool(self.choices) and value[1:9] >= self.choices[0].worth

    def are_blocks_met(self, value: tuple[int, ...]) -> bool:
        """Whether no plan books more, or the same with more in margin or in fewer blocks."""
        if not self.are_tasks_met(value) or value[MARGIN] < tasks_booked(value):
            return False
        least = sum(job.fewest for job in self.facts.jobs)
        is_full = tasks_booked(value) == len(self.facts.jobs)
        return (is_full and -value[BLOCKS] <= least) or -value[BLOCKS] <= self.blocks

    def preference_gap(self, value: tuple[int, ...], schedule: Schedule) -> float:
        """How far the preferred time is from the most that these jobs can have, as a share."""
        if not self.facts.has_preference:
            return 0.0
        booked = {job: sum(chunk[2] for chunk in chunks) for job, chunks in schedule.items()}
        most = most_preferred(self.facts, booked)
        return max(0, most - value[PREFERRED]) / max(1, value[PREFERRED])

    def are_met(self, value: tuple[int, ...], schedule: Schedule) -> bool:
        """Whether only the order of ends could still be better."""
        return (
            not value[AVOIDED]
            and self.are_blocks_met(value)
            and (tasks_booked(value) == len(self.facts.jobs) or not self.facts.has_preference)
            and not self.preference_gap(value, schedule)
        )
