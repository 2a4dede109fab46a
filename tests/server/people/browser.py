"""Somebody at a browser without JavaScript: follows forms, keeps cookies."""

import re
from dataclasses import dataclass
from html import unescape

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True)
class Seen:
    """A page as it came."""

    status: int
    text: str
    path: str
    headers: dict[str, str]

    def has(self, words: str) -> bool:
        """Whether the words are on it, wherever its markup breaks them."""
        plain = unescape(re.sub(r"<[^>]+>", "", self.text))
        return " ".join(words.split()) in " ".join(plain.split())


class Browser:
    """One person's browser."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client

    async def open(self, path: str) -> Seen:
        """Open a page, wherever it leads."""
        async with self.client.get(path) as answer:
            return await _seen(answer)

    async def send(self, path: str, fields: dict[str, str], *, page: str | None = None) -> Seen:
        """Fill in the form on a page (that of `path`, or another one) and send it."""
        form = await self.open(page or path)
        found = TOKEN.search(form.text)
        token = {"csrf": found[1]} if found else {}
        async with self.client.post(path, data={**token, **fields}) as answer:
            return await _seen(answer)

    def session(self) -> str | None:
        """Return the value of the session cookie."""
        cookies = {it.key: it.value for it in self.client.session.cookie_jar}
        return next((cookies[key] for key in cookies if key.endswith("session")), None)


async def _seen(answer: ClientResponse) -> Seen:
    text = await answer.text()
    return Seen(answer.status, text, answer.url.path, dict(answer.headers))
