"""Google's events in our words (contract, section 3), and blocks in Google's (section 4).

Pure: JSON in, values out.  What the fields mean: the reference of the event resource of the
Google Calendar API, version 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from blocker.calendars.google.ids import generation_of, looks_ours
from blocker.calendars.owner import Owner
from blocker.calendars.text.event_reading import LONGEST_TEXT
from blocker.calendars.text.plain_text import many_lines, one_line
from blocker.calendars.text.values import date_text, shown, utc_text
from blocker.domain.event import Answer, BlockMark, Event, Trouble
from blocker.domain.hours import instant
from blocker.domain.interval import Interval

Json = Mapping[str, Any]

FIELDS = (
    "id,status,etag,iCalUID,summary,description,start,end,transparency,visibility,eventType,"
    "sequence,recurringEventId,originalStartTime,organizer(email,self),"
    "attendees(email,self,responseStatus,resource),attendeesOmitted,extendedProperties/private"
)
"""All that is asked of an event."""

_FREE_KINDS = ("workingLocation", "birthday")
_ANSWERS = {
    "accepted": Answer.ACCEPTED,
    "declined": Answer.DECLINED,
    "tentative": Answer.TENTATIVE,
}
_PART = re.compile(r"(\d{1,5})(?:/(\d{1,5}))?")


class _NotUnderstood(ValueError):
    """A plain clause about an event."""


def slim(item: Json) -> dict[str, Any]:
    """An event as it is kept: only the fields we use, and no words of other people's meetings
    beyond their titles."""
    kept = {key: item[key] for key in _KEPT if key in item}
    private = _private(item)
    ours = {key: private[key] for key in PROPERTIES if key in private}
    if ours:
        kept["extendedProperties"] = {"private": ours}
        kept["description"] = item.get("description", "")
    return kept


_KEPT = tuple(
    name
    for name in re.sub(r"\(.*?\)|/\w+", "", FIELDS).split(",")
    if name not in ("description", "extendedProperties")
)
PROPERTIES = ("blockerUid", "blockerTask", "blockerSprint", "blockerPart", "blockerCategories")
"""The private properties of a block."""


def is_cancelled(item: Json) -> bool:
    """Deleted by somebody; Google calls that cancelled."""
    return item.get("status") == "cancelled"


def is_ours(item: Json) -> bool:
    """A block of ours, or a person's copy of one."""
    return bool(_private(item).get("blockerTask", "").strip())


def uid_of(item: Json) -> str:
    """A block's own UID where the event is that block, else iCalendar's.

    A copy that a person makes of a block carries our properties under another id.
    """
    ours = one_line(_private(item).get("blockerUid", ""))
    identity = str(item.get("recurringEventId") or item.get("id", ""))
    if ours and generation_of(ours, identity) is not None:
        return ours
    return one_line(str(item.get("iCalUID") or "")) or f"{one_line(identity)}@google.com"


def read_item(item: Json, address: str, owner: Owner) -> Event | Trouble | None:
    """An event as the owner's; None where it takes no time at all, being deleted or of no length.

    `address` is the calendar's: what Google calls `self` is whose calendar it is, and that may be a
    colleague of the member for whom it is read.  Whatever cannot be understood is a Trouble, never
    nothing.
    """
    if is_cancelled(item):
        return None
    uid = uid_of(item)
    try:
        return _event(item, uid, owner, selves=_speaks_of(owner, address))
    except (AttributeError, TypeError, KeyError, ValueError) as problem:
        clause = str(problem) if isinstance(problem, _NotUnderstood) else "cannot be understood"
        return Trouble(owner.label, f"the event {clause}", uid=uid)


def _speaks_of(owner: Owner, address: str) -> bool:
    """Google's `self` means the member, as far as can be known."""
    address = address.casefold()
    is_group = address.endswith("@group.calendar.google.com")
    return is_group or not owner.addresses or address in owner.addresses


