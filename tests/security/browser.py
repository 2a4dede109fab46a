"""Somebody at a browser without JavaScript: keeps cookies, fills in forms, over real TLS."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import BinaryIO

import aiohttp
from multidict import CIMultiDictProxy

from tests.support.live import PASSWORD
from tests.support.network import Network

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer as it came."""

    status: int
    text: str
    headers: CIMultiDictProxy[str]

    @property
    def token(self) -> str:
        """What its first form proves itself with."""
        found = TOKEN.search(self.text)
        assert found is not None, self.text
        return found[1]

    @property
    def cookies(self) -> SimpleCookie:
        """The cookies that it sets."""
        jar = SimpleCookie()
        for line in self.headers.getall("Set-Cookie", []):
            jar.load(line)
        return jar


class Browser:
    """One person's browser. Redirects are not followed, so that each answer can be looked at."""

    def __init__(self, network: Network, origin: str) -> None:
        self.origin = origin
        connector = aiohttp.TCPConnector(resolver=network.resolver, ssl=network.trust)
        self.session = aiohttp.ClientSession(connector=connector)

    async def close(self) -> None:
        await self.session.close()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Fields | None = None,
        data: Fields | aiohttp.FormData | bytes | BinaryIO | None = None,
    ) -> Seen:
        """Send any request."""
        async with self.session.request(
            method, self.origin + path, headers=headers, data=data, allow_redirects=False
        ) as answer:
            return Seen(answer.status, await answer.text(errors="replace"), answer.headers)

    async def get(self, path: str, **headers: str) -> Seen:
        """Open a page."""
        return await self.ask("GET", path, headers={"Accept": "text/html", **headers})

    async def post(self, path: str, fields: Fields | None = None, **headers: str) -> Seen:
        """Send a form as it is: the token is the caller's to bring along."""
        return await self.ask("POST", path, data=fields or {}, headers=headers)

    async def send(self, path: str, fields: Fields | None = None, *, page: str = "") -> Seen:
        """Fill in the form on a page (that of `path`, or another one) and send it."""
        form = await self.get(page or path)
        return await self.post(path, {"csrf": form.token, **(fields or {})})

    async def sign_in(self, name: str = "ida", password: str = PASSWORD) -> Seen:
        """Sign in."""
        return await self.send("/sign-in", {"account": name, "password": password})

    @property
    def session_cookie(self) -> str | None:
        """The value of the session cookie."""
        cookies = {one.key: one.value for one in self.session.cookie_jar}
        return next((cookies[key] for key in cookies if key.endswith("-session")), None)
