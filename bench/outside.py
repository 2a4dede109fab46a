"""Everybody else: who asks the hub, and the hosts that it delivers to."""

import asyncio
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import trustme
from aiohttp import web

LOOPBACK = "127.0.0.1"
PEERS = "peers.test"
"""Everybody else lives below this name."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of many requests."""

    seconds: float
    statuses: Counter[int]
    latencies: Sequence[float]
    """Seconds, sorted."""

    def percentile(self, percent: float) -> float:
        """Return the latency that so many of a hundred requests did not exceed, in ms."""
        index = min(len(self.latencies) - 1, int(len(self.latencies) * percent / 100))
        return self.latencies[index] * 1000


class WrongAnswerError(Exception):
    """The hub answered otherwise than it should have; what was measured means nothing."""


async def fire(
    address: str, requests: Iterable[Request], *, at_once: int, expected: int
) -> Answers:
    """Send requests over `at_once` kept connections. Raises WrongAnswerError."""
    waiting, statuses, latencies = iter(requests), Counter[int](), list[float]()
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(
        address, connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:

        async def send() -> None:
            for one in waiting:
                began = time.perf_counter()
                async with session.request(
                    one.method, one.path, headers=one.headers, data=one.body
                ) as answer:
                    await answer.read()
                latencies.append(time.perf_counter() - began)
                statuses[answer.status] += 1

        began = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(at_once)))
        seconds = time.perf_counter() - began
    if set(statuses) != {expected}:
        raise WrongAnswerError(statuses)
    return Answers(seconds, statuses, sorted(latencies))


@dataclass(slots=True)
class Sink:
    """All the hosts below `peers.test`: they take what is sent to them and remember when."""

    port: int = 0
    authority: str = ""
    """The certificate (PEM) of whom to trust."""
    documents: dict[str, bytes] = field(default_factory=dict)
    """What can be read there, by its address."""
    _reached: set[str] = field(default_factory=set)
    _number: int = 0
    _everybody: "asyncio.Future[float] | None" = None

    def expect(self, number: int) -> "asyncio.Future[float]":
        """Forget who was reached; return what says when (by the loop's clock) so many are."""
        self._reached.clear()
        self._number = number
        self._everybody = asyncio.get_running_loop().create_future()
        return self._everybody

    async def take(self, request: web.BaseRequest) -> web.Response:
        """Take a delivery, or give what can be read."""
        if request.method == "GET":
            found = self.documents.get(f"https://{request.host}{request.path}")
            if found is None:
                return web.Response(status=404)
            return web.Response(body=found, content_type="application/activity+json")
        await request.read()
        self._reached.add(request.host)
        if self._everybody and len(self._reached) == self._number and not self._everybody.done():
            self._everybody.set_result(asyncio.get_running_loop().time())
        return web.Response(status=202)


def _certificates(authority: trustme.CA) -> Callable[[ssl.SSLObject, str | None, object], None]:
    """Return what gives a host outside `PEERS` a certificate of its own when it is called."""
    known: dict[str, ssl.SSLContext] = {}

    def choose(connection: ssl.SSLObject, name: str | None, _: object) -> None:
        if name is None or name.endswith(f".{PEERS}"):
            return
        if name not in known:
            known[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(name).configure_cert(known[name])
        connection.context = known[name]

    return choose


@asynccontextmanager
async def sink(actors: Sequence[Mapping[str, Any]] = ()) -> AsyncIterator[Sink]:
    """Listen with TLS, as whoever is called for; these actors can be read there."""
    documents = {one["id"]: orjson.dumps(one) for one in actors}
    found, authority = Sink(documents=documents), trustme.CA()
    async with listening(found.take, authority=authority) as found.port:
        found.authority = authority.cert_pem.bytes().decode()
        yield found


@asynccontextmanager
async def listening(
    take: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], *, authority: trustme.CA
) -> AsyncIterator[int]:
    """Listen with TLS, as whoever is called for, and have `take` answer; gives the port."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(f"*.{PEERS}").configure_cert(tls)
    tls.sni_callback = _certificates(authority)
    runner = web.ServerRunner(web.Server(take, access_log=None))
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, 0, ssl_context=tls, backlog=1024).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
