"""Who may decide for the team."""

from __future__ import annotations

from blocker.domain.errors import Refused, WrongUse
from blocker.domain.member import Member
from blocker.domain.task import Task
from blocker.workspace import Workspace


def manager_asking(workspace: Workspace, command: str) -> Member:
    """Whoever asks, who must be a manager.  Raises WrongUse for nobody, Refused for a marketer."""
    asker = workspace.asker
    if asker is None:
        raise WrongUse(
            f"{command} needs to know who decides: blocker --as MEMBER {command}, or set "
            "$BLOCKER_AS"
        )
    if not asker.is_manager:
        managers = [one.name for one in workspace.team.members if one.is_manager]
        who = " or ".join(managers) or "nobody yet: give somebody role: manager in the config"
        raise Refused(f"{command} is for a manager, and {asker.name} is none; ask {who}")
    return asker


def refuse_marketer(workspace: Workspace, what: str) -> None:
    """What concerns the team is a manager's, or nobody's in particular.  Raises Refused."""
    if workspace.asker is not None:
        manager_asking(workspace, what)


def refuse_finished(task: Task) -> None:
    """Raises Refused for a task that nothing is owed for any more."""
    if not task.is_owed:
        raise Refused(f"{task.named} is {task.state} already")


def refuse_others_work(workspace: Workspace, task: Task) -> None:
    """A marketer changes only their own tasks.  Raises Refused."""
    asker = workspace.asker
    if asker is None or asker.is_manager or asker.id == task.owner:
        return
    owner = workspace.team.name_of(task.owner)
    raise Refused(f"{task.named} is {owner}'s, not yours; ask {owner}, or a manager")
