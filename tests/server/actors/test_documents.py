"""Our actors' documents, held as bytes."""

import orjson
import pytest

from federation import vocab
from server import db
from server.actors import documents, service
from server.actors.documents import Documents
from server.actors.tables import ActorKey
from server.errors import NotFoundError
from server.house import House
from tests.support.inhabitants import local, stranger

pytestmark = pytest.mark.usefixtures("database")


async def test_a_document_is_made_once_for_everybody_who_asks(house: House) -> None:
    """It holds what the actor's row and keys say, and the second answer is the first one's."""
    actor = await local(house, "/people/ida")
    held = Documents(house)
    first = await held.at_path("/people/ida")
    assert first.body == vocab.dumps(vocab.render(await service.document(actor, house=house)))
    assert await held.at_path("/people/ida") is first
    assert not first.gone


async def test_a_change_shows_at_once_whoever_made_it(house: House) -> None:
    """Of the actor or of its keys, by plain SQL as another process would: nobody has to tell."""
    actor = await local(house, "/people/ida")
    held = Documents(house)
    await held.at_path("/people/ida")
    await db.execute("UPDATE actors SET name = ? WHERE id = ?", "Ida Fennimore", actor.id)
    named = orjson.loads((await held.at_path("/people/ida")).body)
    assert named["name"] == "Ida Fennimore"
    key = await ActorKey.get(actor_id=actor.id, kind="ed25519")
    await db.execute("DELETE FROM actor_keys WHERE id = ?", key.id)
    bare = orjson.loads((await held.at_path("/people/ida")).body)
    assert key.key_id not in repr(bare)


async def test_what_an_actor_was_is_not_served_once_it_is_gone(house: House) -> None:
    """Only that it is."""
    actor = await local(house, "/people/ida")
    held = Documents(house)
    assert not (await held.at_path("/people/ida")).gone
    await db.execute("UPDATE actors SET gone = ? WHERE id = ?", True, actor.id)
    left = await held.at_path("/people/ida")
    assert left.gone
    assert orjson.loads(left.body)["type"] == "Tombstone"


async def test_nobody_elsewhere_is_served_from_here(house: House) -> None:
    """Nor anybody who is not known; and no try of either leaves anything in memory."""
    await stranger(house, "ann")
    held = Documents(house)
    for path in ("/people/nobody", "/users/ann"):
        with pytest.raises(NotFoundError):
            await held.at_path(path)
    assert not held._held


async def test_no_more_are_held_than_there_is_room_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was not asked for longest makes room."""
    monkeypatch.setattr(documents, "MOST", 2)
    held = Documents(house)
    for name in ("ida", "bob", "ida", "colm"):
        if name != "ida" or not held._held:
            await local(house, f"/people/{name}")
        await held.at_path(f"/people/{name}")
    assert list(held._held) == ["/people/ida", "/people/colm"]
