"""The composition root: `async with Node(config) as node:` builds the house and takes it down."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random, SystemRandom
from traceback import walk_tb
from types import TracebackType
from typing import Self

import structlog
from aiohttp import web
from aiohttp.abc import AbstractResolver

from federation.connector import AddressPolicy, Client
from federation.delivery import Courier
from federation.fetch import Fetcher
from federation.keys import SigningKey
from federation.ports import Clock, SystemClock
from federation.vocab import JsonObject
from server import VERSION, db, jobs
from server.actors import pages as actor_pages
from server.actors import service as actors
from server.actors.asking import asking
from server.actors.blocks import TOPIC as BLOCKS
from server.actors.blocks import Blocks
from server.actors.directory import Directory, Ring
from server.actors.documents import Documents
from server.config import Config
from server.delivery import service as delivery
from server.delivery.worker import LaneWorker
from server.errors import ConfigurationError
from server.follows import synchronising
from server.house import Hooks, House
from server.hub import service as hub
from server.hub.face import HubFace
from server.hub.tables import HubSettings
from server.inbox import pages as inbox_pages
from server.inbox import service as inbox
from server.inbox.backlog import Backlog
from server.inbox.recent import Recent
from server.inbox.registry import Listeners
from server.inbox.rules import Room
from server.mail.smtp import MailServer, SmtpMailer
from server.media.store import open_store
from server.node import features
from server.node.features import MODELS, ROUTES
from server.people import pages as people_pages
from server.people import service as people
from server.posts import service as posts
from server.safety import service as safety
from server.vault import Vault
from server.web import Door, WebSettings, keys, make_app

__all__ = ["MODELS", "Node", "Outside"]

log = structlog.get_logger()

SWEEP = "node.sweep"
PRIVATE = 0o700
"""Of the data folder, when it is made: it holds private texts and, on SQLite, all of them."""
DRAIN = 15.0
"""Seconds until the workers are no longer waited for; each gives up by itself before that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a node meets beyond itself; tests bring their own."""

    clock: Clock = SystemClock()  # noqa: RUF009 - it has no state
    random: Random = SystemRandom()  # noqa: RUF009 - it has no state
    resolver: AbstractResolver | None = None
    tls: ssl.SSLContext | None = None
    """Whom to trust; None for what the machine trusts (`SSL_CERT_FILE` is honoured)."""


class Node:
    """One hub. Enter it once, in the task that it will live in: tasks started there share
    its database.
    """

    house: House
    app: web.Application
    door: Door
    face: HubFace

    def __init__(self, config: Config, outside: Outside | None = None) -> None:
        """Take the settings; nothing is opened yet."""
        self.config, self._outside = config, outside or Outside()
        self._stack = AsyncExitStack()
        self._ring = Ring()
        self._recent = Recent()
        self._node_actor: int | None = None
        self._hears = False
        self.broken = False
        """Whether work that goes on for ever has ended by itself."""
        self.when_broken: Callable[[], None] = lambda: None
        """Called when it does: better to end, and be started anew, than to do only half."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._workers: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Open the database, bring it up to date, and put everything together.

        Raises ConfigurationError, naming the setting.
        """
        if self.config.database_url.startswith("sqlite"):
            await asyncio.to_thread(self._make_folder)
        async with AsyncExitStack() as stack:
            self.database = await stack.enter_async_context(
                db.Database(await asyncio.to_thread(self._database_url), modules=MODELS)
            )
            await self._migrate()
            self.bell = db.Bell(self.database)
            self.house = await self._build(stack)
            await hub.check_address(house=self.house)
            await self._furnish()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take nothing new, let what is under way finish for a while, then let go of everything,
        the last first.
        """
        await asyncio.gather(self._end_work(), self.door.close())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def _end_work(self) -> None:
        """Have the workers give back what they hold; others may take it at once."""
        self.worker.stop()
        self.lanes.stop()
        if self._workers:
            await asyncio.wait(self._workers, timeout=DRAIN)

    def _database_url(self) -> str:
        return self.config.database

    def _make_folder(self) -> None:
        try:
            self.config.data_dir.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        except OSError as error:
            reason = f"no folder can be made at {self.config.data_dir} ({error.strerror})"
            raise ConfigurationError(setting="data_dir", reason=reason) from error

    async def _migrate(self) -> None:
        if self.database.dialect == "sqlite":
            await db.migrate(self.database)
        elif missing := await db.pending():
            raise ConfigurationError(
                setting="database_url",
                reason=f"its tables lack {', '.join(missing)}: run `fettle migrate` first",
            )

    async def _hold_key(self) -> bytes:
        """Return the node key, made at the first start; a used database without its key is lost."""
        if not await HubSettings.exists():
            await asyncio.to_thread(self.config.create_missing_key)
        return await asyncio.to_thread(self.config.secret_key)

    def _mailer(self) -> SmtpMailer | None:
        config = self.config
        if config.smtp_host is None or config.smtp_from is None:
            return None
        mail_server = MailServer(
            host=config.smtp_host, port=config.smtp_port, encryption=config.smtp_tls,
            username=config.smtp_username, password=config.mail_password,
        )  # fmt: skip
        return SmtpMailer(mail_server, sender=config.smtp_from, clock=self._outside.clock)

    async def _build(self, stack: AsyncExitStack) -> House:
        config, outside = self.config, self._outside
        fetcher = Fetcher(self._client(), clock=outside.clock, signer=self._signer)
        return House(
            address=config.address,
            development=config.development,
            clock=outside.clock,
            random=outside.random,
            vault=Vault(await self._hold_key()),
            fetcher=await stack.enter_async_context(fetcher),
            courier=await stack.enter_async_context(Courier(self._client(), clock=outside.clock)),
            mailer=self._mailer(),
            store=await asyncio.to_thread(open_store, config.media_url),
            picture_cache_limit=int(config.media_cache_limit),
            picture_limit=int(config.picture_limit),
            fewest_people=config.fewest_people,
            ring=self.bell.ring,
            changed=self.bell.changed,
            hooks=Hooks(),
        )

    def _client(self) -> Client:
        config = self.config
        policy = AddressPolicy(
            allow_http=config.development,
            allow_loopback=config.development,
            networks=tuple(config.allowed_private_networks),
        )
        contact = f"; +{config.address}/about"
        return Client(
            policy=policy, user_agent=f"Fettle/{VERSION} (+{config.address}{contact})",
            resolver=self._outside.resolver, tls=self._outside.tls,
        )  # fmt: skip

    async def _signer(self) -> SigningKey | None:
        if self._node_actor is None:
            actor = await actors.at_path("/actor", house=self.house)
            self._node_actor = actor.id if actor else None
        if self._node_actor is None:
            return None
        return await self._ring.key(self._node_actor, house=self.house)

    async def _furnish(self) -> None:
        """Register every feature with those below it, and make the app."""
        house = self.house
        self.registry, self.listeners = jobs.Registry(), Listeners()
        features.register_hooks(house, self.listeners)
        self._register_jobs()
        await hub.ensure_node_actor(house=house)
        self.face = HubFace(house)
        await self.face.refresh()
        mark = f"{os.getpid()}:{house.random.getrandbits(64):x}"
        self.lanes = LaneWorker(
            house, self._ring, name=mark, bell=self.bell, beside=synchronising.Beside(house)
        )
        self.worker = jobs.Worker(self.registry, house, bell=self.bell)
        settings = WebSettings(
            trusted_proxies=tuple(self.config.trusted_proxies), secure=self.config.secure_mode
        )
        self.app = make_app(
            house, routes=ROUTES, face=self.face, visitors=people.Visitors(house),
            settings=settings,
        )  # fmt: skip
        self._remember()
        self.app[people_pages.POST_LINKS] = posts.links
        self.app[keys.METRICS].figure(
            "fettle_reports_waiting", "Reports that wait for a steward.", safety.waiting_reports
        )
        self.app[keys.CHECKS].update(database=self._check_database, work=self._check_work)
        self.door = Door(self.app)
        figures = partial(delivery.counts, house=house)
        self.app[keys.METRICS].figures(figures, gauges=delivery.GAUGES)

    def _remember(self) -> None:
        """Make what is held in memory, and have it forgotten when any process says it changed."""
        house = self.house
        directory, blocks = Directory(house), Blocks(house)
        self.app.middlewares.append(asking(directory, blocks))
        self.app[actor_pages.DOCUMENTS] = Documents(house)
        self.app[inbox_pages.DIRECTORY] = directory
        self.app[inbox_pages.INTAKE] = inbox.Intake(house, self._recent)
        self.app[inbox_pages.BLOCKS] = blocks
        self.app[inbox_pages.BACKLOG] = Backlog(house)
        self.app[inbox_pages.ROOM] = Room()
        self.app[inbox_pages.HEARD] = synchronising.Ear(house).hear
        self.bell.on_change(actors.PUBLIC_KEYS, directory.forget)
        self.bell.on_change(actors.PRIVATE_KEYS, self._ring.forget)
        self.bell.on_change(BLOCKS, blocks.forget)
        self.bell.on_change(hub.FACE, self.face.forget)

    def _register_jobs(self) -> None:
        features.register_jobs(self.registry, self.listeners)
        self.registry.on(inbox.JOB, self._process, tries=inbox.TRIES, ended=inbox.processed)
        self.registry.on(SWEEP, self._sweep)
        self.registry.every(SWEEP, timedelta(hours=1))

    async def _process(self, payload: JsonObject, house: House) -> None:
        await inbox.process(payload, listeners=self.listeners, recent=self._recent, house=house)

    async def _sweep(self, _: JsonObject, house: House) -> None:
        for room in features.SWEPT:
            await room.sweep(house=house)

    async def _check_database(self) -> str | None:
        try:
            await db.rows("SELECT 1 AS one")
        except db.FAILURES as error:
            return f"the database does not answer ({type(error).__name__})"
        return None

    async def _check_work(self) -> str | None:
        return "the work has stopped" if any(task.done() for task in self._workers) else None

    async def run_due(self) -> int:
        """Do what is due by the house's clock, once: jobs, then deliveries. Return how many."""
        return await self.worker.run_due() + await self.lanes.run_due()

    def work(self) -> None:
        """Begin to work on jobs and deliveries, until the node is left."""
        self._hear()
        self._workers = {
            self._begin(self.worker.run_for_ever()),
            self._begin(self.lanes.run_for_ever()),
        }

    def _hear(self) -> None:
        """Begin to hear what other processes write."""
        if not self._hears:
            self._hears = True
            self._begin(self.bell.listen())
            self._begin(self.face.keep_fresh())

    def _begin(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(self._told)
        return task

    async def serve(self, *, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen, and return the port (of use where 0 was asked for). Ends when the node is
        left.
        """
        self._hear()
        return await self.door.open(host=host, port=port, tls=tls)

    async def drain(self) -> None:
        """Say that this process is about to end, where a proxy asks, and go on for as long as the
        settings give it to look elsewhere. Then leave the node.
        """
        self.door.announce_closing()
        await asyncio.sleep(self.config.drain_seconds)

    def _told(self, task: asyncio.Task[None]) -> None:
        """Say so where work that goes on for ever broke: nothing else would notice."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.broken = True
            frames = walk_tb(error.__traceback__)
            where = [f"{frame.f_code.co_filename}:{line}" for frame, line in frames]
            log.error("node.work_broke", error=type(error).__name__, where=where)
            self.when_broken()
