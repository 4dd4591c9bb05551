"""Times as Google writes them: {"dateTime": ..., "timeZone": ...} or {"date": ...}."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

When = dict[str, Any]


def known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_stamp(text: str, zone: ZoneInfo) -> datetime:
    """An instant in UTC; without an offset it is by the clock of the zone.  Raises ValueError."""
    moment = datetime.fromisoformat(text.upper().replace("Z", "+00:00")).replace(microsecond=0)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def write_stamp(moment: datetime, zone: ZoneInfo | None = None) -> str:
    if zone is None or zone.key in ("UTC", "Etc/UTC"):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.astimezone(zone).isoformat(timespec="seconds")


def zone_of(when: When, calendar_zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(when["timeZone"]) if when.get("timeZone") else calendar_zone


def instant(when: When, calendar_zone: ZoneInfo) -> datetime:
    """When that is, in UTC; a date begins at the calendar's midnight."""
    if when.get("date"):
        day = date.fromisoformat(when["date"])
        return datetime(day.year, day.month, day.day, tzinfo=calendar_zone).astimezone(UTC)
    return read_stamp(when["dateTime"], zone_of(when, calendar_zone))


def kept(when: When, calendar_zone: ZoneInfo) -> When:
    """As it is stored: dates alone, or an instant with its zone."""
    if when.get("date"):
        return {"date": when["date"]}
    zone = zone_of(when, calendar_zone)
    return {"dateTime": write_stamp(instant(when, calendar_zone), zone), "timeZone": zone.key}


def shown(when: When, zone: ZoneInfo) -> When:
    """As it is answered: by the clock of the zone asked for."""
    if "date" in when:
        return when
    return {**when, "dateTime": write_stamp(read_stamp(when["dateTime"], zone), zone)}


def by_hand(value: str | date | datetime | When, calendar_zone: ZoneInfo) -> When:
    """What a person enters: a day, a time by the calendar's clock, or one with an offset."""
    if isinstance(value, dict):
        return kept(value, calendar_zone)
    if isinstance(value, datetime):
        value = value.isoformat()
    text = str(value).replace(" ", "T")
    if len(text) == 10:
        return {"date": text}
    stamp = write_stamp(read_stamp(text, calendar_zone))
    return kept({"dateTime": stamp, "timeZone": calendar_zone.key}, calendar_zone)
