"""Rows over columns of numbers, mostly whole ones, and HiGHS that finds values for them.

One thread, a fixed order of rows and a limit that counts work: the same answer everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any

FOUND, NONE, UNKNOWN = "found", "none", "unknown"
"""There is an answer; there is none; the limit came first."""

Term = tuple[int, float]
"""(column, how often it counts)."""

INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Row:
    """The sum of columns, each times its weight, lies between two values, both allowed."""

    weights: Mapping[int, float]
    low: float
    high: float


def row_of(terms: Iterable[Term], low: float = -INFINITE, high: float = INFINITE) -> Row:
    """A row from terms; what they say of the same column adds up."""
    weights: dict[int, float] = {}
    for column, weight in terms:
        weights[column] = weights.get(column, 0) + weight
    return Row(weights, low, high)


class LinearModel:
    """A model in the making; columns are known by their numbers."""

    def __init__(self) -> None:
        self._low: list[float] = []
        self._high: list[float] = []
        self._is_whole: list[bool] = []
        self._rows: list[Row] = []

    def column(self, high: float, low: float = 0, *, is_whole: bool = True) -> int:
        """A new column between two values, both allowed."""
        self._low.append(low)
        self._high.append(high)
        self._is_whole.append(is_whole)
        return len(self._low) - 1

    def row(self, terms: Iterable[Term], low: float = -INFINITE, high: float = INFINITE) -> None:
        """The sum of the terms lies between two values, both allowed."""
        self._rows.append(row_of(terms, low, high))

    def ask(self, extra: Row, looks: int) -> tuple[str, Sequence[float]]:
        """Whether there is any answer that keeps one row more, and the values of its columns.

        The solver looks up from its work again and again, always at the same places; the search
        ends after so many `looks`.  Raises KeyboardInterrupt when that happens, after the solver
        has stopped.
        """
        import highspy

        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("random_seed", 1)
        solver.passModel(self._model([*self._rows, extra]))
        _run(solver, looks)
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return NONE, ()
        status = solver.getInfo().primal_solution_status
        if status == highspy.SolutionStatus.kSolutionStatusFeasible:
            return FOUND, tuple(solver.getSolution().col_value)
        return UNKNOWN, ()

    def _model(self, rows: Sequence[Row]) -> Any:
        import highspy
        import numpy as np

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._low), len(rows)
        model.col_cost_ = np.zeros(len(self._low))
        model.col_lower_, model.col_upper_ = np.array(self._low), np.array(self._high)
        model.row_lower_ = np.array([row.low for row in rows])
        model.row_upper_ = np.array([row.high for row in rows])
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        model.integrality_ = [kinds[is_whole] for is_whole in self._is_whole]
        starts, columns, weights = [0], [], []
        for row in rows:
            for column in sorted(row.weights):
                columns.append(column)
                weights.append(row.weights[column])
            starts.append(len(columns))
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.array(starts, dtype=np.int32)
        matrix.index_ = np.array(columns, dtype=np.int32)
        matrix.value_ = np.array(weights, dtype=np.float64)
        return model


def _run(solver: Any, looks: int) -> None:
    """Solves beside this thread, so that Ctrl-C stops it at once."""
    left = looks

    def look(event: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            event.interrupt()

    solver.cbMipInterrupt += look
    solver.HandleUserInterrupt = True
    running = Thread(target=solver.run)
    try:
        running.start()
        running.join()
    except KeyboardInterrupt:
        solver.cancelSolve()
        running.join()
        raise
