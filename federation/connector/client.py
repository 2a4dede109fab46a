"""The one client that everything leaving this server goes through."""

import asyncio
import errno
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from federation.connector.addresses import AddressPolicy
from federation.connector.sockets import SystemResolver, guarded_connector, system_trust
from federation.errors import ForbiddenAddressError, RefusedDocumentError, UnreachableError

START_BYTES = 4096
START_SECONDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long somebody else may keep us waiting, in seconds."""

    connect: float = 10.0
    """For one connection with its TLS handshake."""
    total: float = 30.0
    """For everything: names, connections, redirects, second knocks, the last byte."""


class Client:
    """Everything that leaves the node goes through this: guarded, without cookies or proxies.

    Owns its connections; `aclose` (or `async with`) lets go of them.
    """

    def __init__(
        self,
        *,
        policy: AddressPolicy,
        user_agent: str,
        timeouts: Timeouts = Timeouts(),
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Open nothing before the first request. `user_agent` names the node and its contact."""
        self.policy = policy
        self.timeouts = timeouts
        self._user_agent = user_agent
        self._resolver = resolver or SystemResolver()
        self._is_own_resolver = resolver is None
        self._tls = tls or system_trust()
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, method: str, url: URL, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> aiohttp.ClientResponse:
        """Send one request and return the answer's head; the caller reads or closes the rest.

        Redirects are not followed. `url` travels exactly as it is: take it from `target_of`.
        Raises `ForbiddenAddressError` or `UnreachableError`. The whole wait is the caller's to
        bound, with `timeouts.total`.
        """
        self.policy.check_url(str(url))
        with explained(str(url)):
            return await self._opened().request(
                method, url, headers=headers, data=body, allow_redirects=False
            )

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=guarded_connector(self.policy, resolver=self._resolver, tls=self._tls),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"},
                # The whole wait is the caller's to bound; a second clock would only cost.
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.timeouts.connect),
            )
        return self._session

    async def aclose(self) -> None:
        """Let go of every connection and thread; a resolver that was handed in stays."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        if self._is_own_resolver:
            await self._resolver.close()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go of every connection."""
        await self.aclose()


async def body_of(response: aiohttp.ClientResponse, *, limit: int) -> bytes:
    """Read an answer's body to its end, at most `limit` bytes after decompression.

    Decompresses piece by piece, so that a bomb is cut at the limit (security case 21). Raises
    `RefusedDocumentError` beyond the limit and `UnreachableError` where the body breaks off.
    """
    url = str(response.url)
    body = bytearray()
    with explained(url):
        async for piece in response.content.iter_any():
            body += piece
            if len(body) > limit:
                response.close()
                raise RefusedDocumentError(url=url, reason=f"it is larger than {limit} bytes")
    return bytes(body)


async def start_of(response: aiohttp.ClientResponse) -> bytes:
    """Read the first 4 KiB of a body and let go of the answer. Never raises, never waits long.

    Where that was the whole body the connection is used again, else it is closed.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(START_SECONDS):
            async for piece in response.content.iter_any():
                body += piece
                if len(body) >= START_BYTES:
                    break
    except (aiohttp.ClientError, OSError):  # a TimeoutError is an OSError
        pass
    response.release()
    return bytes(body[:START_BYTES])


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn what aiohttp raises into this library's errors about `url`."""
    try:
        yield
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise ForbiddenAddressError(url=url, reason="its host is spelled oddly") from error
    except aiohttp.ClientConnectorCertificateError as error:
        raise UnreachableError(url=url, reason="its certificate is not trusted") from error
    except aiohttp.ClientConnectorDNSError as error:
        raise UnreachableError(url=url, reason="its name is not known") from error
    except aiohttp.ClientConnectorError as error:
        if error.errno == errno.EACCES:
            raise ForbiddenAddressError(url=url, reason=str(error.os_error)) from error
        raise UnreachableError(url=url, reason=f"no connection: {_short(error)}") from error
    except TimeoutError as error:
        raise UnreachableError(url=url, reason="it took too long") from error
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError(url=url, reason=f"it broke off: {_short(error)}") from error


def _short(error: Exception) -> str:
    text = getattr(error, "strerror", None) or type(error).__name__
    return str(text)[:120]
