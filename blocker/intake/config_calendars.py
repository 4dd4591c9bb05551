"""Calendars of members: kinds, addresses, and the team's defaults filled in."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from blocker.domain.member import CalendarRef
from blocker.intake.config_shape import CalendarShape, GoogleShape, MemberShape
from blocker.intake.problems import Wrong, shown

KINDS = ("ics", "url", "caldav", "google")


@dataclass(frozen=True, slots=True)
class Places:
    """What relative paths and `~` mean.  `folder` is absolute."""

    folder: Path
    environment: Mapping[str, str]


def make_calendar(
    shape: CalendarShape,
    member: MemberShape,
    places: Places,
    google: Mapping[str, str],
    *,
    is_written: bool,
) -> CalendarRef:
    """One calendar of a member.  `is_written`: blocks go there.  Raises Wrong.

    `google` is what the config says for all Google calendars.
    """
    kinds = [kind for kind in KINDS if getattr(shape, kind) is not None]
    if len(kinds) != 1:
        what = f"names {' and '.join(kinds)}" if kinds else "does not say where it is"
        raise Wrong(f"a calendar {what}", f"write exactly one of {', '.join(KINDS)}")
    kind = kinds[0]
    if kind == "url" and is_written:
        raise Wrong("a url is only read", "blocks go to ics, caldav or google")
    text = _filled(shape.google.calendar if shape.google else getattr(shape, kind), member)
    address, label = _ADDRESS[kind](text, member, places)
    options = _sign_in(shape, kind, member)
    if shape.google:
        options = {**google, **google_options(shape.google, places)}
    key = f"{kind} {_as_known(kind, address, places.folder)}"
    account = options.get("username") or options.get("token_env")
    if kind == "caldav" and account:  # one address, an account for each
        key += f" {account}"
    if shape.calendar is not None:
        options["calendar"] = _filled(shape.calendar, member)
        key += f" {options['calendar']}"
        label += f" ({options['calendar']})"
    return CalendarRef(kind, address, label, key, shape.all_day == "free", options)


_SIGN_IN = ("username", "password_env", "token_env")


def _sign_in(shape: CalendarShape, kind: str, member: MemberShape) -> dict[str, str]:
    """How to sign in to the server of a url or a CalDAV calendar."""
    given = {key: value for key in _SIGN_IN if (value := getattr(shape, key)) is not None}
    if given and kind not in ("url", "caldav"):
        raise Wrong(f"{next(iter(given))} is for caldav and url", "leave it out")
    if shape.calendar is not None and kind != "caldav":
        raise Wrong("`calendar` beside it names a calendar of a caldav account", "leave it out")
    if "token_env" in given and "password_env" in given:
        raise Wrong("has password_env and token_env", "keep one of the two")
    if "password_env" in given and "username" not in given:
        raise Wrong("has password_env and no username", "write `username: ...` beside it")
    if "username" in given:
        given["username"] = _filled(given["username"], member)
    return given


def google_options(own: GoogleShape, places: Places) -> dict[str, str]:
    """What a mapping says of Google, paths made absolute.  Raises Wrong."""
    options = {}
    for key in GoogleShape.model_fields:
        value = getattr(own, key)
        if isinstance(value, bool):
            options[key] = "true" if value else "false"
        elif value is not None:
            options[key] = _path(value, places) if key in _FILES else value
    return options


_FILES = ("service_account", "client_file", "token_file")


def _as_known(kind: str, address: str, folder: Path) -> str:
    """By what the store knows a calendar: a file below the config's folder by its place there."""
    if kind == "ics" and Path(address).is_relative_to(folder):
        return Path(address).relative_to(folder).as_posix()
    if kind == "url":  # whoever knows the address may read the calendar
        digest = hashlib.sha256(address.encode()).hexdigest()[:16]
        return f"{urlsplit(address).hostname} {digest}"
    return address.rstrip("/") if kind == "caldav" else address


