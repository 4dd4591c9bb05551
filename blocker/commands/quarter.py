"""`outcome add`, `outcome close`: the few results that a quarter is for (M12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from blocker.commands.deciding import refuse_marketer
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.hours import day_of, day_text
from blocker.domain.outcome import FEWEST, MOST, Outcome, OutcomeChange, Quarter
from blocker.domain.task import Task
from blocker.reports.wording import listed
from blocker.store.store import Store
from blocker.workspace import Workspace


def add_outcome(
    workspace: Workspace,
    name: str,
    title: str,
    quarter: str | None = None,
    owner: str | None = None,
) -> OutcomeChange:
    """Agree on an outcome, by default of the present quarter; a known one is brought up to date.

    What is not given of a known one stays; a closed one is open again.  Raises WrongUse for a word
    that is no id, title, quarter or member, Refused for a marketer.
    """
    refuse_marketer(workspace, "outcome add")
    meant = None if quarter is None else quarter_named(quarter)
    who = None if owner is None else _owner(workspace, owner)
    title = _title(title)
    with workspace.store() as store:
        known = store.outcomes()
        before = known.get(_spelt(name, known))
        if before is None:
            outcome = _new(name, title, meant or quarter_now(workspace), who)
        else:
            outcome = replace(
                before,
                title=title,
                quarter=meant or before.quarter,
                owner=who or before.owner,
                closed_at=None,
            )
        what = f"added outcome {name}" if before is None else f"changed outcome {outcome.id}"
        if outcome != before:
            _save(workspace, store, outcome, what)
        notes = [*how_many({**known, outcome.id: outcome}.values(), outcome.quarter)]
    return OutcomeChange(outcome, before, notes=tuple(notes))


def close_outcome(workspace: Workspace, name: str) -> OutcomeChange:
    """The outcome was reached, or given up; tasks that serve it stay as they are.

    Raises WrongUse for an unknown one, Refused for one that is closed already.
    """
    refuse_marketer(workspace, "outcome close")
    with workspace.store() as store:
        known = store.outcomes()
        before = _named(known, name)
        if before.closed_at is not None:
            day = day_text(before.closed_at, workspace.team.zone)
            raise Refused(f"{before.id} “{before.title}” was closed {day} already")
        closed = replace(before, closed_at=workspace.now)
        _save(workspace, store, closed, f"closed outcome {closed.id}")
        tasks = [one.task for one in store.tasks().values()]
        notes = [*how_many({**known, closed.id: closed}.values(), closed.quarter)]
    serving = tuple(task for task in tasks if task.is_owed and task.outcome == closed.id)
    return OutcomeChange(closed, before, serving, tuple(notes))


def quarter_now(workspace: Workspace) -> Quarter:
    """The one that the date in the team's zone lies in."""
    return Quarter.of(day_of(workspace.now, workspace.team.zone))


def quarter_named(text: str) -> Quarter:
    """Raises WrongUse."""
    try:
        return Quarter.parse(text)
    except ValueError as wrong:
        raise WrongUse(f"--quarter: {wrong}") from None


def how_many(outcomes: Iterable[Outcome], quarter: Quarter) -> Iterator[str]:
    """A sentence where a quarter has more or fewer open outcomes than a team can hold on to."""
    own = [one for one in outcomes if one.quarter == quarter and one.closed_at is None]
    if len(own) > MOST:
        yield (
            f"{quarter} has {len(own)} open outcomes; three to seven are what a team can keep in "
            "mind: close what can wait with: blocker outcome close ID"
        )
    elif len(own) < FEWEST:
        has = f"{len(own)} open outcome{'' if len(own) == 1 else 's'}" if own else "no open outcome"
        yield (
            f"{quarter} has {has}; three to seven tell a team what its tasks are for: "
            f"blocker outcome add ID TITLE --quarter {quarter}"
        )


def unknown_outcomes(tasks: Iterable[Task], outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """A sentence for each outcome that open tasks name and that is not one of the open ones.

    Nothing where no outcome was ever added: then every name is as good.
    """
    from blocker.intake.problems import nearest, shown

    serving: dict[str, list[str]] = {}
    for task in tasks:
        if task.outcome and task.is_owed:
            serving.setdefault(task.outcome, []).append(task.id)
    there = [name for name, one in outcomes.items() if one.closed_at is None]
    for name, ids in serving.items():
        if not outcomes or name in there:
            continue
        said = f"outcome {shown(name)} of {listed(ids)}"
        if name in outcomes:
            yield f"{said} is closed; the open ones: blocker outcome list"
            continue
        like = nearest(name, there)
        hint = f"did you mean {like}?" if like else "the known are: " + (", ".join(there) or "none")
        yield f"{said} is not known; {hint}"


def _new(name: str, title: str, quarter: Quarter, owner: str | None) -> Outcome:
    try:
        return Outcome(name, title, quarter, owner)
    except ValueError:
        raise WrongUse(
            f"{name!r} cannot be an outcome's id; ids are up to 64 letters, digits, . _ -"
        ) from None


def _spelt(name: str, known: Mapping[str, Outcome]) -> str:
    """The id of a known outcome that differs in letter case at most; else the name as it is."""
    same = [one for one in known if one.casefold() == name.casefold()]
    return name if name in known or len(same) != 1 else same[0]


def _named(known: Mapping[str, Outcome], name: str) -> Outcome:
    """Raises WrongUse, naming the nearest id."""
    from blocker.intake.problems import nearest

    found = known.get(_spelt(name, known))
    if found is not None:
        return found
    like = nearest(name, known)
    hint = f"did you mean {like}?" if like else "list them with: blocker outcome list --all"
    raise WrongUse(f"there is no outcome {name!r}; {hint}")


def _title(text: str) -> str:
    from blocker.intake.problems import Wrong
    from blocker.intake.task_row import parse_title

    try:
        title = parse_title(text)
    except Wrong as wrong:
        raise WrongUse(f"TITLE: {wrong.message}; {wrong.remedy}") from None
    if not title:
        raise WrongUse("TITLE: is empty; write what will be true at the quarter's end")
    return title


def _owner(workspace: Workspace, text: str) -> str:
    member = workspace.team.find(text)
    if member is None:
        known = ", ".join(one.id for one in workspace.team.members)
        raise WrongUse(f"--owner: nobody is called {text!r}; the members are {known}")
    return member.id


def _save(workspace: Workspace, store: Store, outcome: Outcome, what: str) -> None:
    who = workspace.asker_id
    with store.transaction():
        store.save_outcome(outcome)
        store.log(workspace.now, who, what)
