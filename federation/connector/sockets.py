"""Sockets that are only made to addresses that may be reached."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from federation.connector.addresses import AddressPolicy

AddressInfo = tuple[
    int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]
]

CONNECTIONS = 512
CONNECTIONS_PER_HOST = 4
NAMES_KEPT_SECONDS = 60
RESOLVER_THREADS = 32


class SystemResolver(AbstractResolver):
    """Asks the operating system for addresses, in threads of its own.

    aiohttp's own would share the loop's few threads with everything else, so that a handful of
    dead name servers could stop all that needs a thread.
    """

    def __init__(self) -> None:
        """Make no thread yet: they come as they are needed."""
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host`. Raises OSError where there are none."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, _addresses, host, port, family
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, proto, _, address in found
        ]

    async def close(self) -> None:
        """Wait for nobody: what still runs ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _addresses(
    host: str, port: int, family: int
) -> "list[tuple[int, int, int, str, tuple[str | int | bytes, ...]]]":
    return [
        (kind, type_, proto, name, tuple(address))
        for kind, type_, proto, name, address in socket.getaddrinfo(
            host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
    ]


@cache
def system_trust() -> ssl.SSLContext:
    """Return the context that trusts what the system trusts, or SSL_CERT_FILE where that is set.

    Made once (some 20 ms and a few MiB), when it is first asked for.
    """
    return ssl.create_default_context()


def guarded_connector(
    policy: AddressPolicy,
    *,
    resolver: AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
    limit: int = CONNECTIONS,
    limit_per_host: int = CONNECTIONS_PER_HOST,
) -> aiohttp.TCPConnector:
    """Return a connector that opens no socket to an address that `policy` refuses.

    Without a `tls` context the system's certificates are trusted (`system_trust`). A `resolver`
    that is handed in is the caller's to close. To be called while a loop is running.
    """
    return aiohttp.TCPConnector(
        resolver=resolver or SystemResolver(),
        ssl=tls or system_trust(),
        limit=limit,
        limit_per_host=limit_per_host,
        ttl_dns_cache=NAMES_KEPT_SECONDS,
        socket_factory=_guarded_socket(policy),
    )


def _guarded_socket(policy: AddressPolicy) -> "Callable[[AddressInfo], socket.socket]":
    def make(info: AddressInfo) -> socket.socket:
        family, kind, proto, _, address = info
        policy.check(str(address[0]))
        return socket.socket(family=family, type=kind, proto=proto)

    return make
