"""Blocks as Google's events (contract, section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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


def event_body(block: TimeBlock, looks: Looks, kind: str | None = None) -> dict[str, Any]:
    """The event for a block, without its id.

    `kind` is the type of the event that it replaces, which cannot be changed; None for a new one.
    """
    kind = kind or (FOCUS_TIME if looks.focus_time else "default")
    body: dict[str, Any] = {
        "summary": block_title(block),
        "description": many_lines(block.description),
        "start": _moment(block.interval.start, block.zone),
        "end": _moment(block.interval.end, block.zone),
        "status": "confirmed",
        "transparency": "opaque",
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


def _properties(block: TimeBlock) -> dict[str, str]:
    categories = filter(None, map(one_line, block.categories))
    return {
        "blockerUid": block.uid,
        "blockerTask": one_line(block.task),
        "blockerSprint": one_line(block.sprint_name),
        "blockerPart": f"{block.part}/{block.parts}",
        # Google has no categories
        "blockerCategories": "\n".join(categories),
    }


def _focus(looks: Looks) -> dict[str, str]:
    focus = {"autoDeclineMode": _DECLINES[looks.auto_decline], "chatStatus": "doNotDisturb"}
    if looks.decline_message and looks.auto_decline != "none":
        focus["declineMessage"] = looks.decline_message
    return focus


def _moment(moment: datetime, zone: ZoneInfo) -> dict[str, str]:
    """With the offset, so that a time that the clock shows twice is the right one."""
    return {"dateTime": moment.astimezone(zone).isoformat(), "timeZone": zone.key}
