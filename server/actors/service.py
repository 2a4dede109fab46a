"""Actors: make ours, keep others', find them, read and write their documents."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from federation import keys, uris, vocab, webfinger
from federation.errors import (
    GoneError,
    MalformedError,
    RefusedDocumentError,
    UnreachableError,
)
from server import db
from server.actors import wire
from server.actors.blocks import is_host_blocked, met
from server.actors.events import Profiled
from server.actors.holding import keys_held
from server.actors.tables import Actor, ActorKey
from server.actors.wire import PublishedKey
from server.errors import RefusedError
from server.house import House
from server.media import service as media
from server.media.rules import Size

SHARED_INBOX = "/inbox"
PUBLIC_KEYS = "public keys"
"""What is said to have changed, by key id, to every process that holds parsed keys of others."""
PRIVATE_KEYS = "private keys"
"""The same of our own actors' keys."""


class UnknownHandleError(RefusedError):
    """Nobody was found at {handle}. Check the spelling; it should look like @name@hub.example,
    or be the address of their page."""


class SilentServerError(RefusedError):
    """{host} does not answer just now. Check the spelling, or try again later."""


class BlockedError(RefusedError):
    """{host} is blocked on this hub."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key pair of an actor to be: what others read of it, and the private one in PEM."""

    kind: str
    fragment: str
    public: str
    pem: bytes = field(repr=False)


Pairs = tuple[Pair, ...]


def _make_pairs() -> Pairs:
    rsa, ed25519 = keys.generate_rsa(), keys.generate_ed25519()
    return (
        Pair("rsa", "#main-key", keys.public_pem(rsa.public_key()), keys.private_to_pem(rsa)),
        Pair(
            "ed25519", "#ed25519-key",
            keys.multikey(ed25519.public_key()), keys.private_to_pem(ed25519),
        ),
    )  # fmt: skip


async def new_pairs() -> Pairs:
    """Make an RSA-2048 and an Ed25519 key pair, in a thread: never inside a transaction, which
    would hold up every other writer meanwhile.
    """
    return await asyncio.to_thread(_make_pairs)


async def create_local(
    *,
    path: str,
    type: vocab.ActorType,  # noqa: A002 - ActivityPub's own word
    username: str,
    name: str,
    pairs: Pairs,
    house: House,
) -> Actor:
    """Make an actor of ours at `path` with the key pairs made for it, sealed at rest.

    Call it inside the transaction of what the actor belongs to.
    """
    now = house.clock.now()
    async with db.transaction():
        actor = _local_row(path, type, username, name, house)
        await actor.save()
        await ActorKey.bulk_create(
            ActorKey(
                key_id=actor.uri + pair.fragment, actor_id=actor.id, kind=pair.kind,
                public=pair.public, created_at=now,
                sealed=house.vault.seal(pair.pem, purpose="actor-key"),
            )
            for pair in pairs
        )  # fmt: skip
    return actor


async def create_group(
    *, path: str, username: str, name: str, summary: str, keys_of: Actor, house: House
) -> Actor:
    """Make an actor of ours at `path` that stands for no person and publishes the keys of another
    one of ours as its own; return the one that is there already, if so. `summary` is clean HTML.
    """
    row = _local_row(path, vocab.ActorType.GROUP, username, name, house)
    row.summary, row.keys_of_id = summary, keys_of.id
    return row if await db.add(row, unless="uri") else await Actor.get(uri=row.uri)


def _local_row(path: str, kind: vocab.ActorType, username: str, name: str, house: House) -> Actor:
    now, uri = house.clock.now(), house.uri(path)
    return Actor(
        uri=uri, host=house.host, local=True, type=str(kind), username=username, name=name,
        url=uri, inbox=f"{uri}/inbox", shared_inbox=house.uri(SHARED_INBOX),
        outbox=f"{uri}/outbox", followers=f"{uri}/followers", following=f"{uri}/following",
        featured=f"{uri}/featured", created_at=now, fetched_at=now,
    )  # fmt: skip


async def local(username: str, *, house: House) -> Actor | None:
    """Return our actor of that name, whatever its case."""
    return await Actor.get_or_none(username=username.lower(), host=house.host, local=True)


async def at_path(path: str, *, house: House) -> Actor | None:
    """Return our actor whose id is `path` on this node."""
    return await Actor.get_or_none(uri=house.uri(path), local=True, gone=False)


async def departed(path: str, *, house: House) -> Actor | None:
    """Return our actor whose id was `path`, where it is gone."""
    return await Actor.get_or_none(uri=house.uri(path), local=True, gone=True)


async def next_local(*, after: int = 0) -> Actor | None:
    """Return the actor of ours with keys of its own that comes after a row, None at the end."""
    query = Actor.filter(local=True, gone=False, keys_of_id=None, id__gt=after)
    return await query.order_by("id").first()


async def document(actor: Actor, *, house: House) -> vocab.Actor:
    """Return one of our actors as others read it, its newest keys first."""
    return wire.to_wire(actor, await keys_held(actor.id), address=house.address)


async def keep(actor: vocab.Actor, *, house: House) -> Actor:
    """Write down what is known of an actor elsewhere, or what is newly known. Run twice, it changes
    nothing more.

    Its keys go with it: those no longer in its document are dropped. An actor of ours stays as
    it is.
    """
    columns = wire.from_wire(actor) | {"fetched_at": house.clock.now(), "gone": False}
    async with db.transaction():
        await met(columns["host"])
        row = Actor(**{**columns, "uri": actor.id, "created_at": house.clock.now()})
        # Of two that keep the same actor at once, one waits here for the other.
        if not await db.add(row, unless="uri"):
            row = await Actor.get(uri=actor.id)
            if row.local:
                return row
            before = found_by(row)
            await row.update_from_dict(columns).save()
            await tell_if_found_otherwise(row, before, house=house)
        await _keep_keys(row, wire.keys_of(actor), house=house)
    return row


