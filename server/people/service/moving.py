"""People move: in, from an account elsewhere that names this one; or out, with their followers."""

import orjson

from federation import uris, vocab
from federation.errors import FetchError
from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.errors import RefusedError
from server.follows import moving
from server.follows import service as follows
from server.follows.moving import NotNamedError
from server.house import House
from server.people import rules
from server.people.rules import FieldRefusedError
from server.people.service import accounts, announcing
from server.people.tables import Person


async def add_alias(person_id: int, handle: str, *, house: House) -> Actor:
    """Name an earlier account elsewhere, so that it can move here. Naming it again changes nothing.

    Raises FieldRefusedError("handle") where there is none, or too many are named.
    """
    former = await _found(handle, house=house)
    async with db.transaction():
        actor = (await accounts.by_id(person_id)).actor
        if former.id == actor.id:
            raise FieldRefusedError(field="handle", reason="That is the account you are in.")
        if former.uri in actor.aliases:
            return former
        if len(actor.aliases) >= rules.ALIASES:
            raise FieldRefusedError(
                field="handle", reason="You have named enough. Take one out first."
            )
        await _name(actor, (*actor.aliases, former.uri), house=house)
    return former


async def remove_alias(person_id: int, uri: str, *, house: House) -> None:
    """Name an earlier account no longer."""
    async with db.transaction():
        actor = (await accounts.by_id(person_id)).actor
        if uri in actor.aliases:
            rest = tuple(one for one in actor.aliases if one != uri)
            await _name(actor, rest, house=house)


async def _name(actor: Actor, aliases: tuple[str, ...], *, house: House) -> None:
    actor.also_known_as = orjson.dumps(list(aliases)).decode()
    await actor.save(update_fields=["also_known_as"])
    await announcing.announce_change(actor, house=house)


async def _found(handle: str, *, house: House) -> Actor:
    try:
        return await actors.find(handle, house=house)
    except (FetchError, RefusedError) as error:
        raise FieldRefusedError(field="handle", reason=str(error)) from error


async def move_out(person_id: int, *, handle: str, password: str, house: House) -> Actor:
    """Move somebody's account elsewhere, to an account that names this one: followers are told and
    follow it there; nothing more is published here.

    Raises FieldRefusedError("handle"), WrongPasswordError, TooManyError.
    """
    person = await accounts.prove(person_id, password=password, house=house)
    target = await _confirmed(person.actor, handle, house=house)
    async with db.transaction():
        former = await Actor.filter(id=person.actor_id).select_for_update().get()
        former.moved_to = target.uri
        await former.save(update_fields=["moved_to"])
        await announcing.announce_change(former, house=house)
        await delivery.send(
            _move(former, target, house=house), by=former, order_key=former.uri, house=house,
            inboxes=follows.follower_inboxes(former),
        )  # fmt: skip
        await moving.take_along_soon(former, target, house=house)
    return target


async def _confirmed(former: Actor, handle: str, *, house: House) -> Actor:
    found = await _found(handle, house=house)
    if found.id == former.id:
        raise FieldRefusedError(field="handle", reason="That is the account you are in.")
    try:
        return await moving.confirmed(found.uri, former=former, house=house)
    except NotNamedError as error:
        raise FieldRefusedError(
            field="handle",
            reason="That account doesn’t name this one yet. In its settings, name"
            f" {former.handle} as an account you had before; then try again.",
        ) from error
    except FetchError as error:
        raise FieldRefusedError(field="handle", reason=str(error)) from error


def _move(former: Actor, target: Actor, *, house: House) -> vocab.Activity:
    return vocab.Activity(
        id=house.activity_uri(), type=vocab.ActivityType.MOVE, actor=former.uri,
        object=former.uri, target=target.uri,
        to=(former.followers,) if former.followers else (),
        published=house.clock.now().replace(microsecond=0),
    )  # fmt: skip


async def come_back(person_id: int, *, password: str, house: House) -> Person:
    """Take a move back: the account can publish again. Those who followed it away stay away.

    Raises WrongPasswordError, TooManyError.
    """
    person = await accounts.prove(person_id, password=password, house=house)
    async with db.transaction():
        person.actor.moved_to = None
        await person.actor.save(update_fields=["moved_to"])
        await announcing.announce_change(person.actor, house=house)
    return person


async def shown_aliases(actor: Actor) -> list[tuple[str, str]]:
    """Return the earlier accounts that an actor names, each as its id and what to call it."""
    known = {one.uri: one.handle for one in await Actor.filter(uri__in=list(actor.aliases))}
    return [(uri, known.get(uri, uri)) for uri in actor.aliases]


async def new_place(actor: Actor) -> tuple[str, str] | None:
    """Return where an actor has moved to, as a page's address and what to call it."""
    if actor.moved_to is None:
        return None
    known = await Actor.get_or_none(uri=actor.moved_to)
    if known is not None:
        return known.url, known.handle
    return actor.moved_to, uris.host_of(actor.moved_to)
