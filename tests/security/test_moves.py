"""Moves that nobody may make: of another, to who does not say so, to who is blocked."""

from server.actors.tables import Actor, Host
from tests.security.conftest import Scene, follow
from tests.support.peer import Peer
from tests.support.resident import Resident


async def _move(scene: Scene, who: Resident, target: str) -> set[str]:
    """Have somebody move; return which tables changed, but for what came in."""
    before = await scene.stored()
    move = who.activity("Move", who.uri, target=target)
    assert (await who.post(scene.inbox, move)).status == 202
    await scene.settle()
    after = await scene.stored()
    return {name for name in after if after[name] != before[name]} - {"received"}


async def test_a_move_of_another_is_refused(scene: Scene) -> None:
    """Only who moves may say so."""
    eve = scene.peer.actor("eve", alsoKnownAs=[scene.ann.uri])
    await follow(scene, scene.ann)
    await follow(scene, eve)
    async with scene.nothing_happens():
        move = eve.activity("Move", scene.ann.uri, target=eve.uri)
        assert (await eve.post(scene.inbox, move)).status == 403


async def test_a_move_to_who_does_not_name_them_is_nothing(scene: Scene) -> None:
    """Else anybody could send their followers to a stranger, or take a stranger's name."""
    await follow(scene, scene.ann)
    other = await Peer.at(scene.network, "other.test")
    targets = [
        other.actor("zoe"),
        other.actor("yan", alsoKnownAs=[scene.ann.uri + "/"]),
        other.actor("xia", alsoKnownAs=[{"id": "javascript:1"}, 7]),
        other.actor("wim", alsoKnownAs=[scene.ann.uri], movedTo=f"{other.origin}/people/zoe"),
    ]
    for target in targets:
        assert await _move(scene, scene.ann, target.uri) == set(), target.name
    assert await _move(scene, scene.ann, f"{other.origin}/people/nobody") == set()
    assert await _move(scene, scene.ann, scene.ida) == set()
    assert await _move(scene, scene.ann, scene.ann.uri) == set()


async def test_what_was_known_of_the_target_does_not_count(scene: Scene) -> None:
    """It named them once; asked now, it does not."""
    other = await Peer.at(scene.network, "other.test")
    zoe = other.actor("zoe", alsoKnownAs=[scene.ann.uri])
    await zoe.post(scene.inbox, zoe.follow(scene.ida))
    await scene.settle()
    await follow(scene, scene.ann)
    zoe.terms["alsoKnownAs"] = []
    other.forget()
    assert await _move(scene, scene.ann, zoe.uri) == set()
    assert len(other.asked(zoe.uri)) == 1


async def test_a_move_of_somebody_whom_nobody_follows_costs_no_fetch(scene: Scene) -> None:
    """However many of them come."""
    other = await Peer.at(scene.network, "other.test")
    zoe = other.actor("zoe", alsoKnownAs=[scene.ann.uri])
    await scene.ann.post(scene.inbox, scene.ann.follow(scene.ida))
    await scene.settle()
    assert await _move(scene, scene.ann, zoe.uri) == set()
    assert other.requests == []


async def test_a_move_to_a_blocked_place_is_nothing(scene: Scene) -> None:
    """A blocked host is not asked; of a blocked actor nothing is followed."""
    await follow(scene, scene.ann)
    other = await Peer.at(scene.network, "other.test")
    zoe = other.actor("zoe", alsoKnownAs=[scene.ann.uri])
    await zoe.post(scene.inbox, zoe.follow(scene.ida))
    await scene.settle()
    await scene.ward.run(lambda: Actor.filter(uri=zoe.uri).update(blocked=True))
    assert await _move(scene, scene.ann, zoe.uri) <= {"actors"}
    assert other.activities("Follow") == []
    await scene.ward.run(lambda: Host.filter(host="other.test").update(blocked=True))
    other.forget()
    assert await _move(scene, scene.ann, zoe.uri) == set()
    assert other.requests == []
