"""Signing in: the consent page, codes with PKCE, refresh tokens, service accounts, revocation."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tests.google_server.exchange import Refusal, Request, Response, answer
from tests.google_server.state import Grant

if TYPE_CHECKING:
    from tests.google_server.state import State

CLIENT_ID = "1234567890-blocker.apps.googleusercontent.com"
CLIENT_SECRET = "GOCSPX-not-a-secret"
PATHS = {
    ("GET", "/o/oauth2/auth"): "oauth.auth",
    ("GET", "/o/oauth2/v2/auth"): "oauth.auth",
    ("POST", "/token"): "oauth.token",
    ("POST", "/revoke"): "oauth.revoke",
    ("GET", "/oauth2/v3/userinfo"): "oauth.userinfo",
    ("GET", "/tokeninfo"): "oauth.tokeninfo",
}


class TokenRefused(Exception):
    """The token endpoint says no, in the words of RFC 6749."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def response(self) -> Response:
        said = {"error": self.error, "error_description": self.description}
        return answer(said, self.status)


def handle(state: State, request: Request) -> Response:
    """Whatever of signing in is asked."""
    try:
        match request.name:
            case "oauth.auth":
                return consent(state, request)
            case "oauth.token":
                return token(state, request)
            case "oauth.revoke":
                return revoke(state, request)
            case _:
                return about(state, request)
    except TokenRefused as refused:
        return refused.response()


def identify(state: State, request: Request) -> None:
    """Who asks, by the access token.  Raises Refusal: 401."""
    kind, _, word = request.headers.get("authorization", "").partition(" ")
    grant = state.access.get(word.strip())
    if kind.lower() != "bearer" or grant is None or not grant.alive:
        raise Refusal(
            401,
            "authError",
            "Invalid Credentials",
            location="Authorization",
            location_type="header",
            headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'},
        )
    request.account = grant.account
    request.scopes = frozenset(grant.scopes)


# The consent page


def consent(state: State, request: Request) -> Response:
    """Signs in at once as `knobs.signs_in` and goes back to the program."""
    asked = dict(request.query)
    for name in ("client_id", "redirect_uri", "response_type", "scope"):
        if not asked.get(name):
            raise TokenRefused("invalid_request", f"Missing required parameter: {name}")
    home = urlsplit(asked["redirect_uri"])
    if home.scheme != "http" or home.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise TokenRefused("redirect_uri_mismatch", asked["redirect_uri"])
    if asked["client_id"] != CLIENT_ID:
        raise TokenRefused("invalid_client", "The OAuth client was not found.", 401)
    if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        state.violate(request, "a sign-in without PKCE (S256)")
    if not asked.get("state"):
        state.violate(request, "a sign-in without state")
    back = {"state": asked["state"]} if asked.get("state") else {}
    if state.knobs.denies:
        return _back(asked["redirect_uri"], back | {"error": "access_denied"})
    account = state.knobs.signs_in or asked.get("login_hint") or next(iter(state.accounts))
    scopes = [s for s in asked["scope"].split() if s not in state.knobs.unticked]
    code = f"4/{secrets.token_urlsafe(16)}"
    state.codes[code] = Grant(
        account,
        scopes,
        asked["client_id"],
        challenge=asked.get("code_challenge", ""),
        redirect=asked["redirect_uri"],
        offline=asked.get("access_type") == "offline",
    )
    return _back(asked["redirect_uri"], back | {"code": code, "scope": " ".join(scopes)})


def _back(home: str, query: dict[str, str]) -> Response:
    return Response(302, b"", {"Location": f"{home}?{urlencode(query)}"})


# Tokens


def token(state: State, request: Request) -> Response:
    """Raises TokenRefused."""
    asked = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    match asked.get("grant_type"):
        case "authorization_code":
            return _by_code(state, asked)
        case "refresh_token":
            return _by_refresh(state, asked)
        case "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return _by_assertion(state, asked.get("assertion", ""))
    raise TokenRefused("unsupported_grant_type", f"Invalid grant_type: {asked.get('grant_type')}")


def _check_client(asked: dict[str, str]) -> None:
    if asked.get("client_id") != CLIENT_ID:
        raise TokenRefused("invalid_client", "The OAuth client was not found.", 401)
    if asked.get("client_secret") != CLIENT_SECRET:
        raise TokenRefused("invalid_client", "Unauthorized", 401)


