"""A house with real tools that talk to nobody, for what needs no other node."""

import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from federation.connector import AddressPolicy, Client
from federation.delivery import Courier
from federation.fetch import Fetcher
from federation.ports import Clock
from server.house import Changed, Hooks, House, Mailer, Store
from server.media.store import open_store
from server.vault import Vault

TLS = ssl.create_default_context()


async def nobody(topic: str = "", subject: str | None = None) -> None:
    """Ring at a house where nobody listens."""


@asynccontextmanager
async def quiet_house(
    clock: Clock,
    *,
    mailer: Mailer | None = None,
    store: Store | None = None,
    ring: Callable[[], Awaitable[None]] = nobody,
    changed: Changed = nobody,
) -> AsyncIterator[House]:
    """Put a house together for `https://hub.test`."""
    async with (
        Fetcher(_client(), clock=clock) as fetcher,
        Courier(_client(), clock=clock) as courier,
    ):
        yield House(
            address="https://hub.test",
            development=False,
            clock=clock,
            random=random.Random(7),  # noqa: S311 - a test wants the same again
            vault=Vault(b"k" * 32),
            fetcher=fetcher,
            courier=courier,
            mailer=mailer,
            store=store or open_store("memory:///"),
            picture_cache_limit=1 << 20,
            picture_limit=1 << 30,
            fewest_people=5,
            ring=ring,
            changed=changed,
            hooks=Hooks(),
        )


def _client() -> Client:
    return Client(policy=AddressPolicy(), user_agent="Fettle (tests)", tls=TLS)
