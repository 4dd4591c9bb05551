"""Who is planned, or looked at, together: members joined by tasks that wait for each other's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from blocker.auditing.evidence import Promise
from blocker.domain.member import Member
from blocker.workspace import Workspace


def involved_with(
    workspace: Workspace, picked: Sequence[Member], promises: Mapping[str, Promise]
) -> list[Member]:
    """The picked members and all whose plans theirs depend on, in the config's order."""
    wanted = {member.id for member in picked}
    while True:
        more = {
            promises[after.task].task.owner
            for promise in promises.values()
            if promise.task.owner in wanted and promise.task.is_owed
            for after in promise.task.after
            if after.task in promises and promises[after.task].task.is_owed
        }
        if more <= wanted:
            return [member for member in workspace.team.members if member.id in wanted]
        wanted |= more


def waiting_for(
    workspace: Workspace, involved: Sequence[Member], promises: Mapping[str, Promise]
) -> list[Member]:
    """Others with tasks that wait for those of the involved, in the config's order."""
    known = {member.id for member in involved}
    waiting = {
        promise.task.owner
        for promise in promises.values()
        if promise.task.is_owed
        for after in promise.task.after
        if after.task in promises and promises[after.task].task.owner in known
    }
    return [member for member in workspace.team.members if member.id in waiting - known]


def with_owners(
    workspace: Workspace, members: Sequence[Member], elsewhere: Iterable[Promise]
) -> list[Member]:
    """These members and the owners of the open tasks of other sprints, in the config's order."""
    wanted = {member.id for member in members}
    wanted |= {promise.task.owner for promise in elsewhere if promise.task.is_owed}
    return [member for member in workspace.team.members if member.id in wanted]