def _by_code(state: State, asked: dict[str, str]) -> Response:
    _check_client(asked)
    grant = state.codes.pop(asked.get("code", ""), None)  # a code works once
    if grant is None or grant.redirect != asked.get("redirect_uri"):
        raise TokenRefused("invalid_grant", "Bad Request")
    verifier = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
    if grant.challenge and grant.challenge != _unpadded(verifier):
        raise TokenRefused("invalid_grant", "Invalid code verifier.")
    said = _new_access(state, grant)
    if grant.offline:
        word = f"1//{secrets.token_urlsafe(24)}"
        state.refresh[word] = Grant(grant.account, grant.scopes, grant.client)
        said["refresh_token"] = word
        if state.knobs.testing:
            said["refresh_token_expires_in"] = 604799
    return answer(said)


def _by_refresh(state: State, asked: dict[str, str]) -> Response:
    _check_client(asked)
    grant = state.refresh.get(asked.get("refresh_token", ""))
    if grant is None or not grant.alive:
        raise TokenRefused("invalid_grant", "Token has been expired or revoked.")
    wanted = asked.get("scope", "").split()
    if not set(wanted) <= set(grant.scopes):
        raise TokenRefused("invalid_scope", "Bad Request")
    return answer(_new_access(state, grant))


def _by_assertion(state: State, assertion: str) -> Response:
    claims, service = _verified(state, assertion)
    scopes = claims.get("scope", "").split()
    subject = claims.get("sub") or service.email
    if not scopes:
        raise TokenRefused("invalid_scope", "Empty or missing scope not allowed.")
    if claims["exp"] - claims["iat"] > 3600:
        raise TokenRefused("invalid_grant", "Invalid JWT: Token must be a short-lived token.")
    if subject != service.email:
        if not set(scopes) <= set(service.delegated):
            message = (
                "Client is unauthorized to retrieve access tokens using this method, or client not"
                " authorized for any of the scopes requested."
            )
            raise TokenRefused("unauthorized_client", message, 401)
        if not state.is_workspace(subject):
            raise TokenRefused("invalid_grant", "Invalid email or User ID")
    return answer(_new_access(state, Grant(subject, scopes, service.email)))


def _verified(state: State, assertion: str) -> tuple[dict[str, Any], Any]:
    try:
        head, body, signature = assertion.split(".")
        header, claims = json.loads(_padded(head)), json.loads(_padded(body))
        service = state.services[claims["iss"]]
        key = serialization.load_pem_public_key(service.public_key.encode())
        assert isinstance(key, RSAPublicKey)
        if header["alg"] != "RS256" or not claims["aud"].endswith("/token"):
            raise TokenRefused("invalid_grant", "Invalid JWT: alg or aud.")
        signed = f"{head}.{body}".encode()
        key.verify(_padded(signature), signed, padding.PKCS1v15(), hashes.SHA256())
        int(claims["exp"]), int(claims["iat"])
    except InvalidSignature:
        raise TokenRefused("invalid_grant", "Invalid JWT Signature.") from None
    except KeyError as missing:
        raise TokenRefused("invalid_grant", f"Invalid grant: {missing} not found") from None
    except ValueError:
        raise TokenRefused("invalid_request", "Bad Request") from None
    return claims, service


def _new_access(state: State, grant: Grant) -> dict[str, Any]:
    word = f"ya29.{secrets.token_urlsafe(24)}"
    state.access[word] = Grant(grant.account, list(grant.scopes), grant.client)
    return {
        "access_token": word,
        "expires_in": 3599,
        "scope": " ".join(grant.scopes),
        "token_type": "Bearer",
    }


def revoke(state: State, request: Request) -> Response:
    """Takes an access or a refresh token; both end.  Raises TokenRefused."""
    asked = dict(parse_qsl(request.body.decode())) | dict(request.query)
    word = asked.get("token", "")
    grant = state.refresh.get(word) or state.access.get(word)
    if grant is None or not grant.alive:
        raise TokenRefused("invalid_token", "Token expired or revoked")
    for one in [*state.refresh.values(), *state.access.values()]:
        if (one.account, one.client) == (grant.account, grant.client):
            one.alive = False
    return answer({})


def about(state: State, request: Request) -> Response:
    """userinfo by the Authorization header, tokeninfo by the query."""
    if request.name == "oauth.tokeninfo":
        request.headers["authorization"] = f"Bearer {request.first('access_token')}"
    identify(state, request)
    said = {"email": request.account, "email_verified": True}
    if request.name == "oauth.tokeninfo":
        return answer(said | {"scope": " ".join(sorted(request.scopes)), "expires_in": "3599"})
    return answer(said | {"sub": hashlib.sha256(str(request.account).encode()).hexdigest()[:21]})


def _padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
