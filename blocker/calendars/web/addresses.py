"""Web addresses: which machines a calendar's address may lead to, whatever its name resolves to."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from blocker.calendars.web.failures import Passing
from blocker.domain.errors import Unreachable


class Place(StrEnum):
    """Where an address is that the wide internet does not reach."""

    LOOPBACK = "this machine itself"
    PRIVATE = "a private network"
    HIDDEN = "an address that no calendar has"
    """Link-local, unspecified, multicast, or a cloud's metadata."""


_METADATA = frozenset(map(ip_address, ("169.254.169.254", "fd00:ec2::254", "100.100.100.200")))
_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 addresses as a NAT64 network writes them (RFC 6052)."""


def place_of(text: str) -> Place | None:
    """Where an IP address is, None for the wide internet.

    >>> place_of("::ffff:127.0.0.1"), place_of("169.254.169.254").name, place_of("1.1.1.1")
    (<Place.LOOPBACK: 'this machine itself'>, 'HIDDEN', None)
    """
    address = _plain(ip_address(text.partition("%")[0]))
    if address in _METADATA or address.is_link_local:
        return Place.HIDDEN
    if address.is_loopback:
        return Place.LOOPBACK
    if address.is_unspecified or address.is_multicast:
        return Place.HIDDEN
    return None if address.is_global else Place.PRIVATE


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if address in _TRANSLATED or 1 < int(address) < 2**32:
        return IPv4Address(int(address) % 2**32)
    return address.teredo[1] if address.teredo else address


def is_this_machine(host: str) -> bool:
    """A host that is plainly this machine as written: `localhost`, 127.0.0.1, ::1."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


Found = Sequence[tuple[int, int, int, str, Any]]
"""Addresses as the system's resolver gives them."""


def resolved(host: str, port: int) -> Found:
    """The addresses of a host.  Raises socket.gaierror."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror(socket.EAI_NONAME, "is no name") from None


def host_text(host: str, port: int) -> str:
    """A host as a config names it, with its port where that is not the usual one."""
    name = f"[{host}]" if ":" in host else host
    return name if port in (80, 443) else f"{name}:{port}"


class Forbidden(Unreachable):
    """A host that the config does not allow; `where` says which it is, without what to do."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True)
class Guard:
    """Decides where connections may go.

    `label` is the calendar in messages, `allowed` what the config allows (`host` or `host:port`).
    `own` is the host that a team typed for its own server, which may be in its own network, and on
    this machine where it is written so.
    """

    label: str
    allowed: frozenset[str] = frozenset()
    own: str | None = None

    def is_allowed(self, host: str, port: int) -> bool:
        """The config names this host among those allowed."""
        name = f"[{host}]" if ":" in host else host
        return name in self.allowed or f"{name}:{port}" in self.allowed

    def may_be_plain(self, host: str, port: int) -> bool:
        """A password may go there unencrypted."""
        return is_this_machine(host) or self.is_allowed(host, port)

    def resolve(self, host: str, port: int) -> Found:
        """The addresses of a host, checked; whoever connects to them does not ask for them again.

        Raises Unreachable for a host that is refused or not known, OSError.
        """
        try:
            found = resolved(host, port)
        except socket.gaierror as problem:
            if problem.errno != socket.EAI_NONAME:
                raise
            # also what some systems say when there is no network at all
            raise Passing(
                f"{self.label}: there is no server called {host}; correct the address"
            ) from None
        for *_, target in found:
            self._check(host, port, str(target[0]))
        return found

    def _check(self, host: str, port: int, address: str) -> None:
        place = place_of(address)
        if place is None or self.is_allowed(host, port):
            return
        if host == self.own and (
            place is Place.PRIVATE or (place is Place.LOOPBACK and is_this_machine(host))
        ):
            return
        where = f"{host} is at {address}, {place}"
        raise Forbidden(
            f"{self.label}: {where}, and is not asked; if that is meant,"
            f" add to the config: network: {{allow: [{_quoted(host_text(host, port))}]}}",
            where,
        )


def _quoted(host: str) -> str:
    """As YAML needs it inside of a list."""
    return f'"{host}"' if host.startswith("[") else host
