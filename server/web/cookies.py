"""Our cookies: named for the node, so that several nodes on one machine (ports share cookies) keep
apart.
"""

import re
from typing import Literal

from aiohttp import web

Kind = Literal["session", "visit", "said"]
_ODD = re.compile(r"[^a-z0-9]+")


class Cookies:
    """Reads, sets and drops them:

    HttpOnly, SameSite=Lax, for the whole site; Secure and `__Host-` with https.
    """

    def __init__(self, address: str) -> None:
        """Serve the node at `address`, `https://hub.example`."""
        scheme, _, host = address.partition("://")
        self._secure = scheme == "https"
        self._stem = f"{'__Host-' if self._secure else ''}fettle-{_ODD.sub('-', host.lower())}-"

    def name(self, kind: Kind) -> str:
        """Return the cookie's name."""
        return self._stem + kind

    def read(self, request: web.Request, kind: Kind) -> str | None:
        """Return the cookie's value, None where it is missing or empty."""
        return request.cookies.get(self._stem + kind) or None

    def set(
        self, response: web.StreamResponse, kind: Kind, value: str, *, seconds: int | None = None
    ) -> None:
        """Set it for so many seconds; without, until the browser is closed."""
        response.set_cookie(
            self._stem + kind,
            value,
            max_age=seconds,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )

    def drop(self, response: web.StreamResponse, kind: Kind) -> None:
        """Ask the browser to forget it."""
        response.del_cookie(
            self._stem + kind, path="/", httponly=True, samesite="Lax", secure=self._secure
        )