def _event(item: Json, uid: str, owner: Owner, *, selves: bool) -> Event | None:
    start, all_day = _moment(item, "start", owner.home)
    end, end_is_date = _moment(item, "end", owner.home)
    if all_day != end_is_date:
        raise _NotUnderstood("begins on a date and ends at a time, or the other way round")
    if end == start:
        return None
    if end < start:
        raise _NotUnderstood("ends before it begins")
    organizer, answer, others = _people(item, owner, selves=selves)
    by_rule = item.get("eventType") in _FREE_KINDS or (all_day and owner.all_day_is_free)
    private = _private(item)
    return Event(
        calendar=owner.label,
        uid=uid,
        instance=_instance(item, owner.home),
        interval=Interval(start, end),
        title=one_line(str(item.get("summary", ""))[:LONGEST_TEXT]),
        all_day=all_day,
        tentative=item.get("status") == "tentative",
        transparent=item.get("transparency") == "transparent",
        answer=answer,
        organizer=organizer,
        others_invited=others,
        free_by_rule=by_rule,
        mark=_mark(private),
        description=many_lines(str(item.get("description", ""))[:LONGEST_TEXT]),
        categories=tuple(
            filter(None, map(one_line, private.get("blockerCategories", "").split("\n")))
        ),
        revision=str(item.get("etag", "")),
        sequence=int(item.get("sequence", 0)),
    )


def _private(item: Json) -> dict[str, str]:
    """The private properties, empty where there are none that can be read."""
    properties = item.get("extendedProperties")
    found = properties.get("private") if isinstance(properties, Mapping) else None
    pairs = found.items() if isinstance(found, Mapping) else ()
    return {str(key): value for key, value in pairs if isinstance(value, str)}


def _moment(item: Json, name: str, home: ZoneInfo) -> tuple[datetime, bool]:
    """The instant, and whether it is a date: the owner's local day.  Raises _NotUnderstood."""
    when = item.get(name)
    if not isinstance(when, Mapping):
        raise _NotUnderstood(f"has no {name}")
    return _instant(when, name, home)


def _instant(when: Json, name: str, home: ZoneInfo) -> tuple[datetime, bool]:
    text = when.get("dateTime") or when.get("date") or ""
    try:
        if not when.get("dateTime"):
            return instant(date.fromisoformat(text), 0, home), True
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(when["timeZone"]))
        return moment.astimezone(UTC), False
    except (ValueError, OverflowError, KeyError, TypeError):
        raise _NotUnderstood(f"has a {name} that is no time: “{shown(str(text))}”") from None


def _instance(item: Json, home: ZoneInfo) -> str:
    """As for .ics files: the date or the UTC instant that a series gives the instance."""
    if not item.get("recurringEventId"):
        return ""
    original = item.get("originalStartTime")
    if not isinstance(original, Mapping):
        raise _NotUnderstood("does not say which of its series it is")
    moment, is_date = _instant(original, "original start", home)
    return date_text(moment.astimezone(home)) if is_date else utc_text(moment)


def _people(item: Json, owner: Owner, *, selves: bool) -> tuple[str | None, Answer | None, bool]:
    """Who organises, None for the owner; the owner's answer; whether others are invited.

    `selves`: what Google marks as `self` is the owner.
    """
    by = item.get("organizer") or {}
    address = one_line(str(by.get("email", "")).lower())
    organizes = (selves and bool(by.get("self"))) or address in owner.addresses
    answer: Answer | None = None
    others = bool(item.get("attendeesOmitted"))
    for one in item.get("attendees", ()):
        if (selves and one.get("self")) or str(one.get("email", "")).lower() in owner.addresses:
            known = _ANSWERS.get(one.get("responseStatus", ""), Answer.UNANSWERED)
            if not (organizes and known is Answer.UNANSWERED):
                answer = known
        elif not one.get("resource"):
            others = True
    return None if organizes or not address else address, answer, others


def _mark(private: Mapping[str, str]) -> BlockMark | None:
    task = one_line(private.get("blockerTask", ""))
    if not task:
        return None
    part = _PART.fullmatch(private.get("blockerPart", "").strip())
    return BlockMark(
        task,
        one_line(private.get("blockerSprint", "")) or None,
        int(part[1]) if part else None,
        int(part[2]) if part and part[2] else None,
    )


def touches(item: Json, window: Interval, home: ZoneInfo) -> bool:
    """The event may lie in the window; one that cannot be understood may."""
    try:
        start, _ = _moment(item, "start", home)
        end, _ = _moment(item, "end", home)
    except (ValueError, AttributeError, TypeError):
        return True
    return start < window.end and end > window.start


def is_hidden_block(item: Json) -> bool:
    """By its id one of our blocks, of which we are shown the time alone."""
    return (
        looks_ours(str(item.get("id", "")))
        and not is_cancelled(item)
        and item.get("visibility") == "private"
        and not is_ours(item)
    )
