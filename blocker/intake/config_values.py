"""Values of a config that are more than text: zones, locales, holidays, lengths, templates."""

from __future__ import annotations

import re
import string
import unicodedata
import warnings
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from blocker.intake.problems import Wrong, nearest, shown

SAFE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
TITLE_FIELDS = ("task", "id", "part", "parts", "sprint", "outcome", "campaign")
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{kind}{n}" for kind in ("com", "lpt") for n in range(10)
}


def parse_zone(text: str) -> ZoneInfo:
    """Raises Wrong with the zone whose name is most like it."""
    try:
        zone = ZoneInfo(text)
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError
        zone = None
    # A file system that ignores letter case also finds europe/paris, which no calendar knows.
    if zone is not None and text != text.lower():
        return zone
    last = text.strip().split("/")[-1].replace(" ", "_")
    names = available_timezones()
    like = nearest(text, names, 0.75) or next(
        (name for name in sorted(names) if name.casefold().endswith("/" + last.casefold())), None
    )
    remedy = f"write {like}" if like else "write an IANA name such as Europe/Paris"
    raise Wrong(f"{shown(text)} is no time zone", remedy)


def parse_id(text: str) -> str:
    """An id that is also a safe file name on every system.  Raises Wrong."""
    if SAFE_ID.fullmatch(text) and not text.endswith(".") and ".." not in text:
        if text.split(".")[0] not in _DEVICES:
            return text
        raise Wrong(f"{shown(text)} is the name of a device on Windows", "choose another id")
    made = make_id(text)
    remedy = "ids are up to 40 small letters, digits, . - _, beginning with a letter or digit"
    raise Wrong(f"{shown(text)} cannot be an id", f"write {made}" if made else remedy)


def make_id(name: str) -> str:
    """A safe id made from a name, such as `northwind-marketing`; '' when nothing is left of it.

    >>> make_id("Équipe Nord & West")
    'equipe-nord-west'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-")


def parse_share(text: str) -> Fraction:
    """A share from `20%`, 0 to below 1.  Raises Wrong."""
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,4})?)\s*%", text.strip())
    share = Fraction(match[1]) / 100 if match else None
    if text.strip() == "0":
        share = Fraction(0)
    if share is None:
        raise Wrong(f"{shown(text)} is no share", "write it as 20%")
    if share >= 1:
        raise Wrong(f"{shown(text)} would leave no time for tasks", "write less than 100%")
    return share


COLOURS = (
    "lavender", "sage", "grape", "flamingo", "banana", "tangerine",
    "peacock", "graphite", "blueberry", "basil", "tomato",
)  # fmt: skip
"""Google Calendar's names for its event colours 1 to 11, in their order."""


def parse_colour(text: str) -> str:
    """The number of an event colour, from it or its name.  Raises Wrong.

    >>> parse_colour("Sage"), parse_colour("11")
    ('2', '11')
    """
    folded = text.strip().casefold()
    if folded in COLOURS:
        return str(COLOURS.index(folded) + 1)
    if folded.isascii() and folded.isdigit() and 1 <= int(folded) <= len(COLOURS):
        return str(int(folded))
    like = nearest(folded, COLOURS)
    raise Wrong(f"{shown(text)} is no colour", f"write {like or ', '.join(COLOURS)}")


def parse_endpoint(text: str) -> str:
    """The address of a server that speaks as Google does, without its last slash.  Raises Wrong."""
    try:
        parts = urlsplit(text.strip())
        is_right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or parts.query or parts.fragment or parts.username:
        raise Wrong(f"{shown(text)} is no address of a server", "write http://127.0.0.1:8080")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise Wrong(f"{shown(text)} would send tokens in the clear", "write https://")
    return text.strip().rstrip("/").removesuffix("/calendar/v3")


def parse_host(text: str) -> str:
    """A host, or host and port, in lower case.  Raises Wrong."""
    try:
        parts = urlsplit(f"//{text.strip()}")
        is_right = bool(parts.hostname) and parts.netloc == text.strip() and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or parts.username:
        raise Wrong(f"{shown(text)} is no host", "write its name alone: intranet.example")
    return text.strip().lower()


