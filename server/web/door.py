"""Where a process listens, and how it stops: it says so first, then finishes what is under way."""

import asyncio
import ssl

from aiohttp import web

from server.web import keys
from server.web.app import make_health_app, make_runner


class Door:
    """The sockets of one app."""

    def __init__(self, app: web.Application) -> None:
        """Nothing is open yet."""
        self._app = app
        self._runners: list[web.AppRunner] = []
        self._closing = False
        app.on_response_prepare.append(self._part)
        app[keys.CHECKS]["door"] = self._check

    async def open(self, *, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen, and return the port (of use where 0 was asked for)."""
        return await self._listen(self._app, host, port, tls)

    async def open_health(self, *, host: str, port: int) -> int:
        """Answer at `/health/` and `/metrics` alone."""
        return await self._listen(make_health_app(self._app), host, port, None)

    def announce_closing(self) -> None:
        """Say 503 at `/health/ready` and let go of kept connections, but go on."""
        self._closing = True

    async def close(self) -> None:
        """Stop listening, and finish what is under way."""
        self._closing = True
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))

    async def _listen(
        self, app: web.Application, host: str, port: int, tls: ssl.SSLContext | None
    ) -> int:
        runner = make_runner(app)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, host, port, ssl_context=tls).start()
        return int(runner.addresses[0][1])

    async def _check(self) -> str | None:
        return "it is about to close" if self._closing else None

    async def _part(self, _: web.Request, response: web.StreamResponse) -> None:
        if self._closing:  # whoever kept a connection opens the next one elsewhere
            response.force_close()
            response.headers["Connection"] = "close"  # aiohttp has decided on that already
