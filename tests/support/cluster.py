"""A hub as `docker-compose.yml` runs it, without Docker: PostgreSQL, two web processes, two workers
and, in front of them, the same proxy with the same configuration.

async with cluster_of(folder, url, network) as cluster:
    await cluster.kill("web-1")
    await cluster.start("web-1")
"""

import asyncio
import json
import re
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
from compose_spec import PyCompose

from tests.interop.processes import bare_environment, free_port
from tests.support.loopback import Loopback

ROOT = Path(__file__).parents[2]
FETTLE = Path(sys.executable).parent / "fettle"
PASSWORD = "five brown moths at noon"  # noqa: S105 - of an account that lives for one test
KEY = "a2V5" * 16
NAMES = ("web-1", "web-2", "worker-1", "worker-2")
ALONE = "all"
"""One process that does it all, in place of the four."""
PATIENCE = 60.0
"""Seconds that a process may take to start on a busy machine."""
LEASES = {"lanes": ("lease_until_ms", 90_000), "jobs": ("due_ms", 60_000)}
"""Where leases are, and how long they last."""
NO_PROXY = "The cluster is tested behind Debian's caddy: sudo apt-get install caddy."


class NotStartedError(Exception):
    """A process of the cluster did not start; these were its last words."""


class Cluster:
    """The processes of one hub at `https://localhost:{port}`."""

    program: Sequence[Path | str] = (FETTLE,)
    """What runs a command."""

    def __init__(self, folder: Path, database_url: str, network: Loopback) -> None:
        self.folder, self.database_url, self.network = folder, database_url, network
        self.port = free_port()
        self.address = f"https://localhost:{self.port}"
        self.processes: dict[str, Process] = {}
        self.ports = {name: free_port() for name in (*NAMES, ALONE)}

    def environment(self, name: str = "web-1") -> dict[str, str]:
        """Return what a process of the cluster sees."""
        settings = {
            "FETTLE_ADDRESS": self.address,
            "FETTLE_DATABASE_URL": self.database_url,
            "FETTLE_DATA_DIR": str(self.folder / "data"),
            "FETTLE_NODE_KEY": KEY,
            "FETTLE_PORT": str(self.ports[name]),
            "FETTLE_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8,::1/128",
            "SSL_CERT_FILE": str(self.network.authority),
        }
        return bare_environment(self.folder, settings)

    async def set_up(self) -> None:
        """Make a hub with ida as its steward."""
        words = ["setup", "--name", "A hub of many", "--steward", "ida", "--password-stdin"]
        await self.run(*words, said=PASSWORD)

    async def run(self, *words: str, said: str = "") -> str:
        """Run a command to its end, and return what it said. Raises NotStartedError where it
        fails.
        """
        process = await asyncio.create_subprocess_exec(
            *self.program, *words, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=self.environment(),
            cwd=self.folder,
        )  # fmt: skip
        try:
            out, err = await process.communicate(said.encode())
        finally:
            if process.returncode is None:  # whoever waited for it does no longer
                process.kill()
                await process.wait()
        if process.returncode:
            raise NotStartedError(out.decode() + err.decode())
        return out.decode()

    async def start(self, name: str) -> None:
        """Start a process, and return once it is at work."""
        words = ["serve"] if name == ALONE else ["serve", "--no-worker"]
        if name.startswith("worker"):
            words = ["worker", "--health-port", str(self.ports[name])]
        with (self.folder / f"{name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *self.program, *words, "--json", stdout=PIPE, stderr=log,
                env=self.environment(name), cwd=self.folder,
            )  # fmt: skip
        self.processes[name] = process
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await process.stdout.readline()
        if not line or json.loads(line).get("address") != self.address:
            raise NotStartedError((self.folder / f"{name}.log").read_text())

    async def kill(self, name: str) -> None:
        """End a process at once, as when the power goes; then let so much time go by, for what it
        held, as a lease lasts.
        """
        process = self.processes.pop(name)
        process.kill()
        await process.wait()
        connection = await asyncpg.connect(self.database_url)
        try:
            for table, (column, lasts) in LEASES.items():
                await connection.execute(
                    f"UPDATE {table} SET {column} = {column} - {lasts}"  # noqa: S608 - our names
                    " WHERE leased_by LIKE $1 OR leased_by LIKE $2",
                    f"{process.pid}:%", f"%:{process.pid}:%",
                )  # fmt: skip
        finally:
            await connection.close()

    async def stop(self, name: str) -> int:
        """Ask a process to end, and return its status."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        return await process.wait()

    def memory(self) -> dict[str, float]:
        """Return how much each process holds, in MiB."""
        found = {}
        for name, process in self.processes.items():
            with suppress(OSError):
                status = Path(f"/proc/{process.pid}/status").read_text()
                found[name] = int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
        return found

    async def start_proxy(self) -> None:
        """Start the proxy, with what the compose file configures it."""
        path = self.folder / "Caddyfile"
        path.write_text(caddyfile(self.port, self.ports, self.network))
        with (self.folder / "proxy.log").open("ab") as log:
            self.processes["proxy"] = await asyncio.create_subprocess_exec(
                caddy(), "run", "--config", path, "--adapter", "caddyfile", stdout=DEVNULL,
                stderr=log, env=bare_environment(self.folder, {"HUB_HOST": self.address}),
            )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    return
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Leave no process behind."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            process._transport.close()  # type: ignore[attr-defined]


def caddy() -> str:
    """Return where Caddy is. Raises NotStartedError, which says what to install."""
    found = shutil.which("caddy")
    if found is None:
        raise NotStartedError(NO_PROXY)
    return found


def inlined(compose: str) -> str:
    """Return Caddy's configuration as it stands in a compose file."""
    found = PyCompose.from_yaml(compose).to_dict()["configs"]["caddyfile"]["content"]
    return str(found).replace("$$", "$")


def caddyfile(port: int, ports: Mapping[str, int], network: Loopback) -> str:
    """Return the configuration in the compose file, for this machine: other upstreams, no other
    port than ours, and a certificate that it need not ask for.
    """
    site = inlined((ROOT / "docker-compose.yml").read_text())
    for name in ("web-1", "web-2"):
        site = site.replace(f"{name}:8000", f"127.0.0.1:{ports[name]}")
    opening = "{$HUB_HOST} {\n"
    assert site.startswith(opening)
    tls = f"  tls {network.chain} {network.key}\n"
    head = f"{{\n  admin off\n  auto_https disable_redirects\n  https_port {port}\n}}\n"
    return head + opening + tls + site.removeprefix(opening)


@asynccontextmanager
async def cluster_of(folder: Path, database_url: str, network: Loopback) -> AsyncIterator[Cluster]:
    """Bring up all of it on a database that has its tables, and take it down."""
    cluster = Cluster(folder, database_url, network)
    try:
        await asyncio.gather(cluster.set_up(), cluster.start_proxy())
        await asyncio.gather(*(cluster.start(name) for name in NAMES))
        yield cluster
    finally:
        await cluster.close()
