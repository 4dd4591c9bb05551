"""The team: its members and its sprints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from blocker.domain.member import Member
from blocker.domain.sprint import SprintCalendar


@dataclass(frozen=True, slots=True)
class Team:
    """All who plan together.

    `titles_are_open`: other people's meetings may be named (privacy: all).
    """

    id: str
    name: str
    zone: ZoneInfo
    sprints: SprintCalendar
    members: tuple[Member, ...]
    titles_are_open: bool = False
    _by_id: Mapping[str, Member] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {member.id: member for member in self.members})

    def member(self, member_id: str) -> Member:
        """Raises KeyError."""
        return self._by_id[member_id]

    def name_of(self, member_id: str | None) -> str:
        """A member's name; the id of one who has left; 'nobody' for none."""
        known = next((one.name for one in self.members if one.id == member_id), member_id)
        return known or "nobody"

    def short_name(self, member_id: str) -> str:
        """The first name where only one in the team has it, else the whole name.

        Raises KeyError.
        """
        name = self.member(member_id).name
        first = name.split()[0]
        same = [one for one in self.members if one.name.split()[0].casefold() == first.casefold()]
        return first if len(same) == 1 else name

    def find(self, who: str) -> Member | None:
        """The one member whose id, name or email this is, letter case aside; None when not one."""
        wanted = who.strip().casefold()
        found = [
            member
            for member in self.members
            if wanted
            in (member.id.casefold(), member.name.casefold(), (member.email or "").casefold())
            and wanted
        ]
        exact = [member for member in found if member.id.casefold() == wanted]
        best = exact or found
        return best[0] if len(best) == 1 else None
