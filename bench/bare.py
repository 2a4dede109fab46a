"""The least that the work can cost: `python -m bench.bare`, which does what the hub does at its
edges with the same libraries, and has no rule, no page and no hub.

What a machine can do differs by three times from the next; how far we are above this does not.
"""

import asyncio
import base64
import hashlib
import re
import sqlite3
import ssl
import time
from contextlib import AsyncExitStack
from email.utils import formatdate
from pathlib import Path

import aiohttp
import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bench.hub import LOOPBACK, OnePort
from bench.lines import answer_lines
from bench.wire import CONTENT_TYPE
from federation.keys import generate_rsa
from server.cli.app import run_to_end

AT_ONCE = 64
GATHERED = 50
"""Activities that are committed together at most."""
BODY = orjson.dumps({"type": "Create", "content": "x" * 3_000})
SIGNATURE = re.compile(r'keyId="(?P<key>[^"]+)".*signature="(?P<signature>[^"]+)"')
TABLES = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE received (id INTEGER PRIMARY KEY, uri TEXT UNIQUE, body BLOB);
CREATE TABLE jobs (id INTEGER PRIMARY KEY, payload TEXT, due INTEGER);
CREATE INDEX jobs_due ON jobs (due);
"""


class Bare:
    """A server and a client with nothing around them: each public method is one thing."""

    def __init__(self, stack: AsyncExitStack) -> None:
        """Start with nothing; what is opened ends with `stack`."""
        self._stack = stack
        self._keys: dict[str, RSAPublicKey] = {}
        self._waiting: list[tuple[str, bytes, asyncio.Future[None]]] = []
        self._committing: asyncio.Task[None] | None = None
        self._signs: RSAPrivateKey = generate_rsa()
        self._rows: sqlite3.Connection
        self._client: aiohttp.ClientSession

    async def start(self, *, folder: str, peers: int, authority: str) -> int:
        """Listen, and return the port; `peers` is the port of everybody else."""
        self._rows = await asyncio.to_thread(_database, Path(folder) / "bare.db")
        trust = await asyncio.to_thread(ssl.create_default_context, cadata=authority)
        connector = aiohttp.TCPConnector(
            limit=0, ssl=trust, resolver=OnePort(peers), keepalive_timeout=120
        )
        self._client = await self._stack.enter_async_context(
            aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        )
        runner = web.ServerRunner(web.Server(self._answer, access_log=None))
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, LOOPBACK, 0).start()
        return int(runner.addresses[0][1])

    async def cpu(self) -> float:
        """Return the CPU seconds used so far."""
        return time.process_time()

    async def meet(self, *, pems: dict[str, str]) -> None:
        """Know these public keys, by their ids."""
        for name, pem in pems.items():
            key = load_pem_public_key(pem.encode())
            if isinstance(key, RSAPublicKey):
                self._keys[name] = key

    async def deliver(self, *, hosts: list[str]) -> int:
        """Sign and send one body to each host; return how many took it."""
        digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
        waiting, took = iter(hosts), 0

        async def send() -> None:
            nonlocal took
            for host in waiting:
                headers = await self._signed(host, digest)
                async with self._client.post(
                    f"https://{host}/inbox", data=BODY, headers=headers
                ) as answer:
                    await answer.read()
                    took += answer.status == 202

        await asyncio.gather(*(send() for _ in range(AT_ONCE)))
        return took

    async def _signed(self, host: str, digest: str) -> dict[str, str]:
        date = formatdate(usegmt=True)
        lines = f"(request-target): post /inbox\nhost: {host}\ndate: {date}\ndigest: {digest}"
        made = await asyncio.to_thread(self._signs.sign, lines.encode(), PKCS1v15(), SHA256())
        signature = f'keyId="k",signature="{base64.b64encode(made).decode()}"'
        return {
            "Date": date, "Digest": digest, "Signature": signature, "Content-Type": CONTENT_TYPE
        }  # fmt: skip

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if request.method == "GET":
            return web.Response(body=BODY, content_type=CONTENT_TYPE)
        body = await request.read()
        self._verify(request, body)
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((orjson.loads(body)["id"], body, stored))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        await stored
        return web.Response(status=202)

    def _verify(self, request: web.BaseRequest, body: bytes) -> None:
        headers = request.headers
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        found = SIGNATURE.search(headers["Signature"])
        if found is None or not headers["Digest"].endswith(digest):
            raise web.HTTPUnauthorized
        target = f"(request-target): post {request.path}"
        covered = [f"{name}: {headers[name]}" for name in ("host", "date", "digest")]
        key, signature = self._keys[found["key"]], base64.b64decode(found["signature"])
        key.verify(signature, "\n".join([target, *covered]).encode(), PKCS1v15(), SHA256())

    async def _commit(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:GATHERED], self._waiting[GATHERED:]
            await asyncio.to_thread(self._insert, [(uri, body) for uri, body, _ in batch])
            for _, _, stored in batch:
                stored.set_result(None)
        self._committing = None

    def _insert(self, batch: list[tuple[str, bytes]]) -> None:
        with self._rows:
            self._rows.executemany("INSERT INTO received (uri, body) VALUES (?, ?)", batch)
            jobs = [(uri, 0) for uri, _ in batch]
            self._rows.executemany("INSERT INTO jobs (payload, due) VALUES (?, ?)", jobs)


def _database(path: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(path, check_same_thread=False)
    rows.executescript(TABLES)
    return rows


async def main() -> None:
    """Do what standard input asks, line by line, until it ends."""
    async with AsyncExitStack() as stack:
        await answer_lines(Bare(stack))


if __name__ == "__main__":
    run_to_end(main())
