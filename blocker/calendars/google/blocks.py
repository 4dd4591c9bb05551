"""Blocks as Google's events (contract, section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blocker.calendars.google.events import PROPERTIES
from blocker.calendars.text.event_text import block_title
from blocker.calendars.text.plain_text import many_lines, one_line
from blocker.domain.block import TimeBlock

FOCUS_TIME = "focusTime"
_DECLINES = {
    "none": "declineNone",
    "new": "declineOnlyNewConflictingInvitations",
    "all": "declineAllConflictingInvitations",
}


@dataclass(frozen=True, slots=True)
class Looks:
    """How blocks look in a Google calendar, as the config says.

    `auto_decline` is none, new or all; `colour` 1 to 11; `visibility` default, public or private;
    `reminders` none or default.
    """

    focus_time: bool = False
    auto_decline: str = "none"
    decline_message: str = ""
    colour: str | None = None
    visibility: str = "default"
    reminders: str = "none"


def looks_of(options: Mapping[str, str]) -> Looks:
    """What a calendar's options say of blocks."""
    return Looks(
        options.get("focus_time") == "true",
        options.get("auto_decline", "none"),
        one_line(options.get("decline_message", "")),
        options.get("colour"),
        options.get("visibility", "default"),
        options.get("reminders", "none"),
    )


def new_event(block: TimeBlock, looks: Looks) -> dict[str, Any]:
    """The event for a block, without its id."""
    kind = FOCUS_TIME if looks.focus_time else "default"
    body: dict[str, Any] = {
        **_ours(block),
        "start": _moment(block.interval.start, block.zone),
        "end": _moment(block.interval.end, block.zone),
        "visibility": looks.visibility,
        "eventType": kind,
        "reminders": {"useDefault": True}
        if looks.reminders == "default"
        else {"useDefault": False, "overrides": []},
        "extendedProperties": {"private": _properties(block)},
    }
    if looks.colour:
        body["colorId"] = looks.colour
    if kind == FOCUS_TIME:
        body["focusTimeProperties"] = _focus(looks)
    return body


def changed_event(block: TimeBlock) -> dict[str, Any]:
    """What to change of a block's event, for `events.patch`: what is ours of it alone.

    Its colour, its place, its guests stay, whoever chose them.  None takes away.
    """
    # a person may have made it a whole day, whose date would stay
    whole_day = {"date": None}
    return {
        **_ours(block),
        "start": {**_moment(block.interval.start, block.zone), **whole_day},
        "end": {**_moment(block.interval.end, block.zone), **whole_day},
        "extendedProperties": {"private": {**dict.fromkeys(PROPERTIES), **_properties(block)}},
    }


def _ours(block: TimeBlock) -> dict[str, str]:
    return {
        "summary": block_title(block),
        "description": many_lines(block.description),
        "status": "confirmed",
        "transparency": "opaque",
    }


def _properties(block: TimeBlock) -> dict[str, str]:
    values = (
        block.uid,
        one_line(block.task),
        one_line(block.sprint_name),
        f"{block.part}/{block.parts}",
        # Google has no categories
        "\n".join(filter(None, map(one_line, block.categories))),
    )
    return {name: value for name, value in zip(PROPERTIES, values, strict=True) if value}


def _focus(looks: Looks) -> dict[str, str]:
    focus = {"autoDeclineMode": _DECLINES[looks.auto_decline], "chatStatus": "doNotDisturb"}
    if looks.decline_message and looks.auto_decline != "none":
        focus["declineMessage"] = looks.decline_message
    return focus


def _moment(moment: datetime, zone: ZoneInfo) -> dict[str, str]:
    """With the offset, so that a time that the clock shows twice is the right one."""
    return {"dateTime": moment.astimezone(zone).isoformat(), "timeZone": zone.key}
