"""Dates as people and their tools write them, read into the domain's moments."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from blocker.domain.moment import DateMoment, Moment, SprintMoment, parse_moment
from blocker.intake.problems import Wrong, shown

EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
LATEST_WEEK = 52
_FORMS = "write it as 2027-01-14, 2027-01-14 12:00 or W2 Wed"
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[t ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(z|[+-]\d{2}:?\d{2})?"
)
_WORDS = re.compile(r"w(\d{1,2})[\s,]+([^\d\s]+)(?:\s+(\d{1,2}:\d{2}))?")
_TIME = re.compile(
    r"[\s,t]+(?:à|a las|um|alle|om|at)?\s*(\d{1,2})[:h](\d{2})(?::\d{2})?\s*([^\d\s].*)?$"
)
_NUMERIC = re.compile(r"(\d{1,4})[./\- ]\s?(\d{1,2})[./\- ]\s?(\d{1,4})\.?")
_DAY_FIRST = re.compile(
    r"(\d{1,2})\.?(?:st|nd|rd|th|er|º|°)?[\s/\-]+(?:de )?([^\d\s/\-]+?)"
    r"[.,]?[\s/\-]+(?:de )?(\d{2,4})"
)
_MONTH_FIRST = re.compile(r"([^\d\s/\-]+?)\.?[\s/\-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s/\-]+(\d{2,4})")


def parse_date(text: str, *, locale: str | None = None, zone: ZoneInfo | None = None) -> Moment:
    """A date, a date with a time of day, or a weekday in words of the sprint.

    `locale` says in which order day, month and year stand and how months and weekdays are called
    (besides English).  A time with an offset, as in `2027-01-14T11:00:00Z`, becomes the wall-clock
    time of `zone`, the owner's.  Raises Wrong.

    >>> str(parse_date("14/01/2027", locale="fr_FR")), str(parse_date("W2 mer. 12:00", locale="fr"))
    ('2027-01-14', 'W2 Wed 12:00')
    >>> str(parse_date("2027-01-14T11:00:00Z", zone=ZoneInfo("Europe/Paris")))
    '2027-01-14 12:00'
    """
    folded = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
    if not folded:
        raise Wrong("is empty", _FORMS)
    if len(folded) > 64:
        raise Wrong(f"{shown(text)} is no date", _FORMS)
    moment = (
        _canonical(folded)
        or _sprint_words(folded, text, locale)
        or _with_offset(folded, text, zone)
        or _in_locale(folded, text, locale)
    )
    if moment is None:
        raise Wrong(f"{shown(text)} is no date", _FORMS)
    if isinstance(moment, DateMoment) and not EARLIEST_YEAR <= moment.day.year <= LATEST_YEAR:
        raise Wrong(f"{shown(text)} is in the year {moment.day.year}", "is the year right?")
    if isinstance(moment, SprintMoment) and moment.week > LATEST_WEEK:
        raise Wrong(f"{shown(text)}: no sprint has a week {moment.week}", _FORMS)
    return moment


def _canonical(folded: str) -> Moment | None:
    if folded.startswith("w"):
        return None  # the locale's weekdays go first
    try:
        return parse_moment(folded.upper())
    except ValueError:
        return None


def _sprint_words(folded: str, text: str, locale: str | None) -> Moment | None:
    match = _WORDS.fullmatch(folded)
    if not match:
        return None
    weekdays = dict(_weekdays("en"))
    if locale:
        weekdays.update(_weekdays(locale))
    weekday = weekdays.get(_bare(match[2]))
    if weekday is None:
        raise Wrong(f"{shown(text)}: {match[2]} is no weekday", "write it as W2 Wed")
    if int(match[1]) == 0:
        raise Wrong(f"{shown(text)}: the weeks of a sprint count from 1", "write it as W1 Wed")
    hours, _, rest = (match[3] or "").partition(":")
    minutes = _time_of_day(hours, rest, text) if hours else None
    return SprintMoment(int(match[1]), weekday, minutes)


def _with_offset(folded: str, text: str, zone: ZoneInfo | None) -> Moment | None:
    match = _ISO.fullmatch(folded)
    if not match:
        return None
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        raise Wrong(f"{shown(text)} is no date of the calendar", _FORMS) from None
    minutes = _time_of_day(match[2], match[3], text)
    if match[5] is None or zone is None:
        return DateMoment(day, minutes)
    try:
        offset = match[5].upper().replace("Z", "+00:00")
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}:{match[3]}{offset}")
        wall = moment.astimezone(zone)
    except (ValueError, OverflowError):
        raise Wrong(f"{shown(text)} is no moment of the calendar", _FORMS) from None
    return DateMoment(wall.date(), wall.hour * 60 + wall.minute)


def _in_locale(folded: str, text: str, locale: str | None) -> Moment | None:
    minutes = None
    if match := _TIME.search(folded):
        minutes = _time_of_day(match[1], match[2], text, match[3], locale)
        folded = folded[: match.start()]
    if match := _NUMERIC.fullmatch(folded):
        day = _numeric(match[1], match[2], match[3], text, locale)
    elif match := _DAY_FIRST.fullmatch(folded):
        day = _named(match[3], match[2], match[1], text, locale)
    elif match := _MONTH_FIRST.fullmatch(folded):
        day = _named(match[3], match[1], match[2], text, locale)
    else:
        return None
    return DateMoment(day, minutes)


def _numeric(first: str, second: str, third: str, text: str, locale: str | None) -> date:
    if len(first) == 4:
        order = "ymd"
    elif locale is None:
        raise Wrong(
            f"{shown(text)} can be read in two ways",
            "write it as 2027-01-14, or say how dates read: `tasks: {locale: fr_FR}`",
        )
    else:
        order = _order(locale)
    parts = dict(zip(order, (first, second, third), strict=True))
    if max(len(parts["d"]), len(parts["m"])) > 2:
        raise Wrong(f"{shown(text)} is no date as {locale} writes it", _FORMS)
    return _day(parts["y"], int(parts["m"]), parts["d"], text, locale)


def _named(year: str, month: str, day: str, text: str, locale: str | None) -> date:
    months = dict(_months("en"))
    if locale:
        months.update(_months(locale))
    number = months.get(_bare(month))
    if number is None:
        remedy = _FORMS if locale else "write it as 2027-01-14, or set `tasks: {locale: fr_FR}`"
        raise Wrong(f"{shown(text)}: {month} is no month", remedy)
    return _day(year, number, day, text, locale)


def _day(year: str, month: int, day: str, text: str, locale: str | None) -> date:
    full_year = int(year) + (2000 if len(year) <= 2 else 0)
    try:
        return date(full_year, month, int(day))
    except ValueError:
        how = f" as {locale} writes it" if locale else ""
        raise Wrong(f"{shown(text)} is no date of the calendar{how}", _FORMS) from None


def _time_of_day(
    hours: str, minutes: str, text: str, half: str | None = None, locale: str | None = None
) -> int:
    """Minutes after midnight, 24:00 allowed; `half` is AM, PM or the locale's words for them."""
    hour, minute = int(hours), int(minutes)
    if half:
        which = _halves(locale).get(_bare(half))
        if which is None or not 1 <= hour <= 12:
            raise Wrong(f"{shown(text)} has no time of day that can be read", _FORMS)
        hour = hour % 12 + (12 if which == "pm" else 0)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise Wrong(f"{shown(text)}: {hours}:{minutes} is no time of day", _FORMS)
    return hour * 60 + minute


