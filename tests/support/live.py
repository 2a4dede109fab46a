"""Real nodes in the test network: real TLS, a database each, work done when the test says so.

ward = await LiveNode.at(network, "ward.test", database_url)
story = await ward.publish_story(title="Home by six", what_happened="…")
await settle(ward, council)
"""

import asyncio
import contextvars
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest

from federation.connector import body_of, target_of
from server.actors import service as actors
from server.actors.tables import Actor
from server.config import Config
from server.follows import service as follows
from server.hub import service as hub
from server.hub.service import FirstSteward, Look
from server.node import Node, Outside
from server.people import service as people
from server.people.tables import Person
from server.posts import service as posts
from server.posts.tables import Post
from server.responses import service as responses
from server.responses.rules import Response
from server.stories import service as stories
from server.stories.rules import Story
from tests.support.engines import Engine, Engines
from tests.support.keys import kept
from tests.support.network import IPV4, Network, network_of

T = TypeVar("T")

PASSWORD = "nine quiet herons at dusk"  # noqa: S105 - of accounts that live for one test
KEY = "a2V5" * 16
ACTIVITY_JSON = "application/activity+json"

_SET_UP: dict[tuple[Engine, str], str] = {}
"""Databases of hubs that were set up, by engine and host; nobody has them open."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a node answered."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def document(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.text)
        return found


class LiveNode:
    """One hub at `https://{host}`, set up, with a steward called `ida`."""

    node: Node
    port = 0
    """The same again after a restart: names are looked up once in a while only."""

    def __init__(self, network: Network, host: str, database_url: str, folder: Path) -> None:
        self.network, self.host, self.origin = network, host, f"https://{host}"
        self._url, self._folder = database_url, folder
        self._client = network.client()
        self._more: dict[str, Any] = {}

    @classmethod
    async def at(
        cls, network: Network, host: str, database_url: str, folder: Path, *, set_up: bool = True
    ) -> Self:
        """Bring up a hub in the network; it goes down with it."""
        live = cls(network, host, database_url, folder)
        await live.start()
        network.stack.push_async_callback(live.stop)
        network.stack.push_async_callback(live._client.aclose)
        if set_up:
            await live.run(live._set_up)
        return live

    @classmethod
    async def set_up_at(
        cls, network: Network, host: str, engines: Engines, engine: Engine, folder: Path
    ) -> Self:
        """Bring up a hub on a copy of a database that was set up once."""
        if (engine, host) not in _SET_UP:
            url = engines.fresh(engine)
            with kept():
                async with network_of() as apart:
                    await cls.at(apart, host, url, folder)
            _SET_UP[engine, host] = url
        copy = engines.like(_SET_UP[engine, host])
        network.stack.callback(engines.give_back, copy)
        return await cls.at(network, host, copy, folder, set_up=False)

    async def start(self) -> None:
        """Start, or start again on the same database, in a task of its own."""
        self._stopped = asyncio.Event()
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        tls = self.network.server_tls(self.host)
        self._task = asyncio.create_task(self._live(ready, tls), context=contextvars.Context())
        await asyncio.wait({ready, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            self._task.result()

    async def restart(self, **settings: Any) -> None:
        """Stop, and start again with other settings."""
        await self.stop()
        self._more |= settings
        await self.start()

    def _settings(self) -> Config:
        settings: dict[str, Any] = {
            "address": self.origin,
            "database_url": self._url,
            "data_dir": self._folder,
            "node_key": KEY,
            "allowed_private_networks": (ip_network("127.0.0.0/8"),),
            **self._more,
        }
        return Config(**settings)

    async def _live(self, ready: "asyncio.Future[None]", tls: Any) -> None:
        outside = Outside(
            clock=self.network.clock,
            random=random.Random(self.host),  # noqa: S311 - the same again
            resolver=self.network.resolver,
            tls=self.network.trust,
        )
        async with Node(await asyncio.to_thread(self._settings), outside) as self.node:
            self.port = await self.node.serve(host=IPV4, port=self.port, tls=tls)
            self.network.resolver.ports[self.host] = self.port
            self._context = contextvars.copy_context()
            ready.set_result(None)
            await self._stopped.wait()

    async def stop(self) -> None:
        """Go down. Doing it twice is harmless."""
        self._stopped.set()
        await self._task

    async def run(self, work: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
        """Do something in the node's own context, where its database is."""

        async def inside() -> T:
            return await work(*args, **kwargs)

        return await asyncio.create_task(inside(), context=self._context.copy())

    async def _set_up(self) -> None:
        steward = FirstSteward(name="ida", password=PASSWORD, display_name="Ida Fennimore")
        await hub.set_up(Look(name=f"The hub of {self.host}"), steward=steward, house=self.house)
        await self.node.face.refresh()

    @property
    def house(self) -> Any:
        return self.node.house

    @property
    def address(self) -> str:
        """The origin, as the settings call it."""
        return self.origin

    @property
    def hub_uri(self) -> str:
        return f"{self.origin}/hub"

    @property
    def handle(self) -> str:
        return f"@hub@{self.host}"

    async def work(self) -> int:
        """Do what is due, once."""
        return await self.run(self.node.run_due)

    # Through the front door

    async def get(self, path: str, *, accept: str = "text/html", **headers: str) -> Answer:
        """Ask for a page, or with `accept` for something else."""
        return await self.send("GET", path, headers={"Accept": accept, **headers})

    async def fetch(self, path: str) -> dict[str, Any]:
        """Ask for a document as other servers do."""
        answer = await self.get(path, accept=ACTIVITY_JSON)
        assert answer.status == 200, answer
        return answer.document

    async def send(
        self, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None
    ) -> Answer:
        """Send any request."""
        url = path if path.startswith("https://") else self.origin + path
        response = await self._client.send(method, target_of(url), headers=headers, body=body)
        content = await body_of(response, limit=16 * 1024 * 1024)
        return Answer(response.status, dict(response.headers), content.decode("utf-8", "replace"))

    # What its people do

    async def add_person(self, name: str, **kwargs: Any) -> Person:
        """Make an account."""
        return await self.run(
            people.add_person, name=name, password=PASSWORD, house=self.house, **kwargs
        )

    async def person(self, name: str = "ida") -> Person:
        """Return an account."""
        found = await self.run(people.by_name, name)
        assert found is not None
        return found

    async def follow(self, whom: str, *, by: str | None = None) -> None:
        """Have the hub (or an account) follow a handle or an address."""

        async def ask() -> None:
            follower = await self._actor(by)
            followed = await actors.find(whom, house=self.house)
            await follows.follow(follower, followed, house=self.house)

        await self.run(ask)

    async def unfollow(self, uri: str, *, by: str | None = None) -> None:
        """Have the hub (or an account) stop following."""

        async def ask() -> None:
            followed = await Actor.get(uri=uri)
            await follows.unfollow(await self._actor(by), followed, house=self.house)

        await self.run(ask)

    async def _actor(self, name: str | None) -> Actor:
        if name is None:
            found = await hub.hub_actor(house=self.house)
            assert found is not None
            return found
        person = await people.by_name(name)
        assert person is not None
        return await Actor.get(id=person.actor_id)

    async def publish_story(
        self, *, by: str = "ida", title: str = "Home by six", what_happened: str = "It was late.",
        **parts: Any,
    ) -> str:  # fmt: skip
        """Publish a story and return its id."""

        async def tell() -> str:
            person = await people.by_name(by)
            assert person is not None
            story = Story(title=title, what_happened=what_happened, **parts)
            draft = await stories.draft(person, story, house=self.house)
            post = await stories.publish(draft, by=person, house=self.house)
            return str(post.uri)

        return await self.run(tell)

    async def edit_story(self, uri: str, *, by: str = "ida", **parts: Any) -> None:
        """Publish an edit of a story."""

        async def change() -> None:
            person, post = await people.by_name(by), await posts.by_uri(uri)
            assert person is not None
            assert post is not None
            await stories.revise(post, Story(**parts), by=person, house=self.house)

        await self.run(change)

    async def withdraw_story(self, uri: str, *, by: str = "ida") -> None:
        """Take a story back."""

        async def take_back() -> None:
            person, post = await people.by_name(by), await posts.by_uri(uri)
            assert person is not None
            assert post is not None
            await stories.withdraw(post, by=person, house=self.house)

        await self.run(take_back)

    async def respond(
        self, uri: str, said: str | Response, *, by: str = "ida", **kwargs: Any
    ) -> str:
        """Answer a post, with words or with all that a response may say; return the reply's id."""
        response = said if isinstance(said, Response) else Response(text=said)

        async def answer() -> str:
            person, post = await people.by_name(by), await posts.by_uri(uri)
            assert person is not None
            assert post is not None
            reply = await responses.respond(post, response, by=person, house=self.house, **kwargs)
            return str(reply.uri)

        return await self.run(answer)

    async def thank(self, uri: str, *, by: str = "ida", undo: bool = False) -> None:
        """Thank for a post, or take it back."""

        async def say() -> None:
            person, post = await people.by_name(by), await posts.by_uri(uri)
            assert person is not None
            assert post is not None
            act = responses.unthank if undo else responses.thank
            await act(post, by=person, house=self.house)

        await self.run(say)

    # What it knows

    async def post(self, uri: str) -> Post | None:
        """Return what it holds of a post."""
        return await self.run(posts.by_uri, uri)

    async def counts(self) -> dict[str, int]:
        """Return how many rows each table has: nothing stored means nothing changed here."""
        return await self.run(_counts)


async def _counts() -> dict[str, int]:
    from server import db
    from server.node import MODELS  # noqa: F401 - the tables it means

    tables = [
        "actors", "actor_keys", "received", "posts", "follows", "thanks", "boosts", "tombstones",
        "responses", "stories", "deliveries", "activities", "jobs",
    ]  # fmt: skip
    return {
        table: int((await db.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"])  # noqa: S608
        for table in tables
    }


async def settle(*nodes: LiveNode, rounds: int = 40) -> None:
    """Do due work everywhere until there is none, moving the clock on; never sleep."""
    quiet = 0
    for _ in range(rounds):
        done = sum([await node.work() for node in nodes])
        quiet = 0 if done else quiet + 1
        if quiet == 3:
            return
        nodes[0].network.clock.move(timedelta(seconds=1))
    pytest.fail("the network did not settle")
