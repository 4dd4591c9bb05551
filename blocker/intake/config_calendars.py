"""Calendars of members: kinds, addresses, and the team's defaults filled in."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from blocker.domain.member import CalendarRef
from blocker.intake.config_shape import CalendarShape, MemberShape
from blocker.intake.problems import Wrong, shown

KINDS = ("ics", "url", "caldav", "google")


@dataclass(frozen=True, slots=True)
class Places:
    """What relative paths and `~` mean.  `folder` is absolute."""

    folder: Path
    environment: Mapping[str, str]


def make_calendar(
    shape: CalendarShape, member: MemberShape, places: Places, *, is_written: bool
) -> CalendarRef:
    """One calendar of a member.  `is_written`: blocks go there.  Raises Wrong."""
    kinds = [kind for kind in KINDS if getattr(shape, kind) is not None]
    if len(kinds) != 1:
        what = f"names {' and '.join(kinds)}" if kinds else "does not say where it is"
        raise Wrong(f"a calendar {what}", f"write exactly one of {', '.join(KINDS)}")
    kind = kinds[0]
    if kind == "url" and is_written:
        raise Wrong("a url is only read", "blocks go to ics, caldav or google")
    text = _filled(getattr(shape, kind), member)
    address, label = _ADDRESS[kind](text, member, places)
    options = {
        key: value
        for key in ("username", "password_env")
        if (value := getattr(shape, key)) is not None
    }
    if "username" in options:
        options["username"] = _filled(options["username"], member)
    key = f"{kind} {_as_known(kind, address, places.folder)}"
    return CalendarRef(kind, address, label, key, shape.all_day == "free", options)


def _as_known(kind: str, address: str, folder: Path) -> str:
    """A file below the config's folder by its place there, everything else by its address."""
    if kind == "ics" and Path(address).is_relative_to(folder):
        return Path(address).relative_to(folder).as_posix()
    return address


def _filled(text: str, member: MemberShape) -> str:
    """`{email}` and `{id}` replaced by the member's."""
    if "{email}" in text and member.email is None:
        raise Wrong(
            f"{shown(text)} needs an email address and {member.id} has none",
            f"give {member.id} an email, or a calendar of their own",
        )
    filled = text.replace("{email}", member.email or "").replace("{id}", member.id).strip()
    if left := re.search(r"\{\w*\}", filled):
        raise Wrong(f"{shown(text)}: {left[0]} is not known", "write {email} or {id}")
    if any(ord(char) < 32 for char in filled):
        raise Wrong(f"{shown(text)} holds control characters", "write it on one line")
    return filled


def _ics(text: str, member: MemberShape, places: Places) -> tuple[str, str]:
    if re.match(r"[a-z][a-z0-9+.-]+://", text, re.IGNORECASE):
        raise Wrong(f"{shown(text)} is an address, not a file", f"write `url: {text}`")
    path = Path(text)
    if text.startswith("~"):
        home = places.environment.get("HOME") or places.environment.get("USERPROFILE")
        if not home or (len(path.parts) and path.parts[0] != "~"):
            raise Wrong(f"{shown(text)}: there is no such home folder", "write the whole path")
        path = Path(home, *path.parts[1:])
    # Not resolve(): a symbolic link stays the name that people gave it.
    return os.path.normpath(places.folder / path), text


def _url(text: str, member: MemberShape, places: Places) -> tuple[str, str]:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises for a port that is no number)
    except ValueError:
        raise Wrong(f"{shown(text)} is no address", "write it as https://...") from None
    if parts.scheme.lower() not in ("https", "http", "webcal", "webcals") or not parts.hostname:
        raise Wrong(f"{shown(text)} is no address of the web", "write it as https://...")
    if parts.username or parts.password:
        raise Wrong(
            "the address holds a name or a password",
            "leave them out, and write `username: ...` and `password_env: NAME` beside it",
        )
    scheme = "https" if parts.scheme.lower().startswith("webcal") else parts.scheme.lower()
    # Secret addresses carry their token in the path: people see the host alone.
    return parts._replace(scheme=scheme).geturl(), f"{scheme}://{parts.hostname}/…"


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


_ADDRESS = {"ics": _ics, "url": _url, "caldav": _url, "google": _google}


def same_calendar(ref: CalendarRef) -> tuple[str, str]:
    """Equal for two references to one calendar."""
    address = os.path.normcase(ref.address) if ref.kind == "ics" else ref.address.casefold()
    return ref.kind, address
