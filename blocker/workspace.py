"""The keys of the house: config, calendars, store and clock, opened once for a run.

The only reader of the clock and of the environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from blocker.domain.commitment import Amendment, away_in, missed_in
from blocker.domain.errors import Mistake, WrongInput, WrongUse
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef, Member
from blocker.domain.team import Team

if TYPE_CHECKING:
    from blocker.calendars.access import Access
    from blocker.calendars.base import Calendar
    from blocker.calendars.copy_key import CopyKey
    from blocker.calendars.google.sheets import Sheets
    from blocker.intake.config import Config
    from blocker.store.store import Store

_COPIES_LAST = timedelta(days=90)
"""A copy that nobody replaced so long is nobody's any more."""


@dataclass(frozen=True)
class Workspace:
    """Everything a job needs from outside.  `now` is one instant for the whole run, in UTC."""

    config: Config
    now: datetime
    asker: Member | None = None
    workers: int = 1
    """So many processes may plan at once."""
    environment: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """Sentences for stderr that come up on the way."""
    away: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    """Time off besides the config's, by member, as the store knows it."""
    missed: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    """Blocks that stood while no work happened, by task, as the store knows it."""

    @cached_property
    def team(self) -> Team:
        """The config's team; who said to be away is off."""
        team = self.config.team
        members = tuple(
            replace(one, time_off=(*one.time_off, *self.away[one.id]))
            if one.id in self.away
            else one
            for one in team.members
        )
        return replace(team, members=members)

    @property
    def asker_id(self) -> str | None:
        """Who is remembered for what is done; None where nobody was named."""
        return self.asker.id if self.asker else None

    def amended(self, amendments: Iterable[Amendment]) -> Workspace:
        """The same, knowing what these amendments say of time away and of missed blocks."""
        amendments = tuple(amendments)
        known = replace(self, away=away_in(amendments), missed=missed_in(amendments))
        known.__dict__["access"] = self.access  # one line to each server for the whole run
        return known

    def sheets(self) -> Sheets:
        """Google's spreadsheets, as whoever is signed in sees them."""
        from blocker.calendars.google.sheets import Sheets

        return Sheets(self.access, self.config.google)

    @contextmanager
    def store(self, *, rehearse: bool = False) -> Iterator[Store]:
        """The team's store; a rehearsal works on a copy and leaves no trace.

        Copies of calendars that are far away are taken out of it, and put back when the job is
        done; their reader alone can read them.
        """
        from blocker.store.opening import open_store

        url, team, say = self.config.store_url, self.team.id, self.notes.append
        with open_store(url, team, rehearse=rehearse, say=say) as store:
            far, copies = self._far_calendars, self.access.copies
            key = self._copy_key(make=not rehearse) if far else None
            if key is not None:
                copies.add(key.decrypted(store.calendar_copies(key.reader)))
            yield store
            if key is not None and not rehearse:
                copies.keep_only(far)
                if changed := copies.take_changed():
                    with store.transaction():
                        since = self.now - _COPIES_LAST
                        store.keep_calendar_copies(key.reader, key.changes(changed), since)

    def _copy_key(self, *, make: bool) -> CopyKey | None:
        """What copies of calendars are encrypted with; None where no secret can be kept."""
        from blocker.calendars.copy_key import find_copy_key
        from blocker.calendars.secrets import Secrets

        return find_copy_key(Secrets(self.access.secrets), make=make)

    @property
    def _far_calendars(self) -> tuple[str, ...]:
        """The keys of calendars on other machines."""
        refs = (ref for member in self.team.members for ref in member.calendars)
        return tuple(dict.fromkeys(ref.key for ref in refs if ref.is_far))

    @cached_property
    def access(self) -> Access:
        """What calendars are opened with, the same for the whole run."""
        from platformdirs import user_config_path

        from blocker.calendars.access import Access

        folder = user_config_path("blocker")
        return Access(self.now, self.environment, folder, self.config.hosts)

    def calendar(self, ref: CalendarRef, member: Member, *, writable: bool = False) -> Calendar:
        """One calendar of one member."""
        from blocker.calendars.registry import open_calendar

        return open_calendar(ref, member, self.access, writable=writable)


def open_workspace(
    config: Path | None,
    now: str | None,
    asker: str | None,
    environment: Mapping[str, str] | None = None,
) -> Workspace:
    """Open the config that the user means and settle who asks and what time it is.

    Raises WrongInput for the config's mistakes, WrongUse for a time or a member not understood.
    """
    from blocker.intake.config import load

    environment = os.environ if environment is None else environment
    loaded = load(find_config(config, environment), environment)
    return Workspace(
        loaded,
        instant(now, loaded.team.zone),
        _asker(loaded.team, asker or environment.get("BLOCKER_AS")),
        _cores(),
        environment,
    )


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def find_config(given: Path | None, environment: Mapping[str, str]) -> Path:
    """`-c`, else $BLOCKER_CONFIG, else ./config.yaml, else the user's config folder."""
    if given is not None:
        return given
    if named := environment.get("BLOCKER_CONFIG"):
        return Path(named)
    here = Path("config.yaml")
    if here.exists():
        return here
    from platformdirs import user_config_path

    mine = user_config_path("blocker") / "config.yaml"
    if mine.exists():
        return mine
    raise WrongInput(
        [
            Mistake(
                "config.yaml",
                None,
                "",
                f"there is no config, here or at {mine}",
                "make one with: blocker init",
            )
        ]
    )


def clock() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def allow_plain_sign_in() -> None:
    """Let a sign-in go over http, to a server on this very machine: oauthlib asks the environment.

    Source: oauthlib's documentation of OAUTHLIB_INSECURE_TRANSPORT.
    """
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def local_zone() -> str | None:
    """The name of this machine's time zone, None where it has none."""
    from tzlocal import get_localzone_name

    try:
        return get_localzone_name()
    except (LookupError, OSError, ValueError):
        return None


def instant(text: str | None, zone: ZoneInfo) -> datetime:
    """The moment that `--now` means, in `zone` without an offset; the present one for None."""
    if text is None:
        return clock()
    try:
        given = datetime.fromisoformat(text.strip())
        return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongUse(
            f"--now: {text!r} is no time; write it like 2027-01-04T09:00 or 2027-01-04"
        ) from None


def _asker(team: Team, who: str | None) -> Member | None:
    if not who:
        return None
    member = team.find(who)
    if member is None:
        known = ", ".join(one.id for one in team.members)
        raise WrongUse(f"--as: nobody in {team.name} is called {who!r}; its members are {known}")
    return member
