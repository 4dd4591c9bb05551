"""How to connect to PostgreSQL: encrypted, unless it is this machine or the user says otherwise."""

from __future__ import annotations

import ipaddress
from typing import Any

import psycopg
from psycopg.pq import Conninfo
from sqlalchemy.engine import URL

from blocker.domain.errors import Unreachable

_CONNECT_SECONDS = 15


def options_of(url: URL) -> dict[str, Any]:
    """What the URL leaves open.  libpq itself reads PGPASSWORD, ~/.pgpass, PGSERVICEFILE.

    TLS is required unless the host is this machine, or the URL, PGSSLMODE or a service says what
    is wanted.
    """
    # a pooler may serve each transaction by another session, which knows no prepared statement
    options: dict[str, Any] = {"prepare_threshold": None, "application_name": "blocker"}
    known = {one.keyword.decode(): one for one in Conninfo.get_defaults()}
    if "connect_timeout" not in url.query and not known["connect_timeout"].val:
        options["connect_timeout"] = _CONNECT_SECONDS
    mode = known["sslmode"]
    is_said = "sslmode" in url.query or mode.val != mode.compiled
    if not is_said and "service" not in url.query and not _is_here(_host_of(url, known)):
        options["sslmode"] = "require"
    return options


def refuse_if_open(url: URL, connection: psycopg.Connection[Any], place: str) -> None:
    """A service of the URL is known to libpq alone: whether it encrypts shows when it is used.

    Raises Unreachable.
    """
    if "service" not in url.query or "sslmode" in url.query or _is_here(connection.info.host):
        return
    if not connection.pgconn.ssl_in_use:
        raise Unreachable(
            f"store {place}: the service connects without TLS; add sslmode=require to it"
        )


def _host_of(url: URL, known: dict[str, Any]) -> str:
    named = url.query.get("host") or url.query.get("hostaddr") or url.host
    if named is None:
        default = known["host"].val or known["hostaddr"].val
        named = default.decode() if default else ""
    return ",".join(named) if isinstance(named, tuple) else named


def _is_here(hosts: str) -> bool:
    """Whether all of them are this machine: sockets, or loopback."""
    return all(
        _is_loopback(host.rsplit(":", 1)[0] if host.count(":") == 1 else host)
        for host in hosts.split(",")
    )


def _is_loopback(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
