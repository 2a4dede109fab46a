"""What every room of the node leans on, put together once by `server.node` and handed along."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Protocol, TypeVar

from federation.delivery import Courier
from federation.fetch import Fetcher
from federation.ports import Clock
from server.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to one e-mail address, the same in plain text and in HTML."""

    to: str
    subject: str
    text: str
    html: str
    way_out: str = ""
    """An address that ends letters like this one when it is posted to; empty for a letter that was
    asked for."""
    key: str = ""
    """What its Message-ID is made of, where it may have to be sent again; letters, digits, `-` and
    `_`."""


class Mailer(Protocol):
    """Whoever brings e-mail out of the house."""

    async def send(self, letter: Letter) -> None:
        """Send one message. Raises OSError where it can't be handed over."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store."""

    path: str
    size: int
    """Bytes."""
    stored_at: datetime


class Store(Protocol):
    """Where files are kept: a folder, or a store that speaks S3. Paths are like
    `pictures/ab/abc/large.jpg`.
    """

    async def put(self, path: str, data: bytes) -> None:
        """Write a file, whole or not at all."""
        ...

    async def get(self, path: str) -> bytes | None:
        """Return a file, None where there is none."""
        ...

    async def delete(self, path: str) -> None:
        """Remove a file; it may be gone already."""
        ...

    def listed(self, prefix: str) -> AsyncIterator[Stored]:
        """Yield every file below a folder, in no order."""
        ...


class Changed(Protocol):
    """Has every process of the node forget what it holds in memory."""

    async def __call__(self, topic: str, subject: str | None = None) -> None:
        """Have what is held of a topic forgotten, or of one subject in it; inside a transaction,
        once it commits.
        """
        ...


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
E = TypeVar("E")


class Hooks:
    """Where a higher feature hears what happened in a lower one, inside the same transaction."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._handlers: dict[type[Any], list[Callable[[Any, House], Awaitable[None]]]] = {}

    def on(self, event: type[E], handler: Callable[[E, "House"], Awaitable[None]]) -> None:
        """Have `handler` called with every event of that class."""
        self._handlers.setdefault(event, []).append(handler)

    async def tell(self, event: object, house: "House") -> None:
        """Call those who listen, in the order they came; what one raises undoes the transaction."""
        for handler in self._handlers.get(type(event), []):
            await handler(event, house)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The node's address and the tools that its rooms share. Frozen: nothing changes while
    it runs.
    """

    address: str
    """The public origin, `https://hub.example`, without a slash at its end."""
    development: bool
    """Plain http and loopback peers are allowed; shown on every page."""
    clock: Clock
    random: Random
    """`random.SystemRandom()` in production, so that it may mint secrets."""
    vault: Vault
    fetcher: Fetcher
    """Everything that is read from elsewhere."""
    courier: Courier
    """Everything that is sent elsewhere."""
    mailer: Mailer | None
    """None where no SMTP server is set."""
    store: Store
    """The files of pictures."""
    picture_cache_limit: int
    """Bytes that our copies of pictures from elsewhere may take."""
    picture_limit: int
    """Bytes that the pictures of one person here may take."""
    fewest_people: int
    """How many people a number may count at least (experiments' measures); 0: any."""
    ring: Callable[[], Awaitable[None]]
    """Tell the workers that there may be something due."""
    changed: Changed
    """Say that what is held in memory of something is no longer true."""
    hooks: "Hooks"
    quiet: bool = False
    """What happens now is old and only comes to be known here (a back catalogue): nobody is told of
    it, and nothing is sent on because of it.
    """

    @property
    def host(self) -> str:
        """The authority of the address, with its port where it has one."""
        return self.address.partition("://")[2]

    def ulid(self) -> str:
        """Mint an id that sorts by time and gives nothing else away (26 characters, Crockford's
        base 32).
        """
        moment = int(self.clock.now().timestamp() * 1000)
        number = moment << 80 | self.random.getrandbits(80)
        return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))

    def activity_uri(self) -> str:
        """Mint the id of an activity of ours."""
        return self.uri(f"/activities/{self.ulid()}")

    def uri(self, path: str) -> str:
        """Return the absolute address of a path that begins with a slash."""
        return self.address + path
