"""New keys for an actor: what is published, what is kept, and for how long."""

from datetime import timedelta

import pytest

from federation import keys, vocab
from server.actors import rotation
from server.actors import service as actors
from server.actors.directory import Ring
from server.actors.proving import proven
from server.actors.tables import Actor, ActorKey
from server.house import House
from tests.support.clock import MovableClock
from tests.support.inhabitants import local
from tests.support.proofs import is_proven

pytestmark = pytest.mark.usefixtures("database")


async def rotated(actor: Actor, house: House, *, revoke: bool = False) -> vocab.Actor:
    """Rotate an actor's keys and return it as others read it."""
    pairs = await actors.new_pairs()
    await rotation.rotate(actor, pairs, revoke=revoke, house=house)
    return await actors.document(actor, house=house)


async def test_requests_keep_their_key_id_and_proofs_get_a_new_one(house: House) -> None:
    """Peers look again at an id whose key does not fit; an old proof names its own key."""
    ida = await local(house, "/people/ida")
    before = await actors.document(ida, house=house)
    after = await rotated(ida, house)
    assert before.public_key is not None
    assert after.public_key is not None
    assert after.public_key.id == before.public_key.id
    assert after.public_key.pem != before.public_key.pem
    [old], [new, kept] = before.assertion_methods, after.assertion_methods
    assert kept == old
    assert new.id != old.id


async def test_what_was_proven_before_stays_proven(house: House) -> None:
    """And what is proven now is proven with the new key."""
    ida = await local(house, "/people/ida")
    now = house.clock.now()
    old = await proven({"id": f"{ida.uri}/1"}, by=ida.id, created=now, house=house)
    actor = vocab.render(await rotated(ida, house))
    new = await proven({"id": f"{ida.uri}/1"}, by=ida.id, created=now, house=house)
    assert is_proven(old, actor)
    assert is_proven(new, actor)
    assert old["proof"] != new["proof"]


async def test_the_private_half_of_a_former_proof_key_is_thrown_away(house: House) -> None:
    """Nobody needs it: only one key makes proofs, and only two sign requests."""
    ida = await local(house, "/people/ida")
    await rotated(ida, house)
    await rotated(ida, house)
    sealed = await ActorKey.filter(actor_id=ida.id, sealed__isnull=False).values_list("kind")
    assert sorted(kind for [kind] in sealed) == ["ed25519", "rsa", "rsa-former"]


async def test_a_revoked_key_is_gone_at_once(house: House) -> None:
    """It may be in somebody else's hands."""
    ida = await local(house, "/people/ida")
    old = await proven({"id": "1"}, by=ida.id, created=house.clock.now(), house=house)
    actor = await rotated(ida, house, revoke=True)
    assert len(actor.assertion_methods) == 1
    with pytest.raises(KeyError):
        is_proven(old, vocab.render(actor))
    used = await Ring().key(ida.id, house=house)
    assert await rotation.other_keys(used, actor_id=ida.id, house=house) == []


async def test_the_key_before_is_at_hand_for_a_week(house: House, clock: MovableClock) -> None:
    """Under the same id; whoever signed with it still, finds the new one."""
    ida = await local(house, "/people/ida")
    old = await Ring().key(ida.id, house=house)
    assert await rotation.other_keys(old, actor_id=ida.id, house=house) == []
    await rotated(ida, house)
    new = await Ring().key(ida.id, house=house)
    for used, other in ((new, old), (old, new)):
        found = await rotation.other_keys(used, actor_id=ida.id, house=house)
        assert keys.public_pem(other.private) in {keys.public_pem(one.private) for one in found}
        assert {one.key_id for one in found} == {old.key_id}
    assert await rotation.sweep(house=house) == 0
    clock.move(timedelta(days=8))
    assert await rotation.sweep(house=house) == 1
    assert await rotation.other_keys(new, actor_id=ida.id, house=house) == []


async def test_not_more_than_eight_proof_keys_are_published(house: House) -> None:
    """Peers read sixteen; the newest is the first."""
    ida = await local(house, "/people/ida")
    first = await actors.document(ida, house=house)
    for _ in range(rotation.PROOF_KEYS):
        await rotated(ida, house)
    last = await actors.document(ida, house=house)
    assert len(last.assertion_methods) == rotation.PROOF_KEYS
    assert first.assertion_methods[0] not in last.assertion_methods
    assert await actors.next_local() == ida
    assert await actors.next_local(after=ida.id) is None


async def group(house: House, keys_of: Actor) -> Actor:
    return await actors.create_group(
        path="/topics/sleep", username="topic.sleep", name="Sleep", summary="", keys_of=keys_of,
        house=house,
    )  # fmt: skip


async def test_who_has_another_ones_keys_shows_them_under_ids_of_its_own(house: House) -> None:
    """And signs and proves by those ids, though it has no key itself."""
    hub = await local(house, "/hub")
    topic = await group(house, hub)
    theirs = await actors.document(hub, house=house)
    shown = await actors.document(topic, house=house)
    assert theirs.public_key is not None
    assert shown.public_key is not None
    assert shown.public_key.id == f"{topic.uri}#main-key"
    assert shown.public_key.owner == topic.uri
    assert shown.public_key.pem == theirs.public_key.pem
    signing = await Ring().key(topic.id, house=house)
    assert signing.key_id == shown.public_key.id
    assert keys.public_pem(signing.private) == shown.public_key.pem
    said = await proven({"id": "1"}, by=topic.id, created=house.clock.now(), house=house)
    assert is_proven(said, vocab.render(shown))


async def test_who_has_another_ones_keys_has_the_new_ones_too(house: House) -> None:
    """With the one before at hand, under its own id."""
    hub = await local(house, "/hub")
    topic = await group(house, hub)
    old = await Ring().key(topic.id, house=house)
    await rotated(hub, house)
    new = await Ring().key(topic.id, house=house)
    assert keys.public_pem(new.private) != keys.public_pem(old.private)
    [former] = await rotation.other_keys(new, actor_id=topic.id, house=house)
    assert keys.public_pem(former.private) == keys.public_pem(old.private)
    assert former.key_id == old.key_id == new.key_id == f"{topic.uri}#main-key"


async def test_who_has_another_ones_keys_gets_none_and_is_made_once(house: House) -> None:
    """New keys for all of ours are for those who have some; two who ask at once make one."""
    hub = await local(house, "/hub")
    assert await group(house, hub) == await group(house, hub)
    assert await actors.next_local() == hub
    assert await actors.next_local(after=hub.id) is None
