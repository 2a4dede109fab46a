"""One signed POST to one inbox, and what became of it. Outcomes are values, nothing is raised.

Who retries, when and in which order is for the caller's lanes (federation.md §6).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Self

import aiohttp
from yarl import URL

from federation.connector import Client, start_of, target_of
from federation.errors import FetchError, ForbiddenAddressError, RefusedDocumentError
from federation.fetch import (
    MAX_REDIRECTS,
    PASSING_STATUSES,
    REDIRECTS,
    SchemeMemory,
    other_scheme,
    redirected,
    retry_after,
)
from federation.keys import SigningKey
from federation.ports import Clock
from federation.signatures import Message, Scheme, content_digest_value, digest_value, sign
from federation.signatures.threads import Signers

CONTENT_TYPE = "application/activity+json"
POST_REDIRECTS = frozenset({307, 308})
"""The redirects that keep the method and the body."""
KNOCK_AGAIN = frozenset({400, 401, 403})
REASON_LENGTH = 200
DIGESTS_KEPT = 32
Headers = Mapping[str, str]
NO_HEADERS: Headers = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Delivered:
    """The inbox took it (2xx)."""

    status: int


@dataclass(frozen=True, slots=True)
class Retry:
    """It may work later: 408, 425, 429, 5xx, a time-out, no connection, no such name."""

    reason: str
    after: timedelta | None = None
    """How long the host asked us to wait (`Retry-After`), at most a day."""
    status: int | None = None
    """What was answered; None where nothing was."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """It was turned away for good."""

    status: int | None
    """What was answered; None where the inbox's address is not one that may be asked."""
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such inbox (404 or 410)."""

    status: int


Outcome = Delivered | Retry | Rejected | Gone


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    text: bytes
    onwards: URL | None = None


class Courier:
    """Brings activities to inboxes elsewhere. One for the node; `async with`, or `aclose`."""

    def __init__(self, client: Client, *, clock: Clock) -> None:
        """Send through `client`, which becomes the courier's own (the fetcher has another)."""
        self._client = client
        self._clock = clock
        self._schemes = SchemeMemory(clock)
        self._signers = Signers()

    async def deliver(
        self, inbox: str, body: bytes, key: SigningKey, *, also: Headers = NO_HEADERS
    ) -> Outcome:
        """POST `body`, the exact bytes of an activity, to `inbox`, signed with `key`, with the
        header fields `also`, which are signed too.

        Turned away with 400, 401 or 403, it knocks once more with the other signature scheme, and
        remembers for a day which one the host took. Follows 307 and 308, at most 3, each checked
        and signed anew; more, or a circle, is a web server set up wrongly, which somebody will
        mend. Takes at most the client's total time-out.
        """
        try:
            self._client.policy.check_url(inbox)
        except ForbiddenAddressError as error:
            return Rejected(None, str(error))
        try:
            async with asyncio.timeout(self._client.timeouts.total):
                return await self._redelivered(target_of(inbox), body, key, also)
        except TimeoutError:
            return Retry("it took too long")
        except RefusedDocumentError as error:
            return Rejected(None, str(error))
        except FetchError as error:
            return Retry(str(error.facts["reason"]))

    async def aclose(self) -> None:
        """Let go of every connection and thread."""
        await self._client.aclose()
        self._signers.close()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go of every connection and thread."""
        await self.aclose()

    async def _redelivered(
        self, target: URL, body: bytes, key: SigningKey, also: Headers
    ) -> Outcome:
        """Deliver, following what keeps the method; a redirect of another kind may pass."""
        seen: set[URL] = set()
        while True:
            seen.add(target)
            reply = await self._knocked(target, body, key, also)
            if reply.onwards is None:
                return self._outcome(reply)
            target = reply.onwards
            if target in seen:
                return Retry("its redirects go in a circle", None, reply.status)
            if len(seen) > MAX_REDIRECTS:
                reason = f"it redirects more than {MAX_REDIRECTS} times"
                return Retry(reason, None, reply.status)
            try:
                self._client.policy.check_url(str(target))
            except ForbiddenAddressError as error:
                return Rejected(reply.status, str(error))

    async def _knocked(self, target: URL, body: bytes, key: SigningKey, also: Headers) -> _Reply:
        """Post, and once more with the other scheme where the first is turned away."""
        scheme = self._schemes.first_for(target)
        first = await self._posted(target, body, key, scheme, also)
        if first.status not in KNOCK_AGAIN:
            return first
        second = await self._posted(target, body, key, other_scheme(scheme), also)
        if second.status < 400:
            self._schemes.worked(target, other_scheme(scheme))
        if second.status in KNOCK_AGAIN and first.status != 401:
            return first  # 401 mostly says "I don't read this scheme": the other answer tells more
        return second

    async def _posted(
        self, target: URL, body: bytes, key: SigningKey, scheme: Scheme, also: Headers
    ) -> _Reply:
        message = Message("POST", str(target), (*_digests(body), *also.items()), body)
        names = tuple(name.lower() for name in also)
        signed = partial(sign, message, key, scheme=scheme, now=self._clock.now(), also=names)
        headers = await self._signers.sign(signed)
        response = await self._client.send(
            "POST", target, headers={"Content-Type": CONTENT_TYPE, **also, **headers}, body=body
        )
        return await _taken_in(target, response)

    def _outcome(self, reply: _Reply) -> Outcome:
        status = reply.status
        if 200 <= status < 300:
            return Delivered(status)
        if status in {404, 410}:
            return Gone(status)
        if 400 <= status < 500 and status not in PASSING_STATUSES:
            return Rejected(status, _reason(reply))
        after = retry_after(reply.headers, now=self._clock.now())
        return Retry(_reason(reply), after, status)


@lru_cache(maxsize=DIGESTS_KEPT)
def _digests(body: bytes) -> tuple[tuple[str, str], ...]:
    """Digest a body once, though it goes to hundreds of hosts."""
    return (("Digest", digest_value(body)), ("Content-Digest", content_digest_value(body)))


async def _taken_in(target: URL, response: aiohttp.ClientResponse) -> _Reply:
    """Keep what an outcome needs. Raises `RefusedDocumentError` for a bad redirect."""
    if 200 <= response.status < 300 and response.content.at_eof():
        response.release()
        return _Reply(response.status, response.headers, b"")
    text = await start_of(response)
    onwards = redirected(target, response) if response.status in POST_REDIRECTS else None
    return _Reply(response.status, response.headers, text, onwards)


def _reason(reply: _Reply) -> str:
    """Say in one line what was answered: nothing in it can break a log or a page."""
    if reply.status in REDIRECTS:
        return f"it answered {reply.status}, a redirect that is not followed"
    said = " ".join(reply.text.decode("utf-8", "replace").split())
    plain = "".join(letter if letter.isprintable() else " " for letter in said)[:REASON_LENGTH]
    return f"it answered {reply.status}: {plain}" if plain else f"it answered {reply.status}"
