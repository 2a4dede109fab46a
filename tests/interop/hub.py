"""A hub: the real `fettle` command in its own processes, spoken to by HTTP and by commands."""

import asyncio
import json
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import aiohttp

from tests.interop.processes import Certificate, bare_environment, free_port, running

FETTLE = Path(sys.executable).parent / "fettle"
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
ACTIVITY = {"Accept": "application/activity+json"}
STEWARD = "ada"
PASSWORD = token_urlsafe()
"""The steward's, of each hub of a run."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Hub:
    """A running hub in development mode, with one steward, `ada`."""

    address: str
    folder: Path
    environment: Mapping[str, str]
    trust: ssl.SSLContext | None = None

    @property
    def host(self) -> str:
        """Return the authority of its address."""
        return self.address.partition("://")[2]

    @property
    def handle(self) -> str:
        """Return the handle of the hub's own actor."""
        return f"@hub@{self.host}"

    async def command(self, *words: str) -> Any:
        """Run `fettle <words> --json` beside the server and return what it printed."""
        status, printed = await self.run(*words)
        assert status == 0, f"fettle {' '.join(words)}: {printed}"
        return json.loads(printed)

    async def known(self, uri: str) -> Json | None:
        """Return a post as the hub knows it, None where it does not."""
        status, printed = await self.run("show", uri)
        told: Json = json.loads(printed)
        return told if status == 0 else None

    async def run(self, *words: str, given: str = "", **settings: str) -> tuple[int, str]:
        """Run a command with `--json`; return its exit status and what it printed.

        `given` is its standard input, `settings` change the environment for this once.
        """
        process = await asyncio.create_subprocess_exec(
            FETTLE,
            *words,
            "--json",
            cwd=self.folder,
            env={**self.environment, **settings},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await process.communicate(given.encode())
        return await process.wait(), printed.decode()

    async def page(self, path: str) -> str:
        """Return a page, as a browser gets it."""
        async with (
            self._session() as session,
            session.get(self.absolute(path)) as answer,
        ):
            assert answer.status == 200, f"{path}: {answer.status}"
            return await answer.text()

    async def document(self, path: str) -> Json:
        """Return an ActivityPub document of the hub's."""
        async with (
            self._session() as session,
            session.get(self.absolute(path), headers=ACTIVITY) as answer,
        ):
            assert answer.status == 200, f"{path}: {answer.status}"
            found: Json = await answer.json(content_type="application/activity+json")
            return found

    async def actor(self, handle: str | None = None) -> Json:
        """Return an actor of the hub's, found as others find it: by WebFinger."""
        name = (handle or self.handle).lstrip("@")
        async with (
            self._session() as session,
            session.get(
                self.absolute("/.well-known/webfinger"), params={"resource": f"acct:{name}"}
            ) as answer,
        ):
            assert answer.status == 200
            found = await answer.json(content_type="application/jrd+json")
        [uri] = [link["href"] for link in found["links"] if link["rel"] == "self"]
        return await self.document(uri)

    async def post(self, path: str, *, headers: Mapping[str, str], body: bytes) -> int:
        """Post bytes with exactly those headers and return the status of the answer."""
        async with (
            self._session() as session,
            session.post(self.absolute(path), headers=headers, data=body) as answer,
        ):
            return answer.status

    async def fill_in(self, path: str, fields: Mapping[str, str], *, form: str = "") -> str:
        """Fill in a form on a page as the steward; return the page that comes of it.

        `form` is a pattern of where it is sent, if not to the page itself.
        """
        async with self._session() as session:
            known = {"account": STEWARD, "password": PASSWORD}
            await self._send(session, "/sign-in", known)
            return await self._send(session, path, fields, form=form)

    async def _send(
        self, session: aiohttp.ClientSession, path: str, fields: Mapping[str, str], form: str = ""
    ) -> str:
        async with session.get(self.absolute(path)) as answer:
            page = await answer.text()
        [token, *_] = TOKEN.findall(page)
        found = re.search(form, page) if form else None
        given = aiohttp.FormData({"csrf": token, **fields})
        to = self.absolute(found[0] if found else path)
        async with session.post(to, data=given) as answer:
            page = await answer.text()
            assert answer.status == 200, f"{path}: {answer.status} {page}"
            return page

    def _session(self) -> aiohttp.ClientSession:
        trust = self.trust if self.trust is not None else True
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust))

    def absolute(self, path: str) -> str:
        """Return a path of this hub's as a URL; a URL stays as it is."""
        return path if "://" in path else f"{self.address}{path}"

    @property
    def hub_actor(self) -> str:
        """Return the URI of the hub's actor."""
        return f"{self.address}/hub"

    @property
    def steward(self) -> str:
        """Return the URI of the steward's actor."""
        return f"{self.address}/people/{STEWARD}"

    async def tell(self, title: str, text: str) -> str:
        """Publish a story by the command line, as the steward; return its id."""
        story = self.folder / "story.md"
        story.write_text(f"# {title}\n\n{text}\n")
        told = await self.command("publish", str(story), "--as", STEWARD)
        uri: str = told["id"]
        return uri

    async def try_out(self, title: str, problem: str, idea: str) -> str:
        """Share an experiment by the command line, as the steward; return its id."""
        file = self.folder / "experiment.md"
        file.write_text(f"# {title}\n\n{problem}\n\n## What we are trying\n\n{idea}\n")
        told = await self.command("try", str(file), "--as", STEWARD, "--stage", "trying")
        uri: str = told["id"]
        return uri

    async def followers(self) -> list[str]:
        """Return the URIs of the hub's followers."""
        listed = await self.command("followers")
        return [follower["actor"] for follower in listed["followers"]]


def set_up(name: str, *, folder: Path, environment: Mapping[str, str]) -> None:
    """Set up a hub by the command line."""
    words = ["setup", "--name", name, "--steward", STEWARD, "--password-stdin", "--json"]
    done = subprocess.run(  # noqa: S603 - our own command
        [FETTLE, *words],
        cwd=folder,
        env=dict(environment),
        input=PASSWORD,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running_hub(
    folder: Path, *, name: str = "A hub under test", certificate: Certificate | None = None
) -> Iterator[Hub]:
    """Set up a hub in an empty folder and serve it, by TLS if it has a certificate."""
    port = free_port()
    address = f"{'https' if certificate else 'http'}://localhost:{port}"
    settings = {
        "FETTLE_ADDRESS": address,
        "FETTLE_DEVELOPMENT": "true",
        "FETTLE_DATA_DIR": str(folder / "data"),
        "FETTLE_PORT": str(port),
    }
    if certificate:
        settings |= {
            "FETTLE_TLS_CERTIFICATE": str(certificate.chain),
            "FETTLE_TLS_KEY": str(certificate.key),
            "SSL_CERT_FILE": str(certificate.authority),
        }
    environment = bare_environment(folder, settings)
    set_up(name, folder=folder, environment=environment)
    ready = f"{address}/health/ready"
    trust = certificate.trust() if certificate else None
    serve = [str(FETTLE), "serve"]
    with running(serve, environment=environment, folder=folder, ready=ready, trust=trust):
        yield Hub(address, folder, environment, trust)
