"""Whether the node lives, whether it is ready, and its figures.

`/metrics` holds nothing private, but tells how busy a hub is. So it is there for a peer in
`metrics_networks` (this
machine, unless set otherwise) that connects directly, without any header of a proxy; or, once a
`metrics_token` is set,
for those only who send `Authorization: Bearer` and the token. To everybody else there is nothing.
"""

import asyncio
from hmac import compare_digest

from aiohttp import web

from server.errors import NotFoundError
from server.web import keys
from server.web.addresses import connects_directly

_PATIENCE = 3.0
"""Seconds that a check may take."""

routes = web.RouteTableDef()


@routes.get("/health/live", name="live")
async def live(request: web.Request) -> web.Response:
    """Answer, which is all that living takes."""
    return web.Response(text="alive\n", headers={"Cache-Control": "no-store"})


@routes.get("/health/ready", name="ready")
async def ready(request: web.Request) -> web.Response:
    """Run the registered checks: 200 where all are well, else 503, with the state of each."""
    checks = request.app[keys.CHECKS]
    found = await asyncio.gather(
        *(asyncio.wait_for(check(), _PATIENCE) for check in checks.values()), return_exceptions=True
    )
    states = {name: _state(result) for name, result in zip(checks, found, strict=True)}
    well = all(state == "ok" for state in states.values())
    return web.json_response(
        {"ready": well, "checks": states},
        status=200 if well else 503,
        headers={"Cache-Control": "no-store"},
    )


@routes.get("/metrics", name="metrics")
async def metrics(request: web.Request) -> web.Response:
    """Answer with figures in Prometheus's text format, to those who may read them."""
    if not _may_read(request):
        raise NotFoundError
    await request.app[keys.METRICS].look()
    text = await asyncio.to_thread(request.app[keys.METRICS].text)
    return web.Response(
        body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    )


def _may_read(request: web.Request) -> bool:
    settings = request.app[keys.SETTINGS]
    if settings.metrics_token is None:
        return connects_directly(request, settings.metrics_networks)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return compare_digest(given.encode(), settings.metrics_token.encode())


def _state(result: str | BaseException | None) -> str:
    if isinstance(result, BaseException):
        return f"failed: {type(result).__name__}"
    return result or "ok"
