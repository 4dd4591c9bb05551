"""Zone names: what clients write as TZID, turned into IANA zones."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_OFFSET = re.compile(r"\(?(?:UTC|GMT)?\s*([+-])(\d{1,2})(?:[:.]?(\d\d))?\)?", re.IGNORECASE)
_DISPLAY = re.compile(
    r"\((?:UTC|GMT)\s*(?:([+\-−])\s*(\d{1,2})[:.](\d\d))?\)\s*(.*)", re.IGNORECASE | re.DOTALL
)

_REGIONS = {
    "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "atlantic time (canada)": "America/Halifax",
    "indiana (east)": "America/Indiana/Indianapolis",
    "arizona": "America/Phoenix",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "newfoundland": "America/St_Johns",
    "greenland": "America/Nuuk",
    "saskatchewan": "America/Regina",
    "central america": "America/Guatemala",
    "mexico city": "America/Mexico_City",
    "brasilia": "America/Sao_Paulo",
    "city of buenos aires": "America/Argentina/Buenos_Aires",
    "buenos aires": "America/Argentina/Buenos_Aires",
    "azores": "Atlantic/Azores",
    "cabo verde is.": "Atlantic/Cape_Verde",
    "cape verde is.": "Atlantic/Cape_Verde",
    "west central africa": "Africa/Lagos",
    "nairobi": "Africa/Nairobi",
    "osaka": "Asia/Tokyo",
    "beijing": "Asia/Shanghai",
    "abu dhabi": "Asia/Dubai",
    "new delhi": "Asia/Kolkata",
    "chennai": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "islamabad": "Asia/Karachi",
    "hanoi": "Asia/Ho_Chi_Minh",
    "edinburgh": "Europe/London",
    "st. petersburg": "Europe/Moscow",
    "bern": "Europe/Zurich",
    "wellington": "Pacific/Auckland",
    "harare": "Africa/Harare",
    "coordinated universal time": "Etc/UTC",
}
"""Places in Windows' display names that are no city of the IANA list."""


@cache
def zone_named(name: str) -> tzinfo | None:
    """The zone that a TZID means, or None when nobody knows.

    Understood are IANA names, also behind a vendor's prefix and in other letter case, Windows
    names, the display names that Outlook writes, and plain offsets.

    >>> zone_named("/freeassociation.sourceforge.net/Europe/Paris")
    zoneinfo.ZoneInfo(key='Europe/Paris')
    >>> zone_named("W. Europe Standard Time")
    zoneinfo.ZoneInfo(key='Europe/Berlin')
    """
    name = name.strip().strip("\"'").strip()
    if not name or len(name) > 200:
        return None
    if name.upper() in ("UTC", "Z", "ETC/UTC", "UTC/GMT", "COORDINATED UNIVERSAL TIME"):
        return UTC
    return (
        _iana(name) or _windows(name) or _prefixed(name) or _offset(name) or _display(name) or None
    )


def _iana(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _windows(name: str) -> tzinfo | None:
    from babel.core import get_global  # 10 ms, and only files of Outlook need it

    table: dict[str, str] = _windows_table(get_global("windows_zone_mapping"))
    found = table.get(name.casefold())
    return _iana(found) if found else None


def _windows_table(mapping: object) -> dict[str, str]:
    known = dict(mapping)  # type: ignore[call-overload]  # babel has no type for it
    return {str(key).casefold(): str(value) for key, value in known.items()}


@cache
def _by_folded_name() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@cache
def _by_city() -> dict[str, str]:
    """IANA names by their last part, spelled as people do; names of continents come first."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones(), key=lambda name: (name.startswith("Etc/"), name)):
        if "/" in name:
            found.setdefault(name.rpartition("/")[2].replace("_", " ").casefold(), name)
    return found


def _prefixed(name: str) -> tzinfo | None:
    """`/mozilla.org/20050126_1/Europe/Berlin`: the longest ending that is a zone."""
    parts = [part for part in name.replace(" ", "_").split("/") if part]
    for count in (3, 2, 1):
        known = _by_folded_name().get("/".join(parts[-count:]).casefold())
        if known and (count > 1 or len(parts) == 1):
            return _iana(known)
    return None


def _offset(name: str) -> tzinfo | None:
    found = _OFFSET.fullmatch(name)
    if not found:
        return None
    span = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(span if found[1] == "+" else -span) if span < timedelta(hours=24) else None


def _display(name: str) -> tzinfo | None:
    """`(UTC+01:00) Amsterdam, Berlin, Bern`: the first place whose standard offset agrees."""
    found = _DISPLAY.fullmatch(name)
    if not found:
        return None
    sign, hours, minutes, places = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if sign in ("-", "−"):
        offset = -offset
    whole = places.strip().casefold()
    for place in [whole, *(part.strip().casefold() for part in re.split(r"[,/]", places))]:
        known = _REGIONS.get(place) or _by_city().get(place)
        zone = _iana(known) if known else None
        if zone and offset in _winter_and_summer(zone):
            return zone
    return None


def _winter_and_summer(zone: tzinfo) -> set[timedelta | None]:
    return {zone.utcoffset(datetime(2026, month, 15)) for month in (1, 7)}  # noqa: DTZ001  (wall)
