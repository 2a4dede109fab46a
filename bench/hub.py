"""The hub that is measured: `python -m bench.hub`, which the command starts and talks to.

It is the node as `fettle serve` puts it together, behind a proxy that speaks TLS, as far as it can
tell; only names are looked up in a table of one line, so that hundreds of hosts are one port here.
"""

import asyncio
import socket
import ssl
import time
from contextlib import AsyncExitStack
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from markupsafe import Markup

from bench import known, wire
from bench.charts import series
from bench.command import cpu_of
from bench.engines import size
from bench.filling import Sample, fill
from bench.lines import answer_lines
from bench.measured import MEASURES, POINTS
from bench.outside import PEERS
from federation import vocab
from federation.keys import generate_rsa
from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.cli.app import log_as, run_to_end
from server.config import Config
from server.experiments import service as experiments
from server.experiments.pages import figures
from server.experiments.rules.experiment import Experiment
from server.follows.rules import FollowState
from server.follows.service import FollowAnswered
from server.follows.tables import Follow
from server.hub import service as hub
from server.hub.service import FirstSteward, Look
from server.network.tables import Catalogue
from server.node import MODELS, Node, Outside
from server.people import service as people
from server.people.service import sessions
from server.responses import service as responses
from server.responses.rules import Response
from server.stories import service as stories
from server.stories.rules import AuthorRole, Story
from server.web import keys
from server.web.shelf import ROOM, MadePage

LOOPBACK = "127.0.0.1"
SIGNATURES = 50
"""Made to see what one costs."""
HOST = "hub.test"
ADDRESS = f"https://{HOST}"
TEXT = """The ward round was at ten, and by noon we knew that Mum could go home. Then we waited.

Nobody had ordered the tablets to take home, and the pharmacy shut at five. The **second** evening
the ward clerk rang round herself, and found a van that was coming our way anyhow."""


