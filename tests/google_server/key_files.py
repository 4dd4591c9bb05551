"""The files a person downloads from Google's console, pointing at this server."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.google_server.oauth import CLIENT_ID, CLIENT_SECRET


def client_secrets(path: Path, endpoint: str) -> Path:
    """The OAuth client of a desktop program."""
    installed = {
        "client_id": CLIENT_ID,
        "project_id": "blocker",
        "auth_uri": f"{endpoint}/o/oauth2/auth",
        "token_uri": f"{endpoint}/token",
        "client_secret": CLIENT_SECRET,
        "redirect_uris": ["http://localhost"],
    }
    return _written(path, {"installed": installed})


def token_file(
    path: Path, endpoint: str, access: str, refresh: str, scopes: list[str], account: str
) -> Path:
    """A sign-in as google-auth's Credentials.to_json() writes it."""
    return _written(
        path,
        {
            "token": access,
            "refresh_token": refresh,
            "token_uri": f"{endpoint}/token",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scopes": scopes,
            "universe_domain": "googleapis.com",
            "account": account,
            "expiry": f"{datetime(2099, 1, 1).isoformat()}Z",
            "type": "authorized_user",
        },
    )


def service_account(path: Path, endpoint: str, email: str) -> str:
    """Write the key file; gives the public key (PEM)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _written(
        path,
        {
            "type": "service_account",
            "project_id": "blocker",
            "private_key_id": "0123456789abcdef",
            "private_key": private.decode(),
            "client_email": email,
            "client_id": "100000000000000000001",
            "auth_uri": f"{endpoint}/o/oauth2/auth",
            "token_uri": f"{endpoint}/token",
            "universe_domain": "googleapis.com",
        },
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode()


def _written(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    path.chmod(0o600)
    return path
