"""Durations as people write them: `90m`, `2h`, `1h30`, `1:30`, `2.5h`, `PT2H30M`."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from blocker.intake.problems import Wrong, shown

LONGEST = timedelta(hours=10_000)
_HOURS = r"(?:h|hr|hrs|hours?|heures?|horas?|ore|ora|std|stdn|stunden?|uur|uren|tim|timmar|godz|t)"
_MINUTES = r"(?:m|mn|min|mins|minutes?|minuten?|minutos?|minuti|minuto|minuter)"
_NUMBER = r"(\d{1,9}(?:[.,٫]\d{1,9})?)"
_HOURS_ONLY = re.compile(rf"{_NUMBER}\s*{_HOURS}\.?")
_MINUTES_ONLY = re.compile(rf"{_NUMBER}\s*{_MINUTES}\.?")
_BOTH = re.compile(rf"(\d{{1,6}})\s*{_HOURS}\.?\s*(\d{{1,2}})\s*(?:{_MINUTES}\.?)?")
_CLOCK = re.compile(r"(\d{1,6}):(\d{2})(?::00)?")
_ISO = re.compile(r"pt(?:(\d{1,9}(?:[.,]\d{1,9})?)h)?(?:(\d{1,9}(?:[.,]\d{1,9})?)m)?")
_PLAIN = re.compile(_NUMBER)
_DAYS = re.compile(
    r"[\d.,]+\s*(?:d|day|days|w|week|weeks|jours?|tage?|dias?|días?|giorni|giorno)\.?"
)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞)\s*[a-z]*")
_FORMS = "write it as 90m, 2h, 1h30, 1:30 or 2.5h"


def parse_duration(
    text: str,
    *,
    locale: str | None = None,
    plain_is_hours: bool = False,
    zero_is_fine: bool = False,
) -> timedelta:
    """A length of elapsed time, in whole minutes (parts of a minute are rounded, half up).

    `locale` says which of `.` and `,` is the decimal sign where that is not plain from the number.
    `plain_is_hours`: a number without a unit is hours, as in a column named `hours`.
    Raises Wrong for anything else, for negative lengths, for what is no number, and for zero
    unless `zero_is_fine`.

    >>> [parse_duration(text) // timedelta(minutes=1) for text in ("1h30", "2.5h", "PT2H30M")]
    [90, 150, 150]
    >>> parse_duration("2,5", locale="fr_FR", plain_is_hours=True)
    datetime.timedelta(seconds=9000)
    """
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    if not folded:
        raise Wrong("is empty", _FORMS)
    if len(folded) > 64:
        raise Wrong(f"{shown(text)} is no length of time", _FORMS)
    if _NOT_FINITE.fullmatch(folded):
        raise Wrong(f"{shown(text)} is no length of time", _FORMS)
    if folded[0] in "-−":
        raise Wrong(f"{shown(text)} is negative", "write how long it takes: 2h")
    minutes = _minutes(folded.removeprefix("+"), text, locale, plain_is_hours, zero_is_fine)
    if minutes == 0:
        if zero_is_fine:
            return timedelta()
        raise Wrong(f"{shown(text)} is no time at all", "write how long it takes: 2h")
    if minutes < 1:
        raise Wrong(f"{shown(text)} is less than a minute", _FORMS)
    span = timedelta(minutes=int(minutes.quantize(Decimal(1), ROUND_HALF_UP)))
    if span > LONGEST:
        raise Wrong(f"{shown(text)} is more than ten thousand hours", _FORMS)
    return span


def _minutes(
    folded: str, text: str, locale: str | None, plain_is_hours: bool, zero_is_fine: bool
) -> Decimal:
    """Minutes, not rounded.  `folded` is normalised and in small letters, `text` as written."""
    if match := _CLOCK.fullmatch(folded) or _BOTH.fullmatch(folded):
        if int(match[2]) > 59:
            raise Wrong(f"{shown(text)} has more than 59 minutes", _FORMS)
        return Decimal(int(match[1]) * 60 + int(match[2]))
    if match := _HOURS_ONLY.fullmatch(folded):
        return _decimal(match[1], text, locale) * 60
    if match := _MINUTES_ONLY.fullmatch(folded):
        return _decimal(match[1], text, locale)
    if (match := _ISO.fullmatch(folded)) and (match[1] or match[2]):
        hours, rest = (_decimal(part or "0", text, None) for part in match.groups())
        return hours * 60 + rest
    if match := _PLAIN.fullmatch(folded):
        number = _decimal(match[1], text, locale)
        if plain_is_hours or (zero_is_fine and number == 0):
            return number * 60
        raise Wrong(
            f"{shown(text)} has no unit",
            f"write {match[1]}h or {match[1]}m, or name the column `hours`",
        )
    if _DAYS.fullmatch(folded):
        raise Wrong(f"{shown(text)}: a day is not the same time for all", "write hours, such as 8h")
    raise Wrong(f"{shown(text)} is no length of time", _FORMS)


def _decimal(number: str, text: str, locale: str | None) -> Decimal:
    """A number with at most one separator.

    One or two digits after it can only be decimals, in any language; three or more are decimals
    only after the locale's own decimal sign, since elsewhere they would be thousands.
    """
    whole, sign, part = _split(number)
    if sign and len(part) >= 3 and sign != decimal_sign(locale):
        raise Wrong(
            f"{shown(text)} can be read in two ways",
            "write at most two decimals, or say with `tasks: locale` how numbers read",
        )
    digits = "".join(str(unicodedata.decimal(char)) for char in whole + part)
    return Decimal(digits).scaleb(-len(part))


def _split(number: str) -> tuple[str, str, str]:
    for sign in ".,٫":
        if sign in number:
            whole, _, part = number.partition(sign)
            return whole, sign, part
    return number, "", ""


def decimal_sign(locale: str | None) -> str:
    """The locale's decimal sign; a point when there is no locale.

    >>> decimal_sign("de_DE")
    ','
    """
    if locale is None:
        return "."
    from babel.numbers import get_decimal_symbol  # costs 40 ms, and most files need no locale

    return get_decimal_symbol(locale)