def _filled(text: str, member: MemberShape) -> str:
    """`{email}` and `{id}` replaced by the member's."""
    if "{email}" in text and member.email is None:
        raise Wrong(
            f"{shown(text)} needs an email address and {member.id} has none",
            f"give {member.id} an email, or a calendar of their own",
        )
    filled = text.replace("{email}", member.email or "").replace("{id}", member.id).strip()
    if left := re.search(r"\{\w*\}", filled):
        raise Wrong(f"{_masked(text)}: {left[0]} is not known", "write {email} or {id}")
    if any(ord(char) < 32 for char in filled):
        raise Wrong(f"{_masked(text)} holds control characters", "write it on one line")
    return filled


def _masked(text: str) -> str:
    """What somebody wrote; of an address the server alone, since the rest may be a secret.

    >>> _masked("https://ana:pass@x.example/private-abc/basic.ics"), _masked("my file")
    ('"https://x.example/…"', '"my file"')
    """
    scheme, mark, rest = text.partition("://")
    if not mark:
        return shown(text)
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    return shown(f"{scheme}://{host}/…")


def _ics(text: str, member: MemberShape, places: Places) -> tuple[str, str]:
    if re.match(r"[a-z][a-z0-9+.-]+://", text, re.IGNORECASE):
        raise Wrong(f"{_masked(text)} is an address, not a file", "write `url:` instead of `ics:`")
    return _path(text, places), text


def _path(text: str, places: Places) -> str:
    """An absolute path.  Raises Wrong for a home folder that is not known."""
    path = Path(text)
    if text.startswith("~"):
        home = places.environment.get("HOME") or places.environment.get("USERPROFILE")
        if not home or (len(path.parts) and path.parts[0] != "~"):
            raise Wrong(f"{shown(text)}: there is no such home folder", "write the whole path")
        path = Path(home, *path.parts[1:])
    # Not resolve(): a symbolic link stays the name that people gave it.
    return os.path.normpath(places.folder / path)


def parse_address(text: str) -> str:
    """An address of the web, webcal being https.  Raises Wrong."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises for a port that is no number)
    except ValueError:
        raise Wrong(f"{_masked(text)} is no address", "write it as https://...") from None
    if parts.scheme.lower() not in ("https", "http", "webcal", "webcals") or not parts.hostname:
        raise Wrong(f"{_masked(text)} is no address of the web", "write it as https://...")
    if parts.username or parts.password:
        raise Wrong(
            "the address holds a name or a password",
            "leave them out, and write `username: ...` and `password_env: NAME` beside it",
        )
    scheme = "https" if parts.scheme.lower().startswith("webcal") else parts.scheme.lower()
    return parts._replace(scheme=scheme, netloc=parts.netloc.lower()).geturl()


def _url(text: str, member: MemberShape, places: Places) -> tuple[str, str]:
    """Secret addresses carry their token in the path: people see the host alone."""
    address = parse_address(text)
    parts = urlsplit(address)
    return address, f"{parts.scheme}://{parts.netloc}/…"


def _caldav(text: str, member: MemberShape, places: Places) -> tuple[str, str]:
    """A CalDAV address is no secret: its last part tells one calendar from another."""
    address, label = _url(text, member, places)
    last = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    return address, f"{label}/{unquote(last)}" if last else label.removesuffix("/…")


def _google(text: str, member: MemberShape, places: Places) -> tuple[str, str]:
    if text.casefold() == "primary":
        if member.email is None:
            raise Wrong(
                f"primary means the member's email, and {member.id} has none",
                f"give {member.id} an email",
            )
        text = member.email
    if re.search(r"\s", text) or len(text) > 254:
        raise Wrong(f"{shown(text)} is no Google calendar", "write `primary` or its email address")
    return text, f"google {text}"


_ADDRESS = {"ics": _ics, "url": _url, "caldav": _caldav, "google": _google}


def same_calendar(ref: CalendarRef) -> tuple[str, str]:
    """Equal for two references to one calendar."""
    if ref.kind == "ics":
        return ref.kind, os.path.normcase(ref.address)
    if ref.kind == "google":
        return ref.kind, ref.address.casefold()
    return ref.kind, ref.key
