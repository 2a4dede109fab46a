"""The fetcher: bounded, signed, polite, and sure of what it brings."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Self
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

from federation import vocab
from federation.connector import AddressPolicy, Client, body_of, start_of, target_of
from federation.errors import (
    FetchError,
    GoneError,
    MalformedError,
    RefusedDocumentError,
    UnreachableError,
)
from federation.fetch.answers import (
    ACTIVITY,
    MAX_REDIRECTS,
    PASSING_STATUSES,
    PICTURES,
    REDIRECTS,
    UNCHANGED,
    Answer,
    is_acceptable,
    redirected,
    retry_after,
)
from federation.fetch.memory import Memory, SchemeMemory, other_scheme
from federation.keys import SigningKey
from federation.ports import Clock
from federation.signatures import Message, Scheme, sign
from federation.uris import same_origin
from federation.vocab import JsonObject

MEBIBYTE = 1024 * 1024
UNSIGNED_STATUSES = frozenset({401, 403})
FAILURES_KEPT = 10_000
FAILURE_LASTS = timedelta(minutes=10)
UNREACHABLE_LASTS = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

Signer = Callable[[], Awaitable[SigningKey | None]]
"""Gives the key that fetches are signed with, or None to ask unsigned."""

Failure = tuple[type[FetchError], Mapping[str, object]]
"""What is kept of an error: never the error itself, whose traceback would hold on to everything."""


class Fetcher:
    """Reads from other servers. One for the node; `async with`, or `aclose` at the end."""

    def __init__(self, client: Client, *, clock: Clock, signer: Signer | None = None) -> None:
        """Fetch through `client`, which becomes the fetcher's; sign with what `signer` gives."""
        self._client = client
        self._clock = clock
        self._signer = signer
        self._schemes = SchemeMemory(clock)
        self._failures: Memory[str, Failure] = Memory(clock=clock, bound=FAILURES_KEPT)
        self._pauses: Memory[str, datetime] = Memory(clock=clock, bound=FAILURES_KEPT)
        self._flying: dict[str, asyncio.Task[Answer]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def policy(self) -> AddressPolicy:
        """Which addresses may be reached."""
        return self._client.policy

    async def get(
        self,
        url: str,
        *,
        accept: str = ACTIVITY,
        limit: int = MEBIBYTE,
        signed: bool = True,
        fresh: bool = False,
        etag: str = "",
    ) -> Answer:
        """Fetch `url`: at most `limit` bytes, of one of the media types that `accept` names.

        With `etag` (RFC 9110 §13.1.2) the answer is a 304 without a body where what is there still
        bears it. Follows at most 3 redirects, each checked and signed anew, never from https to
        http. A URL that failed is not asked again for a while, unless `fresh`. Raises
        `FetchError`s.
        """
        if not fresh:
            self._refuse_what_failed(url)
        headers = {"Accept": accept} | ({"If-None-Match": etag} if etag else {})
        try:
            async with asyncio.timeout(self._client.timeouts.total):
                return await self._followed(url, headers, limit=limit, signed=signed)
        except TimeoutError:
            error: FetchError = UnreachableError(url=url, reason="it took too long")
            self._note(url, error)
            raise error from None
        except FetchError as failure:
            self._note(url, failure)
            raise

    async def json(
        self, url: str, *, accept: str = ACTIVITY, signed: bool = True, fresh: bool = False
    ) -> tuple[str, JsonObject]:
        """Fetch `url` and read it as a JSON object. Return it with where it was found.

        Whether it may speak for that address is for the caller to judge: `document` does.
        """
        answer = await self.get(url, accept=accept, signed=signed, fresh=fresh)
        return answer.url, self._read(url, answer)

    async def document(self, uri: str, *, fresh: bool = False) -> JsonObject:
        """Fetch the ActivityPub object `uri`; its `id` is the address it was found at.

        Where `uri` is another address of the same thing, the object is fetched once more at its
        id (security case 5); so the id returned may differ from `uri`, and is what counts. Many
        who ask for the same at once cause one request. Raises `FetchError`s.
        """
        flying = self._flying.get(uri)
        if flying is None or fresh:
            flying = asyncio.create_task(self._verified(uri, fresh=fresh))
            self._flying[uri] = flying
            flying.add_done_callback(lambda task: self._landed(uri, task))
        return self._read(uri, await asyncio.shield(flying))

    async def actor(self, uri: str, *, fresh: bool = False) -> vocab.Actor:
        """Fetch an actor. Raises `FetchError`s, `RefusedDocumentError` where it is none."""
        document = await self.document(uri, fresh=fresh)
        try:
            return vocab.parse_actor(document)
        except MalformedError as error:
            raise self._refused(uri, str(error)) from error

    async def note(self, uri: str, *, fresh: bool = False) -> vocab.Note:
        """Fetch a note or what is read as one. Raises `FetchError`s."""
        document = await self.document(uri, fresh=fresh)
        try:
            return vocab.parse_note(document)
        except MalformedError as error:
            raise self._refused(uri, str(error)) from error

    async def picture(self, url: str, *, limit: int) -> Answer:
        """Fetch a picture of at most `limit` bytes, unsigned. What it holds is not looked at."""
        return await self.get(url, accept=PICTURES, limit=limit, signed=False)

    def turn(self, host: str) -> asyncio.Lock:
        """Return what to hold while walking through `host`: one request at a time (§7)."""
        lock = self._turns.get(host)
        if lock is None:
            lock = self._turns[host] = asyncio.Lock()
        return lock

    async def aclose(self) -> None:
        """Let go of every connection; what is under way fails."""
        for task in list(self._flying.values()):
            task.cancel()
        await asyncio.gather(*self._flying.values(), return_exceptions=True)
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go of every connection."""
        await self.aclose()

    async def _followed(
        self, url: str, headers: dict[str, str], *, limit: int, signed: bool
    ) -> Answer:
        target = target_of(url)
        seen: set[URL] = set()
        while len(seen) <= MAX_REDIRECTS:
            seen.add(target)
            self.policy.check_url(str(target))
            self._refuse_paused(target)
            response = await self._knocked(target, headers, signed=signed)
            async with response:
                if response.status not in REDIRECTS:
                    return await self._accepted(response, headers, limit=limit)
                target = redirected(target, response)
            if target in seen:
                raise RefusedDocumentError(url=url, reason="its redirects go in a circle")
        raise RefusedDocumentError(url=url, reason=f"it redirects more than {MAX_REDIRECTS} times")

    async def _knocked(
        self, target: URL, headers: dict[str, str], *, signed: bool
    ) -> aiohttp.ClientResponse:
        """Ask once, and once more with the other scheme where the first is turned away."""
        key = await self._signer() if signed and self._signer is not None else None
        if key is None:
            return await self._client.send("GET", target, headers=headers)
        scheme = self._schemes.first_for(target)
        response = await self._asked(target, headers, key=key, scheme=scheme)
        if response.status not in UNSIGNED_STATUSES:
            return response
        await start_of(response)  # so that the connection can be used again
        second = other_scheme(scheme)
        response = await self._asked(target, headers, key=key, scheme=second)
        if response.status < 400:
            self._schemes.worked(target, second)
        return response

    async def _asked(
        self, target: URL, headers: dict[str, str], *, key: SigningKey, scheme: Scheme
    ) -> aiohttp.ClientResponse:
        message = Message("GET", str(target), tuple(headers.items()), b"")
        signature = sign(message, key, scheme=scheme, now=self._clock.now())
        return await self._client.send("GET", target, headers={**headers, **signature})

    async def _accepted(
        self, response: aiohttp.ClientResponse, headers: dict[str, str], *, limit: int
    ) -> Answer:
        url, accept = str(response.url), headers["Accept"]
        if response.status == UNCHANGED and "If-None-Match" in headers:
            return Answer(
                url=url, status=UNCHANGED, headers=response.headers, media_type="", body=b""
            )
        if response.status != 200:
            raise self._failure(response)
        kind = response.headers.get("Content-Type", "")
        if not is_acceptable(kind, accept):
            response.close()
            raise RefusedDocumentError(url=url, reason=f"it is of the type {kind[:80]!r}")
        return Answer(
            url=url,
            status=response.status,
            headers=response.headers,
            media_type=response.content_type,
            body=await body_of(response, limit=limit),
        )

    def _failure(self, response: aiohttp.ClientResponse) -> FetchError:
        response.close()
        url, status = str(response.url), response.status
        reason = f"it answered {status}"
        if status in {404, 410}:
            return GoneError(url=url, reason=reason, status=status)
        if status in PASSING_STATUSES or status >= 500:
            pause = retry_after(response.headers, now=self._clock.now())
            if pause is not None and status in {429, 503}:
                self._pause(response.url, pause)
            return UnreachableError(url=url, reason=reason, status=status, retry_after=pause)
        return RefusedDocumentError(url=url, reason=reason, status=status)

    async def _verified(self, uri: str, *, fresh: bool) -> Answer:
        """Fetch `uri`, and once more at the id it gives, until it was found at its id."""
        answer = await self.get(uri, fresh=fresh)
        named = self._read(uri, answer).get("id")
        if _speaks_for(named, asked=uri, found=answer.url):
            return answer
        if not isinstance(named, str):
            raise self._refused(uri, "it has no id")
        answer = await self.get(named, fresh=fresh)
        if self._read(uri, answer).get("id") != named or not _speaks_for(
            named, asked=named, found=answer.url
        ):
            raise self._refused(uri, "it is not found at the id it gives")
        return answer

    def _landed(self, uri: str, task: "asyncio.Task[Answer]") -> None:
        if self._flying.get(uri) is task:
            del self._flying[uri]
        if not task.cancelled():
            task.exception()  # taken note of, though nobody may be waiting any more

    def _read(self, url: str, answer: Answer) -> JsonObject:
        try:
            return vocab.load_json(answer.body)
        except MalformedError as error:
            raise self._refused(url, str(error)) from error

    def _refused(self, url: str, reason: str) -> RefusedDocumentError:
        error = RefusedDocumentError(url=url, reason=reason)
        self._note(url, error)
        return error

    def _note(self, url: str, error: FetchError) -> None:
        passing = isinstance(error, UnreachableError)
        lasts = UNREACHABLE_LASTS if passing else FAILURE_LASTS
        self._failures.keep(url, (type(error), error.facts), lasts=lasts)

    def _refuse_what_failed(self, url: str) -> None:
        failure = self._failures.get(url)
        if failure is not None:
            kind, facts = failure
            raise kind(**facts)

    def _pause(self, url: URL, pause: timedelta) -> None:
        pause = min(pause, LONGEST_PAUSE)
        self._pauses.keep(url.raw_authority, self._clock.now() + pause, lasts=pause)

    def _refuse_paused(self, url: URL) -> None:
        until = self._pauses.get(url.raw_authority)
        if until is not None:
            raise UnreachableError(
                url=str(url),
                reason="its host asked for a pause",
                retry_after=until - self._clock.now(),
            )


def _speaks_for(named: object, *, asked: str, found: str) -> bool:
    """Tell whether a document found at `found` may bear the id `named`.

    A redirect within one origin keeps the name that was asked for; one to another origin may only
    speak for where it leads, or an open redirect would lend its host's name to anybody.
    """
    if not isinstance(named, str):
        return False
    if named == found:
        return True
    plain = asked.partition("#")[0]
    return named in {asked, plain} and same_origin(plain, found)
