"""Who may do what: on every request the name that it calls, where it comes from, and whose it is.

There is no CORS: no other page may read an answer, and none of its requests is followed.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from landxml_web import pages
from landxml_web.settings import Settings, is_loopback

__all__ = ["WITHOUT_USERS", "Access", "Doors", "cookie"]

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer that does not say it itself."""
SAFE = frozenset({"GET", "HEAD"})
OPEN = frozenset({"/open", "/page.css", "/page.js", "/icon.svg"})
"""What needs no token."""
WITHOUT_USERS = ""
"""Who it is where there is only the person who has started the server."""


class Doors:
    """Tokens and sessions: a browser that has shown a token gets a session, until the server ends.

    Parameters
    ----------
    users
        Token → who it is for; if there are none, :attr:`token` is made, for the person who starts the server.
    """

    def __init__(self, users: Mapping[str, str]) -> None:
        self.token = "" if users else secrets.token_urlsafe(24)
        self._users = {_digest(token): user for token, user in users.items()}
        if self.token:
            self._users[_digest(self.token)] = WITHOUT_USERS
        self._sessions = dict[bytes, str]()

    def user(self, token: str) -> str | None:
        """Return who a token is for."""
        return self._users.get(_digest(token))

    def open(self, user: str) -> str:
        """Return a new session."""
        session = secrets.token_urlsafe(32)
        self._sessions[_digest(session)] = user
        return session

    def inside(self, session: str) -> str | None:
        """Return who a session is of."""
        return self._sessions.get(_digest(session))


def _digest(text: str) -> bytes:
    """Return what is looked up in the place of a secret, so that the time it takes says nothing of it."""
    return hmac.digest(_KEY, text.encode(), hashlib.sha256)


_KEY = secrets.token_bytes(32)


def cookie(settings: Settings) -> str:
    """Return the name of the cookie: browsers do not tell the ports of a machine apart."""
    return f"landxml-{settings.port}"


class Access:
    """Refuses what may not be; to all else it adds the headers of :data:`HEADERS`."""

    def __init__(self, app: ASGIApp, settings: Settings, doors: Doors) -> None:
        self._app, self._settings, self._doors = app, settings, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on; ``scope["state"]["user"]`` is who it comes from."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope, receive)
        user = self._user(request)
        if refusal := self._refusal(request, user):
            await pages.refused(request, *refusal)(scope, receive, answer)
            return
        scope.setdefault("state", {})["user"] = user
        await self._app(scope, receive, answer)

    def _refusal(self, request: Request, user: str | None) -> tuple[int, str] | None:
        """Return status and message of what is refused."""
        if not self._called_right(request.headers.get("host", "")):
            return 400, "refused.host"
        if request.method not in SAFE and not _from_here(request.headers, request.url.scheme):
            return 403, "refused.origin"
        if user is None and request.url.path not in OPEN:
            return 401, "refused.token"
        return None

    def _user(self, request: Request) -> str | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._doors.user(token.strip())
        return self._doors.inside(request.cookies.get(cookie(self._settings), ""))

    def _called_right(self, host: str) -> bool:
        """Tell whether the name is one of ours: pages get into a network by names of theirs that lead here.

        An address is no name that somebody could have made lead here.
        """
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if "@" in host:
            return False
        if name in {"localhost", *(known.lower() for known in self._settings.names)}:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return is_loopback(name) or not is_loopback(self._settings.host)


def _from_here(headers: Headers, scheme: str) -> bool:
    """Tell whether what changes something comes from our own page, or from a program with a token."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    if origin := headers.get("origin"):
        return origin == f"{scheme}://{headers.get('host')}"
    return headers.get("authorization", "").lower().startswith("bearer ")
