"""The README's figures: `python -m tests.benchmarks.table --peers ENVIRONMENT --write`.

ENVIRONMENT is a virtual one with the extra `peers` in it; what is missing is left out and said.
Takes about a quarter of an hour, on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks import growth, whole
from tests.benchmarks.instances import LOADS, named, published
from tests.benchmarks.peers.compared import Tally, compared
from tests.benchmarks.run import WISHES, Ran, ran

README = Path(__file__).parents[2] / "README.md"
BEGIN = "<!-- figures: written by `python -m tests.benchmarks.table --write` -->"
END = "<!-- end of figures -->"
SIZES = (8, 15, 30)
SAMPLE = [f"15-{load}-{seed:02d}" for seed in (1, 2, 3, 4) for load in LOADS]
"""The instances that peers and whole processes get."""


def planner_rows(runs: dict[int, list[Ran]]) -> Iterator[str]:
    def shares(count: dict[int, int]) -> str:
        return " | ".join(f"{count[size]} of {len(runs[size])}" for size in SIZES)

    def seconds(part: float) -> str:
        ordered = [sorted(run.seconds for run in runs[size]) for size in SIZES]
        return " | ".join(f"{each[int(part * (len(each) - 1))]:.2f} s" for each in ordered)

    yield "| planner alone, normal effort | " + " | ".join(f"{n} tasks" for n in SIZES) + " |"
    yield "|---|---|---|---|"
    yield f"| median | {seconds(0.5)} |"
    yield f"| nine of ten within | {seconds(0.9)} |"
    for wish, text in zip(
        WISHES, ("tasks proven best", "blocks too", "preferred hours too"), strict=True
    ):
        count = {n: sum(wish in run.proven for run in runs[n]) for n in SIZES}
        yield f"| {text} | {shares(count)} |"
    near = {n: sum(run.is_near_in_blocks for run in runs[n]) for n in SIZES}
    yield f"| blocks proven, or within 3 % of the bound | {shares(near)} |"
    right = {n: sum(not run.faults() for run in runs[n]) for n in SIZES}
    yield f"| no rule broken, and a hidden plan matched | {shares(right)} |"


def peer_rows(runs: Sequence[Ran], tallies: Sequence[Tally]) -> Iterator[str]:
    yield (
        f"| {len(runs)} times 15 tasks | time, in times ours | tasks, blocks | rules broken "
        "| tasks by priority: worse than ours, better |"
    )
    yield "|---|---|---|---|---|"
    for each in tallies:
        if each.skipped:
            yield f"| {each.name} | not measured: {each.skipped} | | | |"
        else:
            yield (
                f"| {each.name} | {_times(median(each.ratios))} | {each.tasks}, {each.blocks} "
                f"| {each.broken} | {each.worse}, {each.better} ({each.fair} breaking none) |"
            )


def is_easy(run: Ran) -> bool:
    """Whether bounds alone prove the quick plan, without a search."""
    return ran(run.instance, "quick").proven == WISHES


def easy_row(runs: Sequence[Ran], tallies: Sequence[Tally]) -> Iterator[str]:
    tj3 = next(each for each in tallies if each.name == "TaskJuggler")
    ratios = [1 / r for run, r in zip(runs, tj3.ratios, strict=False) if is_easy(run)]
    if ratios:
        yield (
            f"Where bounds alone prove the plan ({len(ratios)} of {len(runs)}), the planner takes "
            f"{median(ratios):.2f}x TaskJuggler's time."
        )


def whole_rows(runs: Sequence[Ran], khal: Path | None) -> Iterator[str]:
    """`book` of one marketer, apart for those that bounds alone prove."""
    kinds: dict[str, list[whole.Whole]] = {"proven by bounds": [], "searched": []}
    for run in runs:
        kind = "proven by bounds" if is_easy(run) else "searched"
        kinds[kind].append(whole.timed(run.instance, khal))
    for kind, found in kinds.items():
        ratios = [each.book_ratio for each in found if each.book_ratio is not None]
        if ratios:
            yield (
                f"`book`, whole process, {kind} ({len(found)}): {_times(median(ratios))} "
                "`khal list` of the same calendar."
            )
        elif found:
            yield f"`book`, whole process, {kind}: {median(w.book for w in found):.2f} s."


def growth_rows() -> Iterator[str]:
    costs = {size: growth.measured("members", size, "quick") for size in growth.MEMBERS}
    yield "| members with 12 tasks, quick | " + " | ".join(f"{n:,}" for n in costs) + " |"
    yield "|---|" + "---|" * len(costs)
    each = (f"{cost.cores / size * 1000:.1f} ms" for size, cost in costs.items())
    yield f"| a member and core | {' | '.join(each)} |"
    yield f"| most memory | {' | '.join(f'{cost.memory:.0f} MB' for cost in costs.values())} |"
    yield ""
    alone = [growth.measured("tasks", size, "normal").seconds for size in growth.TASKS]
    sizes = ", ".join(map(str, growth.TASKS))
    yield (
        f"One person with {sizes} tasks, more than fit, normal effort: "
        f"{', '.join(f'{each:.1f}' for each in alone)} s."
    )


def _times(ratio: float) -> str:
    return f"{ratio:.2f}x" if ratio < 10 else f"{ratio:.0f}x"


def figures(environment: Path | None) -> str:
    """Everything that README shows, as Markdown."""
    python = environment / "bin" / "python" if environment else None
    khal = environment / "bin" / "khal" if environment else None
    ran(named("8-tight-01"), "normal")  # so that the first does not pay for the solver's import
    runs: dict[int, list[Ran]] = {size: [] for size in SIZES}
    for size in SIZES:
        for load in LOADS:
            for instance in published(f"{size}-{load}"):
                runs[size].append(ran(instance, "normal"))
                print(instance.name, file=sys.stderr)
    sample = [run for run in runs[15] if run.instance.name in SAMPLE]
    tallies = compared(sample, python)
    prose = (
        *easy_row(sample, tallies),
        *whole_rows(sample, khal if khal and khal.exists() else None),
    )
    parts = (planner_rows(runs), peer_rows(sample, tallies), prose, growth_rows())
    return "\n\n".join("\n".join(rows) for rows in parts)


def readme_with(text: str) -> str:
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, help="an environment with the extra `peers`")
    parser.add_argument("--write", action="store_true", help="into README, between its markers")
    asked = parser.parse_args()
    text = figures(asked.peers)
    print(text)
    if asked.write:
        README.write_text(readme_with(text), encoding="utf-8")


if __name__ == "__main__":
    main()