@lru_cache(maxsize=16)
def _order(locale: str) -> str:
    """The order of day, month and year in the locale's short dates: 'dmy', 'mdy' or 'ymd'."""
    from babel.dates import get_date_format

    pattern = get_date_format("short", locale=locale).pattern.lower()
    return "".join(sorted("dmy", key=lambda letter: pattern.find(letter)))


@lru_cache(maxsize=16)
def _months(locale: str) -> dict[str, int]:
    from babel.dates import get_month_names

    return {
        _bare(name): number
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    }


@lru_cache(maxsize=16)
def _weekdays(locale: str) -> dict[str, int]:
    from babel.dates import get_day_names

    names = {
        _bare(name): number
        for width in ("wide", "abbreviated", "short")
        for context in ("format", "stand-alone")
        for number, name in get_day_names(width, context, locale).items()
    }
    if locale == "en":
        names |= {"tues": 1, "thur": 3, "thurs": 3}
    return names


@lru_cache(maxsize=16)
def _halves(locale: str | None) -> dict[str, str]:
    from babel.dates import get_period_names

    halves = {"am": "am", "pm": "pm"}
    if locale:
        names = get_period_names("abbreviated", "format", locale)
        halves |= {_bare(names[key]): key for key in ("am", "pm") if key in names}
    return halves


def _bare(name: str) -> str:
    """A name without accents, full stops and letter case, so that `Févr.` is `fevr`."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in apart if char.isalnum())
