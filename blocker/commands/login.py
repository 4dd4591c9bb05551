"""`login` and `logout`: how this user signs in to the servers that calendars are on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from blocker.domain.errors import WrongUse
from blocker.domain.member import CalendarRef, Member
from blocker.workspace import Workspace, allow_plain_sign_in, clock

if TYPE_CHECKING:
    from blocker.calendars.google.accounts import Place

AskPassword = Callable[[str], str]
"""Asks a person for the password of an account, 'ana at dav.example'."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """`account` is None where the server does not say; `warnings` are whole sentences."""

    account: str | None
    where: str
    warnings: tuple[str, ...] = ()


def login_google(
    workspace: Workspace,
    show: Callable[[str], None],
    *,
    who: str | None = None,
    client_file: Path | None = None,
    with_sheets: bool = False,
    seconds: float = 300.0,
) -> LoggedIn:
    """Let a person sign in with Google in their browser; `show` is given the address to open.

    Raises WrongUse, WrongInput for the client's file, Unreachable.
    """
    from blocker.calendars.google.accounts import Place
    from blocker.calendars.google.errors import SCOPES, SHEETS_SCOPE
    from blocker.calendars.google.facts import account_name
    from blocker.calendars.google.sign_in import read_client, sign_in

    member = _member(workspace, who)
    options = _google_options(workspace, member)
    file = client_file or _client_file(options)
    client = read_client(file)
    if client.uses_plain_http:
        allow_plain_sign_in()
    scopes = (*SCOPES, SHEETS_SCOPE) if with_sheets else SCOPES
    place = Place(options, workspace.access.secrets)
    hint = member.email if member else None
    before = _known(place)
    made = sign_in(client, place, show, now=clock(), scopes=scopes, hint=hint, seconds=seconds)
    account = account_name(workspace.access, options)
    if account:
        place.save({**(place.load() or made.kept), "account": account})
    warnings = [
        f"the right {one.rpartition('/')[2]} was not ticked: what needs it will say so; run "
        "blocker login google again and tick every box"
        for one in made.lacking
    ]
    if account and before and before != account:
        warnings.append(f"this machine was signed in as {before} before; that sign-in is gone")
    if account and hint and account != hint.strip().lower():
        warnings.append(f"you signed in as {account}, and the config says {hint} of you")
    return LoggedIn(account, made.where, tuple(warnings))


def _client_file(options: Mapping[str, str]) -> Path:
    """Raises WrongUse."""
    if "client_file" in options:
        return Path(options["client_file"])
    raise WrongUse(
        "login needs the file of an OAuth client: give it with --client FILE, or name it in the "
        "config: google: {client_file: FILE}; README says how to make one"
    )


def _known(place: Place) -> str | None:
    """Whose sign-in is kept there; None also where it cannot be read."""
    from blocker.calendars.google.errors import SignInNeeded

    try:
        return (place.load() or {}).get("account")
    except SignInNeeded:
        return None


def logout_google(workspace: Workspace, *, who: str | None = None) -> str | None:
    """Take a sign-in back and forget it; says what could not be done.

    Raises WrongUse, Unreachable.
    """
    from blocker.calendars.google.accounts import Place
    from blocker.calendars.google.sign_in import sign_out

    options = _google_options(workspace, _member(workspace, who))
    return sign_out(Place(options, workspace.access.secrets))


def _google_options(workspace: Workspace, member: Member | None) -> Mapping[str, str]:
    """How Google is reached: as the member's calendars say, else the config for all."""
    refs = [ref for ref in member.calendars if ref.kind == "google"] if member else []
    options = refs[0].options if refs else workspace.config.google
    if "service_account" in options:
        raise WrongUse(
            "the config names a service account, which needs no sign-in; take it out, or try: "
            "blocker doctor"
        )
    return options


def _member(workspace: Workspace, who: str | None) -> Member | None:
    """The member named, else whoever asks.  Raises WrongUse."""
    if who is None:
        return workspace.asker
    found = workspace.team.find(who)
    if found is None:
        known = ", ".join(one.id for one in workspace.team.members)
        raise WrongUse(f"--for: nobody is called {who!r}; members are {known}")
    return found


def login_caldav(workspace: Workspace, ask: AskPassword, *, who: str | None = None) -> list[str]:
    """Keep the passwords of a member's CalDAV accounts; says of each where it lies.

    Raises WrongUse, Unreachable.
    """
    from blocker.calendars.secrets import Secrets

    secrets = Secrets(workspace.access.secrets)
    said = []
    for name, shown in _caldav_accounts(workspace, who).items():
        password = ask(shown)
        if not password or any(ord(letter) < 32 for letter in password):
            raise WrongUse("a password is one line; nothing was kept")
        said.append(f"the password of {shown} is kept in {secrets.set(name, password)}")
    return said


def logout_caldav(workspace: Workspace, *, who: str | None = None) -> list[str]:
    """Forget the passwords of a member's CalDAV accounts; says whose.

    Raises WrongUse, Unreachable.
    """
    from blocker.calendars.secrets import Secrets

    secrets = Secrets(workspace.access.secrets)
    return [
        f"the password of {shown} is forgotten"
        for name, shown in _caldav_accounts(workspace, who).items()
        if secrets.delete(name)
    ]


def _caldav_accounts(workspace: Workspace, who: str | None) -> dict[str, str]:
    """Names of secrets, each with the account as people know it.  Raises WrongUse."""
    member = _member(workspace, who)
    members = [member] if member else list(workspace.team.members)
    refs = [ref for one in members for ref in one.calendars if _needs_password(ref)]
    found = {}
    for ref in refs:
        user, host = ref.options["username"], urlsplit(ref.address).hostname
        found[f"caldav {user}@{host}"] = f"{user} at {host}"
    if not found:
        whose = f"{member.name} has" if member else "the team has"
        raise WrongUse(
            f"{whose} no calendar on a CalDAV server, and no feed, that needs a password; name one "
            "with its `username` in the config, without `password_env`"
        )
    if member is None and len(found) > 1:
        raise WrongUse(f"say whose: --for MEMBER; there are {', '.join(sorted(found.values()))}")
    return found


def _needs_password(ref: CalendarRef) -> bool:
    options = ref.options
    is_named = "username" in options and "password_env" not in options
    return ref.kind in ("caldav", "url") and is_named and "token_env" not in options
