"""Public keys of actors elsewhere, parsed once and kept in bounded memory; the private ones of our
own.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from federation import keys, uris, vocab
from federation.errors import FederationError, MalformedError
from federation.fetch import Memory
from federation.keys import SigningKey, VerificationKey
from server import db
from server.actors import service
from server.actors.holding import keys_held
from server.actors.newcomers import Newcomers
from server.actors.wire import PublishedKey, keys_of
from server.errors import NotYoursError, TooManyError
from server.house import House

REMEMBERED = 10_000
"""Keys held in memory."""
GOOD_FOR = timedelta(hours=1)
"""How long a key is used without a look at the database."""
COOL_DOWN = timedelta(minutes=10)
"""How long a key id is left alone after a fetch, whether it failed or not (security case 18)."""
FETCHES = 200
"""Keys that are being fetched at once."""
SOON = 10
"""Seconds until there is likely to be room for more."""


class Directory:
    """A federation.ports.KeyDirectory on the actors' tables.

    An actor met through its key is only remembered; it is written down once something of
    it was accepted, so that a forged request leaves no row behind.
    """

    def __init__(self, house: House) -> None:
        """Keep keys for one node."""
        self._house = house
        clock = house.clock
        self._keys: Memory[str, VerificationKey] = Memory(clock=clock, bound=REMEMBERED)
        self._fetched: Memory[str, VerificationKey] = Memory(clock=clock, bound=REMEMBERED // 10)
        self._met: Memory[str, vocab.Actor] = Memory(clock=clock, bound=REMEMBERED // 10)
        self._asked: Memory[str, bool] = Memory(clock=clock, bound=REMEMBERED)
        self._newcomers = Newcomers(house)
        self._changes = 0
        self._fetching: dict[str, asyncio.Task[VerificationKey | None]] = {}

    async def known(self, key_id: str) -> VerificationKey | None:
        """Return the key held for `key_id`, without asking anybody: as the database has it, else as
        it was fetched, where nothing of its owner was accepted yet.
        """
        key = self._keys.get(key_id)
        if key is None:
            if not uris.is_web_uri(key_id):
                return None
            changes = self._changes
            found = await db.rows(
                "SELECT k.kind, k.public, a.uri, a.local, a.gone FROM actor_keys k JOIN actors a"
                " ON a.id = k.actor_id WHERE k.key_id = ?",
                key_id,
            )
            if not found:
                return self._fetched.get(key_id)
            if found[0]["local"] or found[0]["gone"]:
                return None
            published = PublishedKey(key_id, found[0]["kind"], found[0]["public"])
            key = VerificationKey(key_id, found[0]["uri"], published.loaded())
            if changes == self._changes:  # else it may have changed while it was read
                self._keys.keep(key_id, key, lasts=GOOD_FOR)
        return key

    async def refreshed(self, key_id: str) -> VerificationKey | None:
        """Fetch the key anew, once per cool-down; requests that come meanwhile wait for the same
        answer.

        Raises TooManyError where too many keys, or too many new hosts of a domain, are asked for.
        """
        under_way = self._fetching.get(key_id)
        if under_way is None:
            if not uris.is_web_uri(key_id) or self._asked.get(key_id):
                return None
            if len(self._fetching) >= FETCHES:
                raise TooManyError(retry_after=SOON)
            await self._newcomers.admit(uris.host_of(key_id))
            if self._asked.get(key_id):  # somebody else, meanwhile
                return await self.refreshed(key_id)
            self._asked.keep(key_id, True, lasts=COOL_DOWN)
            under_way = asyncio.create_task(self._fetch(key_id))
            self._fetching[key_id] = under_way
            under_way.add_done_callback(lambda _: self._fetching.pop(key_id, None))
        return await asyncio.shield(under_way)

    async def _fetch(self, key_id: str) -> VerificationKey | None:
        try:
            actor = await self._owner_of(key_id)
        except FederationError:
            return None
        found = {key.key_id: key for key in _loaded(actor)}
        if key_id not in found:
            return None
        for key in found.values():  # who signs with one proves with the other
            self._keys.keep(key.key_id, key, lasts=GOOD_FOR)
            self._fetched.keep(key.key_id, key, lasts=GOOD_FOR)
        self._met.keep(actor.id, actor, lasts=GOOD_FOR)
        return found[key_id]

    async def _owner_of(self, key_id: str) -> vocab.Actor:
        """Return the actor that a key id leads to: its document, or that of a key that stands alone
        (case 6).
        """
        document = await self._house.fetcher.document(key_id.partition("#")[0])
        thing = vocab.parse(document)
        if isinstance(thing, vocab.Actor):
            return thing
        key = vocab.parse_public_key(document)
        return await self._house.fetcher.actor(key.owner)

    async def write_down(self, actor_uri: str) -> None:
        """Keep the row of an actor that was only met, now that something of it was accepted."""
        met = self._met.get(actor_uri)
        if met is not None:
            self._met.forget(actor_uri)
            await service.keep(met, house=self._house)

    def forget(self, key_id: str | None) -> None:
        """Drop a key from memory, since its owner has gone or has changed it; with None, all that
        the database may have changed. What was only fetched is not in it, and stays: it is not
        asked for again before its cool-down is over.
        """
        self._changes += 1
        if key_id is None:
            self._keys.clear()
        else:
            self._keys.forget(key_id)
            self._fetched.forget(key_id)


def _loaded(actor: vocab.Actor) -> Iterator[VerificationKey]:
    for one in keys_of(actor):
        with suppress(MalformedError):
            yield VerificationKey(one.key_id, actor.id, one.loaded())


class Ring:
    """The private keys of our own actors, unsealed once and kept in bounded memory."""

    def __init__(self) -> None:
        """Start empty."""
        self._held: OrderedDict[int, SigningKey] = OrderedDict()
        self._unsealing = asyncio.Lock()
        self._changes = 0

    async def key(self, actor_id: int, *, house: House) -> SigningKey:
        """Return the RSA key that an actor of ours signs requests with."""
        held = self._held.get(actor_id)
        if held is None:
            async with self._unsealing:  # else each of many deliveries would unseal it
                held = self._held.get(actor_id) or await self._unseal(actor_id, house)
        return held

    def forget(self, _: str | None = None) -> None:
        """Unseal them anew: one was changed."""
        self._changes += 1
        self._held.clear()

    async def _unseal(self, actor_id: int, house: House) -> SigningKey:
        changes = self._changes
        key = await _unsealed(actor_id, house)
        if changes == self._changes:  # else it may have changed while it was read
            self._held[actor_id] = key
            if len(self._held) > REMEMBERED // 10:
                self._held.popitem(last=False)
        return key


async def _unsealed(actor_id: int, house: House) -> SigningKey:
    for row in await keys_held(actor_id, "rsa"):
        if row.sealed is not None:
            pem = house.vault.open(row.sealed, purpose="actor-key")
            return SigningKey(row.key_id, keys.load_private(pem))
    raise NotYoursError
