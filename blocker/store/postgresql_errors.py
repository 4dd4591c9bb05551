"""What PostgreSQL and its client say when something fails, in plain words."""

from __future__ import annotations

import re

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

LOST = (
    "the connection was lost; run it again, what was done before is known and nothing is done twice"
)

_BY_CODE = {
    "42501": "the database does not let {user} do this ({said}): it is for a manager, or a right "
    "is missing; see: blocker store roles --sql",
    "25006": "it can be read only ({said}); name the server that takes changes",
    "53100": "the server's disk is full; free some space and run it again, nothing is booked twice",
    "53300": "the server has no connection left; try again later ({said})",
    "55P03": "somebody else's program holds one of its tables locked; try again when it has ended",
    "42P01": "a table is missing ({said}); restore it from a backup",
    "42703": "a column is missing ({said}); restore it from a backup",
    "XX001": "it is damaged ({said}); restore it from a backup",
    "3F000": "there is no schema to make tables in ({said})",
}
"""By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_BY_WORDS = {
    "no password supplied": "the server asks for a password, which never stands in the config: put "
    "it into ~/.pgpass (a line HOST:PORT:DATABASE:USER:PASSWORD, readable by you alone) or into "
    "PGPASSWORD",
    "authentication failed": "the server refuses {user} with this password; mend it in "
    "~/.pgpass or PGPASSWORD",
    "pg_hba.conf": "the server lets nobody in from here like this ({said}); ask whoever runs it",
    "does not support SSL": "the server knows no TLS, which is used unless it is on this machine; "
    "switch it on there, or add ?sslmode=disable where the network itself is safe",
    "certificate|SSL error": "the server's TLS cannot be trusted ({said}); check sslmode and "
    "sslrootcert",
    "database .* does not exist": "there is no database {database}; make it with: createdb "
    "{database}",
    "role .* does not exist": "the server knows no user named {user}; name another in store:",
    "too many (clients|connections)|connection slots": _BY_CODE["53300"],
    "(starting|shutting) (up|down)": "the server is not ready ({said}); try again in a minute",
    "connection|resolve|Errno|timeout": "it cannot be reached ({said}); check its address, "
    "your network, your VPN",
}
"""Patterns of why a connection was refused, for which there is no code; the first that is found."""


def reason_of(problem: Exception, url: URL) -> str:
    """Why it cannot be used, and what to do."""
    cause = getattr(problem, "orig", None) or problem
    code = getattr(cause, "sqlstate", None) or ""
    whole = str(cause)
    said = whole.strip().split("\n")[0].removeprefix("connection failed: ")
    names = {"said": said, "user": url.username or "you", "database": url.database}
    if code in _BY_CODE:
        return _BY_CODE[code].format(**names)
    if isinstance(problem, DBAPIError) and problem.connection_invalidated:
        return LOST
    if not code:
        for pattern, words in _BY_WORDS.items():
            if re.search(pattern, whole):
                return words.format(**names)
    return said
