"""Whoever subscribes: one hub of real processes, as `docs/install.md` has them run. On PostgreSQL
one serves and so many work; on SQLite one does it all.
"""

import asyncio
import os
import resource
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

import aiohttp
import orjson

from bench.command import cpu_of
from bench.outside import LOOPBACK, Request, WrongAnswerError
from tests.interop.processes import free_port
from tests.support.cluster import ALONE, ROOT, Cluster
from tests.support.engines import Postgres
from tests.support.loopback import Loopback

Engine = Literal["sqlite", "postgresql"]
ENGINES: tuple[Engine, ...] = ("sqlite", "postgresql")
ADDRESS = "https://team.test"
AS_SHIPPED = {"listen_addresses": LOOPBACK, "unix_socket_directories": ""}
"""PostgreSQL's own settings for all else: what was committed is on the disk."""
CONNECTIONS = 64
"""Between the proxy that is played and the process that serves."""
COMMANDS, DATABASE = "commands", "the database"
"""Beside the processes, who spends CPU."""
BUSY = frozenset({0, 429, 503})
"""What somebody is answered who should come again; 0 is no answer."""
LAST_WORDS = 2_000
SOON = 1.0
"""Seconds until somebody comes again who was turned away without a word about when."""


class EndedError(Exception):
    """A process of the subscriber ended: which, its status, and its last words."""


class Way:
    """The way to the subscriber, as its proxy would have it: kept connections, its name, whoever
    comes, and TLS ended before it.
    """

    def __init__(self) -> None:
        """Lead nowhere yet."""
        self.answers = Counter[int]()
        """What was answered, by status; 0 where nothing was."""
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def to(self, port: int) -> AsyncIterator[None]:
        """Lead to a port of this machine."""
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(
            f"http://{LOOPBACK}:{port}", connector=connector, cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Host": ADDRESS.partition("://")[2]}, timeout=aiohttp.ClientTimeout(None),
        ) as self._session:  # fmt: skip
            yield

    async def bring(self, request: Request) -> None:
        """Bring a delivery, again and again where it is asked to come later or not answered.
        Raises WrongAnswerError where it is refused.
        """
        while True:
            try:
                status, wait = await self._bring(request)
            except aiohttp.ClientConnectionError:
                status, wait = 0, SOON
            self.answers[status] += 1
            if status == 202:
                return
            if status not in BUSY:
                raise WrongAnswerError(self.answers)
            await asyncio.sleep(wait)

    async def _bring(self, request: Request) -> tuple[int, float]:
        if self._session is None:
            raise WrongAnswerError
        async with self._session.request(
            request.method, request.path, headers=request.headers, data=request.body
        ) as answer:
            return answer.status, float(answer.headers.get("Retry-After", SOON))


class Team(Cluster):
    """The subscriber's processes at `https://team.test`, where every name is on this machine."""

    program = (sys.executable, "-m", "bench.network.command")

    def __init__(self, folder: Path, network: Loopback, names: Sequence[str], url: str) -> None:
        """Take how many processes there will be, and their database's address."""
        super().__init__(folder, url, network)
        self.address, self.names = ADDRESS, names
        self.ports = {name: free_port() for name in names}
        self.server: Postgres | None = None

    def environment(self, name: str = "") -> dict[str, str]:
        """Return what a process sees; one that ends soon is named after none."""
        further = {"FETTLE_TRUSTED_PROXIES": "127.0.0.0/8", "PYTHONPATH": str(ROOT)}
        return super().environment(name or self.names[0]) | further

    async def begin(self) -> None:
        """Make the tables and the hub, and start every process."""
        if self.server is not None:
            await self.run("migrate")
        await self.set_up()
        await asyncio.gather(*(self.start(name) for name in self.names))

    def check(self) -> None:
        """Raise EndedError where a process has ended."""
        for name, process in self.processes.items():
            if process.returncode is not None:
                said = (self.folder / f"{name}.log").read_text()
                raise EndedError(name, process.returncode, said[-LAST_WORDS:])

    async def subscribe(self, handles: Sequence[str]) -> Counter[str]:
        """Follow all of them as a steward would, by a list in a file; return how many are in which
        state, once each was asked.
        """
        path = self.folder / "hubs.txt"
        await asyncio.to_thread(path.write_text, "\n".join(handles))
        said = orjson.loads(await self.run("subscribe", "--file", str(path), "--json"))
        return Counter(one["state"] for one in said["entries"])

    def spent(self) -> dict[str, float]:
        """Return the CPU seconds that were spent so far, by the name of each process, by commands
        that have ended, and by the database where that is not in the hub's process.
        """
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = {name: cpu_of(process.pid) for name, process in self.processes.items()}
        found[COMMANDS] = ended.ru_utime + ended.ru_stime
        if self.server is not None:
            found[DATABASE] = _family(self.server.pid)
        return found


def _family(pid: int) -> float:
    """Return the CPU seconds of a process and its children, those that have ended too."""
    ended = sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[13:15]))
    seconds = ended / os.sysconf("SC_CLK_TCK") + cpu_of(pid)
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(OSError):  # it may have ended meanwhile
            seconds += cpu_of(int(child))
    return seconds


@asynccontextmanager
async def team(folder: Path, engine: Engine, workers: int) -> AsyncIterator[Team]:
    """Bring up a hub that has just been set up, with a database of its own; nothing of them is left
    afterwards.
    """
    works = [f"worker-{number}" for number in range(1, workers + 1)]
    network, server = Loopback(folder), Postgres(folder, AS_SHIPPED)
    names, url = [ALONE], f"sqlite://{folder / 'team.db'}"
    async with AsyncExitStack() as stack:
        stack.push_async_callback(network.close)
        if engine == "postgresql":
            stack.callback(server.stop)
            await asyncio.to_thread(server.start)
            await asyncio.to_thread(server.run, "CREATE DATABASE team")
            names, url = ["web-1", *works], server.url("team")
        found = Team(folder, network, names, url)
        found.server = server if engine == "postgresql" else None
        stack.push_async_callback(found.close)
        await found.begin()
        yield found
