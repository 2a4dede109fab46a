"""What every answer carries so that browsers guard the visitor."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from server.house import House
from server.web import keys

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""For what other sites may show in a frame: nothing that knows who looks at it, or that does
anything when it is pressed."""
_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_HSTS = "max-age=31536000"


def guard(house: House) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return a listener for `on_response_prepare`.

    A handler that sets one of these headers itself is left alone.
    """
    headers = dict(_ALWAYS)
    if house.address.startswith("https://"):
        headers["Strict-Transport-Security"] = _HSTS

    async def prepare(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = request.get(keys.REQUEST_ID, "")
        response.headers["Server"] = "Fettle"

    return prepare