def found_by(actor: Actor) -> tuple[object, ...]:
    """Return what an actor may be found by."""
    return actor.indexable, actor.discoverable, actor.name, actor.username


async def tell_if_found_otherwise(
    actor: Actor, before: tuple[object, ...], *, house: House
) -> None:  # fmt: skip
    """Tell where what an actor may be found by was something else before."""
    now = found_by(actor)
    if now != before:
        await house.hooks.tell(Profiled(actor=actor, words=now[0] != before[0]), house)


async def _keep_keys(row: Actor, published: list[PublishedKey], *, house: House) -> None:
    """Keep an actor's keys in place of those held. One that is another's already stays theirs, and
    whoever shows nothing else keeps what it had.
    """
    ids = [one.key_id for one in published]
    known = await db.read(
        ActorKey,
        "SELECT * FROM actor_keys WHERE actor_id = ?"  # noqa: S608 - marks only
        + (f" OR key_id IN ({db.marks(len(ids))})" if ids else ""),
        row.id, *ids,
    )  # fmt: skip
    held = [one for one in known if one.actor_id == row.id]
    others = {one.key_id for one in known} - {one.key_id for one in held}
    own = [one for one in published if one.key_id not in others]
    if not own or {PublishedKey(k.key_id, k.kind, k.public) for k in held} == {*own}:
        return
    if held:
        await _drop_keys(row, held, house=house)
    for one in own:
        await db.add(
            ActorKey(
                key_id=one.key_id, actor_id=row.id, kind=one.kind, public=one.public,
                created_at=house.clock.now(),
            )
        )  # fmt: skip


async def _drop_keys(row: Actor, held: Sequence[ActorKey], *, house: House) -> None:
    await ActorKey.filter(actor_id=row.id).delete()
    for one in held:
        await house.changed(PUBLIC_KEYS, one.key_id)


async def by_id(actor_id: int) -> Actor | None:
    """Return the actor of that row."""
    return await db.read_one(Actor, "SELECT * FROM actors WHERE id = ?", actor_id)


async def known(uri: str) -> Actor | None:
    """Return the actor of that id, if it is known here."""
    return await db.read_one(Actor, "SELECT * FROM actors WHERE uri = ?", uri)


async def resolve(uri: str, *, house: House) -> Actor:
    """Return the actor of that id, fetched where it isn't known yet. Never inside a transaction.

    Raises FetchError children where it can't be had (GoneError where it has gone: what it did
    before, and what waited since, counts no more), BlockedError where its host is blocked.
    """
    actor = await _met(uri, house=house)
    if actor.gone:
        raise GoneError(url=uri, reason="whoever that was has gone")
    return actor


async def _met(uri: str, *, house: House) -> Actor:
    actor = await known(uri)
    if actor is None:
        host = uris.host_of(uri)
        if host == house.host:
            raise GoneError(url=uri, reason="there is nobody here of that name")
        await refuse_blocked(host)
        actor = await keep(await house.fetcher.actor(uri), house=house)
    return actor


async def find(text: str, *, house: House) -> Actor:
    """Return the actor that a person means by a handle or an address, asking its server if need be.

    Raises UnknownHandleError where there is none, SilentServerError where its server does not
    answer, other FetchError children where it may not be asked, BlockedError where it is blocked.
    """
    text = text.strip()
    try:
        actor = await (_met if uris.is_web_uri(text) else _behind)(text, house=house)
    except UnreachableError as error:
        raise SilentServerError(host=uris.host_of(str(error.facts["url"]))) from error
    except (GoneError, RefusedDocumentError) as error:
        raise UnknownHandleError(handle=text) from error
    if actor.gone:
        raise UnknownHandleError(handle=text)
    if await is_blocked(actor.host, actor.uri):
        raise BlockedError(host=actor.host)
    return actor


async def _behind(text: str, *, house: House) -> Actor:
    try:
        handle = uris.parse_handle(text)
    except MalformedError as error:
        raise UnknownHandleError(handle=text) from error
    if handle.host == house.host:
        actor = await local(handle.name, house=house)
        if actor is None:
            raise UnknownHandleError(handle=text)
        return actor
    # A name can have been given out again: who had it last is meant.
    actor = (
        await Actor.filter(username=handle.name, host=handle.host, gone=False)
        .order_by("-fetched_at")
        .first()
    )
    if actor is None:
        await refuse_blocked(handle.host)
        found = await webfinger.lookup(handle, house.fetcher)
        actor = await _met(found.actor_uri, house=house)
    return actor


async def refuse_blocked(host: str) -> None:
    """Raise BlockedError where the host is blocked."""
    if await is_blocked(host):
        raise BlockedError(host=host)


async def is_blocked(host: str, actor_uri: str | None = None) -> bool:
    """Say whether a host, or an actor on it, is turned away."""
    if await is_host_blocked(host):
        return True
    return actor_uri is not None and await Actor.filter(uri=actor_uri, blocked=True).exists()


async def forget(actor: Actor, *, house: House) -> None:
    """Mark an actor elsewhere as gone, and forget what it said of itself; what it published is the
    posts' own matter.
    """
    async with db.transaction():
        await _drop_keys(actor, await ActorKey.filter(actor_id=actor.id), house=house)
        await Actor.filter(id=actor.id, local=False).update(
            gone=True, name="", summary="", icon_url=None, fields_json="[]"
        )


def avatar(actor: Actor, *, house: House) -> str | None:
    """Return where on this node an actor's picture is, None where it has none."""
    if actor.icon_url is None or actor.local:
        return actor.icon_url
    return media.proxied(actor.icon_url, house=house, size=Size.SQUARE)