def parse_template(text: str) -> str:
    """A block's title with known fields alone.  Raises Wrong."""
    known = " ".join(f"{{{field}}}" for field in TITLE_FIELDS)
    try:
        fields = [
            (field, spec, conversion)
            for _, field, spec, conversion in string.Formatter().parse(text)
            if field is not None
        ]
    except ValueError:
        raise Wrong(f"{shown(text)} has a brace without its partner", f"write {known}") from None
    if "{{" in text or "}}" in text:
        raise Wrong(f"{shown(text)} has doubled braces", f"write single ones: {known}")
    for field, spec, conversion in fields:
        if field not in TITLE_FIELDS or spec or conversion:
            like = nearest(field, TITLE_FIELDS)
            raise Wrong(
                f"{shown(text)}: {{{field}}} is not known",
                f"write {{{like}}}" if like else f"the fields are {known}",
            )
    if not {"task", "id"} & {field for field, *_ in fields}:
        raise Wrong(
            f"{shown(text)} does not say which task the block is for", "put {task} or {id} in it"
        )
    return text


def parse_sprint_length(text: str) -> int:
    """Days, from `2 weeks` or `14 days`.  Raises Wrong."""
    match = re.fullmatch(r"(\d{1,3})\s*(w|weeks?|d|days?)", text.strip().casefold())
    days = int(match[1]) * (7 if match[2][0] == "w" else 1) if match else None
    if days is None:
        raise Wrong(f"{shown(text)} is no length of a sprint", "write `2 weeks` or `14 days`")
    if not 1 <= days <= 364:
        raise Wrong(f"{shown(text)} is too short or too long", "a sprint lasts 1 to 364 days")
    return days


def parse_sprint_name(text: str) -> str:
    """A pattern with `{number}` once, safe in a file's name.  Raises Wrong."""
    if text.count("{number}") != 1:
        raise Wrong(f"{shown(text)} has not {{number}} once", 'write it as "S{number}"')
    if not re.fullmatch(r"[\w .+#()-]{0,40}", text.replace("{number}", "")):
        raise Wrong(
            f"{shown(text)} has characters that no file name should have",
            "use letters, digits, spaces and . - _",
        )
    return text


def parse_locale(text: str) -> str:
    """A locale that babel knows, as `fr_FR`.  Raises Wrong."""
    from babel import Locale, UnknownLocaleError  # only where a config names a locale
    from babel.localedata import locale_identifiers

    try:
        return str(Locale.parse(text.replace("-", "_")))
    except (ValueError, UnknownLocaleError, TypeError):
        known, language = locale_identifiers(), re.split("[-_]", text)[0].lower()
        like = language if language in known else nearest(text, known)
        remedy = f"write {like}" if like else "write it as fr_FR"
        raise Wrong(f"{shown(text)} is no locale", remedy) from None


def parse_email(text: str) -> str:
    """An address good enough to compare with the attendees of meetings.  Raises Wrong."""
    if (
        re.fullmatch(r"[^@\s<>,;:\"()\[\]\x00-\x1f]+@[^@\s<>,;:\"()\[\]/\x00-\x1f]+", text)
        and len(text) < 255
    ):
        return text
    raise Wrong(f"{shown(text)} is no email address", "write it as ana@example.com")


def parse_holidays(text: str) -> str:
    """A country's or subdivision's code whose holidays are known, '' for `none`.  Raises Wrong."""
    code = text.strip().upper()
    if code in ("NONE", ""):
        return ""
    import holidays

    country, dash, part = code.partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    if not re.fullmatch(r"[A-Z]{2}", country) or country not in known:
        raise Wrong(
            f"{shown(text)} is no country whose holidays are known",
            "write an ISO code such as FR or ES-MD, or `none`",
        )
    if dash and part not in {str(name).upper() for name in known[country]}:
        codes = [str(name) for name in known[country] if re.fullmatch(r"[A-Z0-9]{1,3}", str(name))]
        some = ", ".join(f"{country}-{name}" for name in codes[:20])
        raise Wrong(
            f"{shown(text)} is no part of {country} whose holidays are known",
            f"write {country}" + (f", or one of {some}" if some else ""),
        )
    return code


@lru_cache(maxsize=64)
def public_holidays(code: str, first_year: int, last_year: int) -> Mapping[date, str]:
    """The days off of a country or subdivision that `parse_holidays` accepted, with their names."""
    # "available only from 2001 to 2035": then the years there are have to do
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _days_off(code, first_year, last_year)


def _days_off(code: str, first_year: int, last_year: int) -> Mapping[date, str]:
    import holidays

    country, _, part = code.partition("-")
    names = {
        str(name).upper(): str(name) for name in holidays.list_supported_countries(True)[country]
    }
    days = holidays.country_holidays(
        country,
        subdiv=names[part] if part else None,
        years=range(first_year, last_year + 1),
        language="en_US",
    )
    return dict(sorted(days.items()))
