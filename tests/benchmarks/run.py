"""The planner on the published instances: `python -m tests.benchmarks.run`.

`--fresh 5` draws five new instances of each family instead, which nobody has tuned for.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

from blocker.domain.plan import MemberPlan
from blocker.scheduling.planner import plan
from tests.benchmarks.instances import FAMILIES, Instance, made, named, published
from tests.scheduling.checker import check

WISHES = ("tasks", "blocks", "preferred")


@dataclass(frozen=True, slots=True)
class Ran:
    """One instance planned once; `seconds` are those of the planner alone."""

    instance: Instance
    plans: Sequence[MemberPlan]
    seconds: float

    @property
    def proven(self) -> tuple[str, ...]:
        """What is proven for every member."""
        return tuple(name for name in WISHES if all(name in each.proven for each in self.plans))

    @property
    def gap(self) -> float:
        return max(each.gap for each in self.plans)

    @property
    def blocks(self) -> int:
        return sum(len(each.new) for each in self.plans)

    @property
    def booked(self) -> int:
        return self.instance.size - len({u.task for each in self.plans for u in each.unbooked})

    @property
    def is_near_in_blocks(self) -> bool:
        """Blocks are proven or within 3 % of the bound."""
        return "blocks" in self.proven or (self.proven == ("tasks",) and self.gap <= 0.03)

    def faults(self) -> list[str]:
        """Broken rules, and a hidden plan that was not matched."""
        wrong = check(self.instance.problem, self.plans)
        if self.instance.hidden is not None:
            if self.booked < self.instance.size:
                wrong.append(f"booked {self.booked} of {self.instance.size} that fit")
            elif self.blocks > (self.instance.hidden_blocks or 0):
                wrong.append(f"{self.blocks} blocks, hidden {self.instance.hidden_blocks}")
        return wrong


def ran(instance: Instance, effort: str) -> Ran:
    start = perf_counter()
    plans = plan(instance.problem, effort=effort)
    return Ran(instance, plans, perf_counter() - start)


def line(each: Ran) -> str:
    hidden = each.instance.hidden_blocks
    proven = "".join(name[0] if name in each.proven else "-" for name in WISHES)
    row = (
        f"{each.instance.name:15} {each.seconds:7.3f} s  {proven}  gap {each.gap:5.3f}  "
        f"{each.booked:2}/{each.instance.size} tasks  {each.blocks:3} blocks"
        f"{'' if hidden is None else f' (hidden {hidden})'}"
    )
    return "\n".join([row, *(f"    WRONG: {fault}" for fault in each.faults())])


def sums(title: str, runs: Sequence[Ran]) -> str:
    """One line: shares proven, and the planner's seconds."""
    seconds = sorted(each.seconds for each in runs)
    late = quantiles(seconds, n=10)[-1] if len(seconds) > 1 else seconds[0]
    shares = "  ".join(f"{name} {sum(name in each.proven for each in runs)}" for name in WISHES)
    near = sum(each.is_near_in_blocks for each in runs)
    wrong = sum(bool(each.faults()) for each in runs)
    return (
        f"{title:12} {len(runs):3}: proven {shares}; blocks within 3 % {near}; "
        f"median {median(seconds):.2f} s, p90 {late:.2f} s; wrong {wrong}"
    )


def chosen(only: str | None, fresh: int) -> Iterable[Instance]:
    """The instances asked for: one by its name, or all whose family begins with it."""
    if only and only not in FAMILIES and only[-3:-2] == "-":
        yield named(only)
        return
    for family in FAMILIES:
        if not only or family.startswith(only):
            yield from (
                (made(family, 1000 + k) for k in range(fresh)) if fresh else published(family)
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--effort", default="normal", choices=("quick", "normal", "thorough"))
    parser.add_argument("--only", help="a family or how families begin (15-), or 15-tight-03")
    parser.add_argument("--fresh", type=int, default=0, help="new instances of each family")
    asked = parser.parse_args()
    runs = []
    for instance in chosen(asked.only, asked.fresh):
        runs.append(ran(instance, asked.effort))
        print(line(runs[-1]), flush=True)
    groups: dict[str, list[Ran]] = {}
    for each in runs:
        family = each.instance.family
        groups.setdefault(family, []).append(each)
        if family[0].isdigit():
            groups.setdefault(f"{family.split('-')[0]} tasks", []).append(each)
    for title in sorted(groups):
        print(sums(title, groups[title]))


if __name__ == "__main__":
    main()
