"""Which sprint and which members a command is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blocker.domain.errors import WrongUse
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.domain.team import Team
from blocker.workspace import Workspace

_LAST_SPRINT = 9999
"""Further than any calendar goes."""


def choose_members(workspace: Workspace, named: Iterable[str]) -> tuple[Member, ...]:
    """The members named by `--for`; else the marketer who asks; else all, in the config's order.

    Raises WrongUse for a name that is nobody's.
    """
    team = workspace.team
    picked = set()
    for who in named:
        picked.add(member_named(team, who, "--for").id)
    if not picked and workspace.asker is not None and not workspace.asker.is_manager:
        picked = {workspace.asker.id}
    return tuple(member for member in team.members if not picked or member.id in picked)


def member_named(team: Team, who: str, option: str = "") -> Member:
    """The one member of that id, name or email.  Raises WrongUse, under the option's name."""
    member = team.find(who)
    if member is None:
        known = ", ".join(one.id for one in team.members)
        where = f"{option}: " if option else ""
        raise WrongUse(f"{where}nobody in {team.name} is called {who!r}; its members are {known}")
    return member


def choose_sprint(
    workspace: Workspace,
    word: str | None,
    tasks: Iterable[Task],
    states: Mapping[int, SprintState],
    *,
    tasks_come_in: bool = False,
) -> Sprint:
    """The sprint that `--sprint` means: a name, a number, `current`, `next`, or by default.

    The default is the earliest that has tasks and is neither accepted nor over, else the running
    one; for tasks that come in, the current one if it is not accepted, else the next.  Raises
    WrongUse for a word that names none, and for `current` before sprint 1.
    """
    running = workspace.team.sprints.number_at(workspace.now)
    if word is not None:
        return sprint_numbered(workspace.team, sprint_number(workspace.team, word, running))
    if tasks_come_in:
        is_open = running >= 1 and _state(states, running) is SprintState.PLANNED
        return sprint_numbered(workspace.team, running if is_open else max(1, running + 1))
    waiting = [
        task.sprint
        for task in tasks
        if task.sprint is not None
        and task.sprint >= running
        and _state(states, task.sprint) is SprintState.PLANNED
    ]
    return sprint_numbered(workspace.team, min(waiting, default=max(1, running)))


def running_besides(
    workspace: Workspace, word: str | None, chosen: Sprint, states: Mapping[int, SprintState]
) -> str | None:
    """A sentence where a command is about a later sprint while an accepted one runs."""
    running = workspace.team.sprints.number_at(workspace.now)
    is_other = word is None and chosen.number != running and running >= 1
    if not is_other or _state(states, running) is not SprintState.ACCEPTED:
        return None
    name = sprint_numbered(workspace.team, running).name
    return f"this is about {chosen.name}; {name} runs and is accepted: for it, add --sprint current"


def sprint_number(team: Team, word: str, running: int) -> int:
    """The number a word means while sprint `running` runs.  Raises WrongUse."""
    if word.strip().casefold() == "current":
        if running < 1:
            first = team.sprints.first
            raise WrongUse(f"--sprint: no sprint runs yet; the first begins on {first}; try: next")
        return running
    if word.strip().casefold() == "next":
        return max(1, running + 1)
    number = team.sprints.number_named(word)
    if number is None or number > _LAST_SPRINT:
        example = team.sprints.name.replace("{number}", str(max(1, running + 1)))
        raise WrongUse(
            f"--sprint: {word!r} is no sprint; write a name like {example}, a number, "
            "current or next"
        )
    return number


def sprint_numbered(team: Team, number: int) -> Sprint:
    """Raises WrongUse when it lies beyond the calendar."""
    try:
        sprint = team.sprints.sprint(number)
        _ = sprint.interval
    except (OverflowError, ValueError):
        raise WrongUse(f"--sprint: sprint {number} lies beyond the calendar") from None
    return sprint


def _state(states: Mapping[int, SprintState], number: int) -> SprintState:
    return states.get(number, SprintState.PLANNED)
