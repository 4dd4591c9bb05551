"""Series into instances, as events.list with singleEvents=true gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from tests.google_server.moments import instant, kept, write_stamp, zone_of

Event = dict[str, Any]
Window = tuple[datetime | None, datetime | None]

MOST_INSTANCES = 1000
FARTHEST = timedelta(days=730)  # how far an endless series is followed without a timeMax


def instances(master: Event, window: Window, calendar_zone: ZoneInfo) -> list[Event]:
    """The instances whose time touches the window, by the rules of the series alone."""
    start = master["start"]
    zone = zone_of(start, calendar_zone)
    length = instant(master["end"], calendar_zone) - instant(start, calendar_zone)
    first = instant(start, calendar_zone)
    since = max(first, (window[0] or first) - length - timedelta(days=1))
    until = window[1] or since + FARTHEST
    found = []
    for local in _occurrences(master, zone, since, until):
        event = _instance(master, local, zone, calendar_zone)
        begins = instant(event["start"], calendar_zone)
        ends = instant(event["end"], calendar_zone)
        if (window[0] is None or ends > window[0]) and (window[1] is None or begins < window[1]):
            found.append(event)
        if len(found) >= MOST_INSTANCES:
            break
    return found


def instance_of(master: Event, original: str, calendar_zone: ZoneInfo) -> Event | None:
    """The one instance that began, by the rules, at '20270105T090000Z' or '20270105'."""
    if not master.get("recurrence") or not re.fullmatch(r"\d{8}(T\d{6}Z)?", original):
        return None
    when = datetime.strptime(original[:8], "%Y%m%d").replace(tzinfo=UTC)
    window = (when - timedelta(days=2), when + timedelta(days=3))
    wanted = f"{master['id']}_{original}"
    return next((e for e in instances(master, window, calendar_zone) if e["id"] == wanted), None)


def _occurrences(
    master: Event, zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[datetime]:
    """Starts by the clock of the series' zone, without an offset."""
    start = master["start"]
    if "date" in start:
        first = datetime.combine(date.fromisoformat(start["date"]), datetime.min.time())
    else:
        first = instant(start, zone).astimezone(zone).replace(tzinfo=None)
    rules = rruleset()
    rules.rdate(first)
    for line in master["recurrence"]:
        _add(rules, line, first, zone)
    lower = since.astimezone(zone).replace(tzinfo=None) - timedelta(days=1)
    upper = until.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
    for local in rules:
        if local > upper:
            return
        if local >= lower:
            yield local


def _add(rules: rruleset, line: str, first: datetime, zone: ZoneInfo) -> None:
    """One line of the event's `recurrence`."""
    name, _, value = line.partition(":")
    name, _, parameters = name.partition(";")
    if name in ("RRULE", "EXRULE"):
        rule = rrulestr(_local_until(value, zone), dtstart=first)
        assert isinstance(rule, rrule)
        (rules.rrule if name == "RRULE" else rules.exrule)(rule)
        return
    tzid = dict(p.partition("=")[::2] for p in parameters.split(";") if p).get("TZID")
    there = ZoneInfo(tzid) if tzid else zone
    for text in value.split(","):
        moment = _local(text, there, zone, first)
        (rules.rdate if name == "RDATE" else rules.exdate)(moment)


def _local(text: str, there: ZoneInfo, zone: ZoneInfo, first: datetime) -> datetime:
    if len(text) == 8:  # a date
        day = datetime.strptime(text, "%Y%m%d")
        return day.replace(hour=first.hour, minute=first.minute, second=first.second)
    moment = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")
    moment = moment.replace(tzinfo=UTC if text.endswith("Z") else there)
    return moment.astimezone(zone).replace(tzinfo=None)


def _local_until(rule: str, zone: ZoneInfo) -> str:
    """UNTIL by the clock of the zone: dateutil wants it as naive as the start."""

    def local(found: re.Match[str]) -> str:
        moment = datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return "UNTIL=" + moment.astimezone(zone).strftime("%Y%m%dT%H%M%S")

    rule = re.sub(r"UNTIL=(\d{8}T\d{6}Z)", local, rule)
    return re.sub(r"UNTIL=(\d{8})(?!T)", r"UNTIL=\1T235959", rule)


def _instance(master: Event, local: datetime, zone: ZoneInfo, calendar_zone: ZoneInfo) -> Event:
    start, end = master["start"], master["end"]
    if "date" in start:
        days = date.fromisoformat(end["date"]) - date.fromisoformat(start["date"])
        name = local.strftime("%Y%m%d")
        begins, ends = ({"date": day.date().isoformat()} for day in (local, local + days))
    else:
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        length = instant(end, calendar_zone) - instant(start, calendar_zone)
        name = moment.strftime("%Y%m%dT%H%M%SZ")
        begins = kept({"dateTime": write_stamp(moment), "timeZone": zone.key}, zone)
        ends = kept(
            {"dateTime": write_stamp(moment + length)}
            | {"timeZone": zone_of(end, calendar_zone).key},
            zone,
        )
    event = {key: value for key, value in master.items() if key != "recurrence"}
    return event | {
        "id": f"{master['id']}_{name}",
        "start": begins,
        "end": ends,
        "recurringEventId": master["id"],
        "originalStartTime": dict(begins),
    }
