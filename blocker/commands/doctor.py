"""`doctor`: what a team's set-up lacks, one line each, with the remedy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from blocker.calendars.ics_file import CalendarCheck, check
from blocker.commands.at_once import at_once
from blocker.commands.reading import Tell, silent
from blocker.domain.errors import CalendarUnreadable, Unreachable
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef, Member
from blocker.workspace import Workspace

_LOOK_AHEAD = timedelta(weeks=6)
_OLD_ZONES_AFTER_YEARS = 2


class Health(StrEnum):
    GOOD = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `text` says what was found and, where it is not good, what to do."""

    health: Health
    about: str
    text: str


def examine(workspace: Workspace, tell: Tell = silent) -> list[Check]:
    """Look at config, time zone data, each member's calendars and the store.  Writes nothing."""
    team = workspace.team
    zones = len({one.zone.key for one in team.members})
    members = f"members: {len(team.members)}, time zones: {zones}"
    checks = [Check(Health.GOOD, "config", f"{workspace.config.path}: {members}")]
    checks += [Check(Health.WARNING, "config", one) for one in workspace.config.warnings]
    checks.append(zone_data(workspace))
    checks += _sign_ins(workspace)
    checks += dict.fromkeys(_calendars(workspace, tell))
    checks.append(_store(workspace))
    return checks


def check_file(path: Path, now: datetime) -> CalendarCheck:
    """Read one calendar file, no config needed; floating times are read as UTC.

    Raises CalendarUnreadable in one line when it is not a calendar, Unreachable.
    """
    return check(path, now=now, zone=ZoneInfo("UTC"))


def zone_data(workspace: Workspace) -> Check:
    """Which time zone data is used, and whether it may lack changes that governments made since."""
    found = _zone_version()
    if found is None:
        return Check(Health.WARNING, "time zones", "the version of the data is not known")
    year = int(found[:4]) if found[:4].isdigit() else 0
    if workspace.now.year > year + _OLD_ZONES_AFTER_YEARS:
        remedy = "it may lack recent changes; pip install --upgrade tzdata, or update the system"
        return Check(Health.WARNING, "time zones", f"data of {found}: {remedy}")
    return Check(Health.GOOD, "time zones", f"data of {found}")


def _zone_version() -> str | None:
    """The system's data where there is some, as zoneinfo prefers it, else the package's."""
    for folder in TZPATH:
        index = Path(folder) / "tzdata.zi"
        if index.exists():
            with index.open(encoding="utf-8") as text:
                return text.readline().removeprefix("# version ").strip()
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return None


def _sign_ins(workspace: Workspace) -> Iterator[Check]:
    """Each sign-in with Google: whose it is, with which rights, until when."""
    refs = [ref for member in workspace.team.members for ref in member.calendars]
    ways = {
        tuple(ref.options.get(key) for key in ("service_account", "token_file", "endpoint")): ref
        for ref in refs
        if ref.kind == "google"
    }
    for ref in ways.values():
        from blocker.calendars.google.facts import sign_in_facts

        try:
            found = sign_in_facts(workspace.access, ref.options)
        except Unreachable as problem:
            yield Check(Health.UNREACHABLE, "sign-in", str(problem))
            continue
        yield Check(Health.GOOD, "sign-in", found.facts)
        for said in found.warnings:
            yield Check(Health.WARNING, "sign-in", said)


def _calendars(workspace: Workspace, tell: Tell) -> Iterator[Check]:
    """Each member's calendars; those on other machines are asked side by side."""
    asked = [(member, ref) for member in workspace.team.members for ref in member.calendars]
    far = [one for one in asked if one[1].is_far]
    done = 0

    def hear(_number: int, label: str) -> None:
        nonlocal done
        done += 1
        tell(f"looked at {label}, {done} of {len(far)} calendars", done / len(far))

    def job(member: Member, ref: CalendarRef, say: Callable[[str], None]) -> list[Check]:
        checks = list(_calendar(workspace, member, ref))
        say(ref.label)
        return checks

    found = at_once([partial(job, *one) for one in far], hear)
    answers = {id(ref): checks for (_, ref), checks in zip(far, found, strict=True)}
    for member in workspace.team.members:
        if member.blocks is None:
            remedy = "name one under calendars: blocks"
            yield Check(Health.WARNING, member.id, f"has no calendar for blocks; {remedy}")
        for ref in member.calendars:
            yield from answers.get(id(ref)) or _calendar(workspace, member, ref)


def _calendar(workspace: Workspace, member: Member, ref: CalendarRef) -> Iterator[Check]:
    """One calendar: whether it can be read, and written where blocks go."""
    is_blocks = ref is member.blocks
    calendar = workspace.calendar(ref, member, writable=is_blocks)
    window = Interval(workspace.now, workspace.now + _LOOK_AHEAD)
    try:
        listing = calendar.events(window)
        lack = calendar.cannot_be_written() if is_blocks else None
    except CalendarUnreadable as problem:
        yield Check(Health.WRONG, member.id, str(problem))
        return
    except Unreachable as problem:
        yield Check(Health.UNREACHABLE, member.id, str(problem))
        return
    if lack is not None:
        yield Check(Health.UNREACHABLE, member.id, lack)
    text = f"{ref.label}: events in the next six weeks: {len(listing.events)}"
    if is_blocks and ref.kind == "ics" and not Path(ref.address).exists():
        text = f"{ref.label}: not there yet; book makes it"
    yield Check(Health.GOOD, member.id, text)
    hidden = (
        [f"{ref.label} shows only free/busy: {listing.unverifiable}"]
        if listing.unverifiable
        else []
    )
    for said in (*hidden, *listing.warnings, *calendar.warnings(), *map(str, listing.troubles)):
        yield Check(Health.WARNING, member.id, said)


def _store(workspace: Workspace) -> Check:
    try:
        with workspace.store(rehearse=True) as store:
            count = len(store.tasks())
            faults = store.faults()
    except Unreachable as problem:
        return Check(Health.UNREACHABLE, "store", str(problem))
    if (lack := _cannot_be_changed(workspace.config.store_url)) is not None:
        return Check(Health.UNREACHABLE, "store", lack)
    if faults:
        text = f"{workspace.config.store_url} is damaged ({faults[0]}); restore it from a backup"
        return Check(Health.UNREACHABLE, "store", text)
    return Check(Health.GOOD, "store", f"{workspace.config.store_url}: {count} tasks")


def _cannot_be_changed(store_url: str) -> str | None:
    """Why a store that can be read cannot be written, None when it can."""
    path = Path(store_url.removeprefix("sqlite:///"))
    for place in (path, path.parent):
        if place.exists() and not os.access(place, os.W_OK):
            return f"{place} cannot be written; give yourself the right to it"
    return None