class OnePort(AbstractResolver):
    """Whatever the name: it is on this machine, at one port."""

    def __init__(self, port: int) -> None:
        """Send everybody to `port`."""
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the one place that there is."""
        return [
            ResolveResult(
                hostname=host, host=LOOPBACK, port=self._port, family=socket.AF_INET, proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]  # fmt: skip

    async def close(self) -> None:
        """Hold nothing."""


class Measured:
    """The node, and what the command may ask of it: each public method is one thing."""

    def __init__(self, stack: AsyncExitStack) -> None:
        """Start with nothing; what is opened ends with `stack`."""
        self._stack = stack
        self._key: RSAPrivateKey | None = None
        self._node: Node

    async def start(
        self, *, folder: str, database_url: str | None, peers: int, authority: str
    ) -> int:
        """Bring up a hub, set up, and return its port; `peers` is the port of everybody else."""
        settings: dict[str, Any] = {
            "address": ADDRESS, "data_dir": Path(folder), "log_format": "json",
            "allowed_private_networks": (ip_network("127.0.0.0/8"),),
        } | ({"database_url": database_url} if database_url else {})  # fmt: skip
        config = await asyncio.to_thread(lambda: Config(**settings))
        log_as(config)
        if database_url:
            async with db.Database(database_url, modules=MODELS) as database:
                await db.migrate(database)
        trust = await asyncio.to_thread(ssl.create_default_context, cadata=authority)
        outside = Outside(resolver=OnePort(peers), tls=trust)
        self._node = await self._stack.enter_async_context(Node(config, outside))
        steward = FirstSteward(name="ida", password="nine quiet herons at dusk")  # noqa: S106
        await hub.set_up(Look(name="A hub under load"), steward=steward, house=self._node.house)
        await self._node.face.refresh()
        return await self._node.serve(host=LOOPBACK, port=0)

    async def work(self) -> None:
        """Begin to work on jobs and deliveries."""
        self._node.work()

    async def cpu(self) -> float:
        """Return the CPU seconds used so far."""
        return time.process_time()

    async def cpu_in_all(self) -> float:
        """Return the CPU seconds used so far by this process and by the database for it."""
        spent = time.process_time()
        if db.dialect() == "postgres":
            found = await db.rows(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'fettle'"
            )
            spent += await asyncio.to_thread(lambda: sum(cpu_of(row["pid"]) for row in found))
        return spent

    async def pace(self) -> float:
        """Return the CPU milliseconds that a fixed piece of plain Python takes just now."""
        began, total = time.process_time(), 0
        for number in range(300_000):
            total += number
        return (time.process_time() - began) * 1000

    async def signature(self) -> float:
        """Return the CPU milliseconds that an RSA-2048 signature takes just now: the least that a
        delivery can cost.
        """
        key = self._key = self._key or generate_rsa()
        began = time.process_time()
        for _ in range(SIGNATURES):
            key.sign(b"", padding.PKCS1v15(), hashes.SHA256())
        return (time.process_time() - began) / SIGNATURES * 1000

    async def meet(self, *, documents: list[dict[str, Any]]) -> None:
        """Write down actors elsewhere, with their keys."""
        async with db.transaction():
            for document in documents:
                await actors.keep(vocab.parse_actor(document), house=self._node.house)

    async def author(self, *, name: str, followers: list[dict[str, Any]]) -> None:
        """Make an account whom those follow."""
        house = self._node.house
        person = await people.add_person(name=name, password=None, house=house)
        now = house.clock.now()
        async with db.transaction():
            for document in followers:
                row = await actors.keep(vocab.parse_actor(document), house=house)
                await Follow.create(
                    follower_id=row.id, followed_id=person.actor_id, state=FollowState.ACCEPTED,
                    uri=f"{row.uri}#follow", created_at=now, answered_at=now,
                )  # fmt: skip

    async def crowd(self, *, name: str, number: int) -> None:
        """Make an account that so many follow, each on a host of their own."""
        house = self._node.house
        person = await people.add_person(name=name, password=None, house=house)
        now, hosts = house.clock.now(), [f"crowd{index}.peers.test" for index in range(number)]
        found = [
            Actor(
                uri=f"https://{host}/users/finch", host=host, type="Person", username="finch",
                url=f"https://{host}/@finch", inbox=f"https://{host}/users/finch/inbox",
                shared_inbox=f"https://{host}/inbox", created_at=now, fetched_at=now,
            )
            for host in hosts
        ]  # fmt: skip
        async with db.transaction():
            await Actor.bulk_create(found, batch_size=500)
            rows = await Actor.filter(username="finch", local=False).values_list("id", "uri")
            follows = [
                Follow(
                    follower_id=row, followed_id=person.actor_id, state=FollowState.ACCEPTED,
                    uri=f"{uri}#follow", created_at=now,
                )
                for row, uri in rows
            ]  # fmt: skip
            await Follow.bulk_create(follows, batch_size=500)

    async def backfill(self, *, hubs: list[dict[str, Any]]) -> float:
        """Have hubs elsewhere say yes to a follow, and return how many seconds it takes until all
        that they published before is here.
        """
        house, began = self._node.house, time.perf_counter()
        me = await hub.hub_actor(house=house)
        for document in hubs if me else ():
            async with db.transaction():
                row = await actors.keep(vocab.parse_actor(document), house=house)
                follow = await Follow.create(
                    follower=me, followed_id=row.id, state=FollowState.ACCEPTED,
                    uri=f"{row.uri}#followed", created_at=house.clock.now(),
                )  # fmt: skip
                await house.hooks.tell(FollowAnswered(follow), house)
        while await Catalogue.exists(finished_at=None):  # noqa: ASYNC110 - it is a database
            await asyncio.sleep(0.05)
        return time.perf_counter() - began

    async def elsewhere(self) -> int:
        """Return how many posts of others are known."""
        found = await db.rows("SELECT count(*) AS n FROM posts WHERE NOT local")
        return int(found[0]["n"])

    async def lags(self, *, number: int) -> list[float]:
        """Return how many seconds after each was told the newest posts of others were known."""
        rows = await db.rows(
            "SELECT published_at, created_at FROM posts WHERE NOT local ORDER BY id DESC LIMIT ?",
            number,
        )
        ages = [db.as_moment(row["created_at"]) - db.as_moment(row["published_at"]) for row in rows]
        return [age.total_seconds() for age in ages]

    async def size(self) -> int:
        """Return the bytes of the database."""
        return await size()

    async def enqueue(self, *, by: str) -> dict[str, float]:
        """Publish a story; return how many deliveries were written, and the seconds that took, by
        the clock and of CPU.
        """
        before = await self.waiting()
        began, used = time.perf_counter(), time.process_time()
        await self.publish(by=by)
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
        return {"number": await self.waiting() - before, "seconds": seconds, "cpu": cpu}

    async def waiting(self) -> int:
        """Return how many deliveries wait."""
        found = await db.rows("SELECT count(*) AS n FROM deliveries WHERE state = 'waiting'")
        return int(found[0]["n"])

    async def publish(self, *, by: str = "ida", replies: int = 0) -> str:
        """Publish a story, with some replies from here below it, and return its id."""
        house, person = self._node.house, await people.by_name(by)
        if person is None:
            raise LookupError(by)
        story = Story(
            title="Home by six", what_happened=TEXT, what_was_good=TEXT, topics=("discharge",),
            author_role=AuthorRole.RELATIVE, when_approx="Autumn 2026",
        )  # fmt: skip
        draft = await stories.draft(person, story, house=house)
        post = await stories.publish(draft, by=person, house=house)
        for number in range(replies):
            said = Response(text=f"We did the same, {number} weeks ago.")
            await responses.respond(post, said, by=person, house=house)
        return str(post.uri)

    async def measure(self) -> str:
        """Share an experiment that measures much, and return its id."""
        house, person = self._node.house, await people.by_name("ida")
        if person is None:
            raise LookupError
        tried = Experiment(title="A knock", problem=TEXT, idea=TEXT)
        draft = await experiments.draft(person, tried, house=house)
        post = await experiments.publish(draft, by=person, house=house)
        for number in range(MEASURES):
            await experiments.keep_measure(post, series(POINTS, number), by=person, house=house)
        return str(post.uri)

    async def forget(self) -> None:
        """Forget every chart that was drawn, and every page and piece of one that is held."""
        figures.forget()
        self._node.app[keys.PIECES].keep("all the room", None, Markup(), size=ROOM)
        self._node.app[keys.PAGES].keep("all the room", None, MadePage.of(b""), size=ROOM)

    async def session(self, *, of: str = "ida") -> str:
        """Begin a session for somebody, and return the cookie that goes with it."""
        person = await people.by_name(of)
        if person is None:
            raise LookupError(of)
        begun = await sessions.start(
            person, address=LOOPBACK, user_agent="bench", house=self._node.house
        )
        return f"{self._node.app[keys.COOKIES].name('session')}={begun.token}"

    async def fill(self, *, number: int) -> None:
        """Fill the database with so many posts, as years of use would."""
        await self.publish(replies=1)
        peer = await actors.keep(
            vocab.parse_actor(wire.actor(f"https://wren.{PEERS}/users/wren")),
            house=self._node.house,
        )
        found = await db.rows("SELECT kind, min(id) AS id FROM posts WHERE local GROUP BY kind")
        kinds = {row["kind"]: int(row["id"]) for row in found}
        sample = Sample(story=kinds["story"], reply=kinds["response"], peer=peer.id)
        await fill(sample, posts=number, origin=ADDRESS)

    async def know(self, *, number: int) -> None:
        """Make up the first of so many things, told by hubs that this one follows."""
        await known.know(number, house=self._node.house)
        await known.ready()

    async def know_more(self, *, number: int, which: int) -> None:
        """Have more of them be known, for the first, second, ... time."""
        await known.copied(number, which)

    async def settle(self) -> None:
        """Let the database learn what it holds, and have it be as it always is."""
        await known.settle()

    async def memory(self) -> float:
        """Return the most MiB that the process has had resident so far."""
        return await _resident("VmHWM")

    async def own_memory(self) -> float:
        """Return the MiB that the process has resident now, without its view of files: of SQLite's
        file it maps 64 MiB, as far as there are so many.
        """
        return await _resident("RssAnon")

    async def unread(self) -> int:
        """Return how many activities came in whose job is not done."""
        found = await db.rows("SELECT count(*) AS n FROM received WHERE processed_ms IS NULL")
        return int(found[0]["n"])

    async def count(self) -> dict[str, int]:
        """Return how many activities came in, and how many responses to something there are."""
        took = await db.rows("SELECT count(*) AS n FROM received")
        said = await db.rows(
            "SELECT count(*) AS n FROM posts WHERE kind = 'response' AND parent_id IS NOT NULL"
        )
        follow = await db.rows("SELECT count(*) AS n FROM follows WHERE state = 'accepted'")
        return {
            "received": int(took[0]["n"]), "responses": int(said[0]["n"]),
            "followers": int(follow[0]["n"]),
        }  # fmt: skip


async def _resident(name: str) -> float:
    status = await asyncio.to_thread(Path("/proc/self/status").read_text)
    [kib] = [line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:")]
    return int(kib) / 1024


async def main() -> None:
    """Do what standard input asks, line by line, until it ends."""
    async with AsyncExitStack() as stack:
        await answer_lines(Measured(stack))


if __name__ == "__main__":
    run_to_end(main())
