"""Puts the web side of a node together."""

import asyncio
from collections.abc import Iterable

from aiohttp import web

from server.house import House
from server.web import health, keys, patterns, robots, static, theme
from server.web.cookies import Cookies
from server.web.faces import Face
from server.web.headers import guard
from server.web.limits import Limits
from server.web.metrics import Metrics
from server.web.middleware import stack
from server.web.settings import WebSettings
from server.web.shelf import Shelf
from server.web.visitors import Visitors
from server.web.words import zone

SECONDS_TO_FINISH = 5
"""How long what is under way may take when the node is ended; what stalls is then cut off, before a
service manager kills (Docker after 10 seconds).
"""

_OURS = (static.routes, theme.routes, health.routes, robots.routes)


def make_app(
    house: House,
    *,
    routes: Iterable[web.RouteTableDef],
    face: Face,
    visitors: Visitors,
    settings: WebSettings | None = None,
) -> web.Application:
    """Return an app with the features' `routes` and ours.

    Until it starts, more may be added to it by its keys.
    """
    settings = settings or WebSettings()
    app = web.Application(middlewares=stack(), client_max_size=settings.body_limit)
    app[keys.HOUSE] = house
    app[keys.CLOCK] = house.clock
    app[keys.FACE] = face
    app[keys.VISITORS] = visitors
    app[keys.SETTINGS] = settings
    app[keys.LIMITS] = Limits(house.clock)
    app[keys.METRICS] = Metrics()
    app[keys.CHECKS] = {}
    app[keys.COOKIES] = Cookies(house.address)
    app[keys.PAGES], app[keys.PIECES] = Shelf(house.clock), Shelf(house.clock)
    app.on_response_prepare.append(guard(house))
    app.on_startup.append(_read_zone)
    for table in (*_OURS, *([patterns.routes] if house.development else []), *routes):
        app.add_routes(table)
    return app


async def _read_zone(app: web.Application) -> None:
    """Read the time zone from disk before any request needs it; it stays in memory."""
    await asyncio.to_thread(zone, app[keys.SETTINGS].time_zone)


def make_health_app(app: web.Application) -> web.Application:
    """Return an app that only says how the process of another one is."""
    watched = web.Application()
    watched[keys.CHECKS], watched[keys.METRICS] = app[keys.CHECKS], app[keys.METRICS]
    watched[keys.SETTINGS] = app[keys.SETTINGS]
    watched.add_routes(health.routes)
    return watched


def make_runner(app: web.Application) -> web.AppRunner:
    """Return a runner without aiohttp's access log, which costs more than an answer; ours is
    sampled.
    """
    return web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=SECONDS_TO_FINISH
    )
