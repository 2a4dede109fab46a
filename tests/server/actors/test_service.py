"""Actors, ours and others': made, kept, found, forgotten."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from federation import keys, vocab
from federation.errors import UnauthorisedError
from server.actors import service, wire
from server.actors.blocks import Blocks, blocked_hosts
from server.actors.service import BlockedError, UnknownHandleError
from server.actors.tables import Actor, ActorKey, Host
from server.house import House
from tests.support.clock import MovableClock
from tests.support.inhabitants import local, pairs, stranger

pytestmark = pytest.mark.usefixtures("database")


def shown(actor: Actor, **terms: Any) -> vocab.Actor:
    """Return the document of somebody elsewhere, with a key of their own."""
    key = {"id": f"{actor.uri}#main-key", "owner": actor.uri, "publicKeyPem": pairs()[0].public}
    document: dict[str, Any] = {
        "id": actor.uri, "type": "Person", "preferredUsername": actor.username,
        "inbox": actor.inbox, "outbox": f"{actor.uri}/outbox", "publicKey": key, **terms,
    }  # fmt: skip
    return vocab.parse_actor(document)


async def test_an_actor_of_ours_has_two_keys_sealed(house: House) -> None:
    """What is published of them fits; the private ones are unreadable without the node's key."""
    actor = await local(house, "/people/ida")
    document = await service.document(actor, house=house)
    rsa, ed25519 = await ActorKey.filter(actor_id=actor.id).order_by("id")
    assert document.public_key is not None
    assert (document.public_key.id, document.public_key.pem) == (rsa.key_id, pairs()[0].public)
    assert document.assertion_methods[0].public_key_multibase == ed25519.public
    assert b"PRIVATE" not in (rsa.sealed or b"")
    assert house.vault.open(rsa.sealed or b"", purpose="actor-key") == pairs()[0].pem


async def test_the_pairs_never_show_in_a_log(house: House) -> None:
    """Their representation leaves the private one out."""
    assert "PRIVATE" not in repr(await service.new_pairs())


async def test_an_actor_that_is_met_twice_at_once_is_kept_once(house: House) -> None:
    """By several requests, each in a transaction of its own; and so is its next key."""
    model = await stranger(house, "ann")
    await model.delete()
    document = shown(model)
    await asyncio.gather(*(service.keep(document, house=house) for _ in range(4)))
    [actor] = await Actor.filter(uri=model.uri)
    other = keys.public_pem(keys.generate_rsa().public_key())
    key = {"id": f"{model.uri}#main-key", "owner": model.uri, "publicKeyPem": other}
    changed = shown(model, publicKey=key)
    await asyncio.gather(*(service.keep(changed, house=house) for _ in range(8)))
    [held] = await ActorKey.filter(actor_id=actor.id)
    assert (held.key_id, held.public) == (key["id"], other)


async def test_an_actor_of_ours_is_not_overwritten(house: House) -> None:
    """Whoever shows a document with its id."""
    ida = await local(house, "/people/ida")
    await service.keep(shown(ida, name="Not Ida"), house=house)
    assert (await Actor.get(id=ida.id)).name == "Ida"
    assert await ActorKey.filter(actor_id=ida.id, sealed__isnull=False).count() == 2


async def test_a_shared_inbox_on_another_host_is_not_believed(house: House) -> None:
    """Post for them would go to a stranger."""
    ann = await stranger(house, "ann", endpoints={"sharedInbox": "https://evil.test/inbox"})
    assert ann.shared_inbox is None
    assert (await stranger(house, "bob")).shared_inbox == "https://there.test/inbox"


async def test_who_had_a_name_last_is_meant_by_it(house: House, clock: MovableClock) -> None:
    """A name can have been given out again, and who is gone is not found."""
    first = await stranger(house, "ann")
    await Actor.filter(id=first.id).update(uri="https://there.test/users/1")
    clock.move(timedelta(days=1))
    second = await stranger(house, "ann")
    assert (await service.find("@ann@there.test", house=house)).id == second.id
    await service.forget(second, house=house)
    assert (await service.find("@ann@there.test", house=house)).id == first.id


async def test_a_handle_of_ours_is_not_looked_up_elsewhere(house: House) -> None:
    """Nor is an address; nobody is found who is not there or gone."""
    ida = await local(house, "/people/ida")
    for text in ("@Ida@hub.test", "ida@HUB.test", ida.uri):
        assert (await service.find(text, house=house)).id == ida.id
    with pytest.raises(UnknownHandleError):
        await service.find("@una@hub.test", house=house)
    with pytest.raises(UnknownHandleError):
        await service.find("https://hub.test/people/una", house=house)
    await Actor.filter(id=ida.id).update(gone=True)
    with pytest.raises(UnknownHandleError):
        await service.find("@ida@hub.test", house=house)


@pytest.mark.parametrize("what", ["host", "actor"])
async def test_who_is_blocked_is_not_found(house: House, what: str) -> None:
    """By handle or address, though they are known."""
    ann = await stranger(house, "ann")
    if what == "host":
        await Host.filter(host="there.test").update(blocked=True)
    else:
        await Actor.filter(id=ann.id).update(blocked=True)
    for text in ("@ann@there.test", ann.uri):
        with pytest.raises(BlockedError):
            await service.find(text, house=house)
    assert await blocked_hosts() == ({"there.test"} if what == "host" else frozenset())


async def test_blocks_are_seen_within_seconds(house: House, clock: MovableClock) -> None:
    """They are held in memory meanwhile."""
    blocks, ann = Blocks(house), await stranger(house, "ann")
    await blocks.refuse(ann.host, ann.uri)
    await Host.filter(host=ann.host).update(blocked=True)
    clock.move(timedelta(seconds=6))
    with pytest.raises(UnauthorisedError):
        await blocks.refuse(ann.host, ann.uri)


async def test_who_is_gone_is_forgotten(house: House) -> None:
    """Their name, words, picture and key."""
    ann = await stranger(house, "ann", summary="<p>Me</p>", icon={"url": "https://there.test/a"})
    await service.keep(shown(ann), house=house)
    await service.forget(ann, house=house)
    left = await Actor.get(id=ann.id)
    assert (left.gone, left.name, left.summary, left.icon_url) == (True, "", "", None)
    assert not await ActorKey.exists()


def test_what_is_kept_of_others_is_clean_and_bounded() -> None:
    """Names, words and lines (cases 22 and 23)."""
    document = vocab.parse_actor(
        {
            "id": "https://there.test/people/ann", "type": "Person", "name": "x" * 9_000,
            "preferredUsername": "ann", "inbox": "https://there.test/people/ann/inbox",
            "outbox": "https://there.test/people/ann/outbox",
            "summary": "<script>alert(1)</script><p onclick='x'>Hello</p>",
            "attachment": [
                {"type": "PropertyValue", "name": "<b>Web</b>", "value": "<script>1</script>ok"}
            ],
        }
    )  # fmt: skip
    columns = wire.from_wire(document)
    assert len(columns["name"]) <= wire.NAME_LIMIT
    assert columns["summary"] == "<p>Hello</p>"
    assert columns["fields_json"] == '[["Web","ok"]]'
