"""A hub with pages and nothing else: real vault, real server, a clock moved by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from federation.delivery import Courier
from federation.fetch import Fetcher
from server.house import Hooks, House, Store
from server.vault import Vault
from server.web import PlainFace, Visitor, WebSettings, make_app

Client = TestClient[web.Request, web.Application]
Serve = Callable[..., Awaitable[Client]]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class HandClock:
    """Tells the time that the test says."""

    def __init__(self) -> None:
        """Begin on a Monday morning in November."""
        self.moment = NOW

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def pass_by(self, **time: float) -> None:
        """Move on."""
        self.moment += timedelta(**time)


@dataclass(frozen=True)
class Neighbour:
    """Somebody with an account."""

    id: int = 1
    actor_id: int = 7
    name: str = "ida"
    display_name: str = "Ida Fennimore"
    is_steward: bool = False


@dataclass
class Doorbook:
    """Whose session each token opens."""

    sessions: dict[str, Visitor] = field(default_factory=dict)

    async def visitor(self, token: str) -> Visitor | None:
        """Look it up."""
        return self.sessions.get(token)


def make_house(clock: HandClock, *, address: str, development: bool) -> House:
    """Return a house whose pages neither fetch nor send."""

    async def ring(topic: str = "", subject: str | None = None) -> None:
        return None

    return House(
        address=address,
        development=development,
        clock=clock,
        random=Random(7),  # noqa: S311
        vault=Vault(bytes(range(32))),
        fetcher=cast("Fetcher", None),
        courier=cast("Courier", None),
        mailer=None,
        store=cast("Store", None),
        picture_cache_limit=0,
        picture_limit=0,
        fewest_people=5,
        ring=ring,
        changed=ring,
        hooks=Hooks(),
    )


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def doorbook() -> Doorbook:
    return Doorbook({"idas": Neighbour(), "stewards": Neighbour(id=2, is_steward=True)})


@pytest.fixture
async def serve(clock: HandClock, doorbook: Doorbook) -> AsyncIterator[Serve]:
    """Start a hub with some routes and return a client that keeps cookies."""
    async with AsyncExitStack() as stack:

        async def start(
            *tables: web.RouteTableDef,
            address: str = "http://hub.example",
            development: bool = False,
            settings: WebSettings | None = None,
        ) -> Client:
            house = make_house(clock, address=address, development=development)
            app = make_app(
                house,
                routes=tables,
                face=PlainFace(name="Kelderby Together", tagline="What are people trying?"),
                visitors=doorbook,
                settings=settings,
            )
            return await stack.enter_async_context(TestClient(TestServer(app)))

        yield start
