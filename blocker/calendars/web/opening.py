"""Opening the web for a calendar: its guard, sign-in and authorities, from config and run."""

from __future__ import annotations

from urllib.parse import urlsplit

from blocker.calendars.access import Access
from blocker.calendars.web.addresses import Guard, is_this_machine
from blocker.calendars.web.client import Limits, Web
from blocker.calendars.web.sign_in import sign_in_of
from blocker.domain.member import CalendarRef


def open_web(
    ref: CalendarRef,
    access: Access,
    member: str | None,
    limits: Limits | None,
    *,
    is_own_server: bool,
    goes_elsewhere: bool = False,
) -> Web:
    """The way to a calendar's server; nothing is asked yet.

    `member` is the id of whose calendar it is.  `is_own_server` says that the address may be in a
    network of the team's own, as a server for calendars often is.  Raises Unreachable for a secret
    that is not there.
    """
    environment = access.environment
    own = urlsplit(ref.address).hostname if is_own_server else None
    return Web(
        Guard(ref.label, access.hosts, own=own),
        ref.address,
        sign_in_of(ref, access, member),
        goes_elsewhere=goes_elsewhere,
        limits=limits or Limits(),
        authorities=environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE"),
    )


def unencrypted(ref: CalendarRef) -> list[str]:
    """A warning for an address that others on the way can read along."""
    parts = urlsplit(ref.address)
    if parts.scheme == "https" or is_this_machine(parts.hostname or ""):
        return []
    return [f"{ref.label} is reached unencrypted; write https:// in its address"]
