"""Runs of OR-Tools CP-SAT that give the same answer everywhere.  Loaded only when one is run."""

from __future__ import annotations

from threading import Thread
from typing import Any

FOUND, BETTER, NONE, UNKNOWN = "found", "better", "none", "unknown"
"""How a search ended: the best, an answer that a better one may exist of, no answer exists, none
was found."""


def search_once(
    model: Any, limit: float, *, in_turns: bool = False, is_linear: bool = False
) -> tuple[Any, str]:
    """One run of the solver within a deterministic limit, on one worker with a fixed seed.

    `in_turns`: all its searches, local ones too, take turns.  `is_linear`: it leans more on the
    linear relaxation.
    """
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.interleave_search = in_turns
    solver.parameters.linearization_level = 2 if is_linear else 1
    solver.parameters.max_deterministic_time = limit
    status = _until_interrupted(solver, model)
    if status == cp_model.OPTIMAL:
        return solver, FOUND
    if status == cp_model.FEASIBLE:
        return solver, BETTER
    return solver, NONE if status == cp_model.INFEASIBLE else UNKNOWN


def _until_interrupted(solver: Any, model: Any) -> Any:
    """The solver's status.  It runs beside this thread, so that Ctrl-C stops it at once.

    Raises KeyboardInterrupt when that happens and the solver has stopped.
    """
    solver.parameters.catch_sigint_signal = False
    found: list[Any] = []
    wrong: list[Exception] = []

    def run() -> None:
        try:
            found.append(solver.solve(model))
        except Exception as problem:
            wrong.append(problem)

    running = Thread(target=run)
    try:
        running.start()
        running.join()
    except KeyboardInterrupt:
        solver.stop_search()
        running.join()
        raise
    if wrong:
        raise wrong[0]
    return found[0]


def solved(model: Any, limit: float) -> Any | None:
    """A solver with an answer to a model, the best one if the limit allows; None without any."""
    solver, status = search_once(model, limit, in_turns=True)
    return solver if status in (FOUND, BETTER) else None


def hint_from(model: Any, solver: Any) -> None:
    """Starts a model's next search from the answer of the last."""
    model.clear_hints()
    for index in range(len(model.proto.variables)):
        variable = model.get_int_var_from_proto_index(index)
        model.add_hint(variable, solver.value(variable))
