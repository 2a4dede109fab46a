"""Who is alive of those whom the hub follows, and who is silent."""

from datetime import timedelta

import pytest

from server import db
from server.actors.tables import Actor, Host
from server.delivery.tables import Lane
from server.follows.service import FollowAnswered
from server.house import House
from server.network.rules.alive import QUIET, WEEK, Life, Signs, life, quiet_since
from server.network.service import catalogues, hubs
from server.network.tables import Catalogue
from server.posts import service as posts
from server.posts.tables import Post
from tests.support.clock import MovableClock
from tests.support.inhabitants import following, hub, note, stranger

NOW = MovableClock().now()
LONG_AGO = NOW - WEEK


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (Signs(), Life.WELL),
        (Signs(heard_at=LONG_AGO), Life.WELL),
        (Signs(failing_since=NOW), Life.SILENT),
        (Signs(failing_since=LONG_AGO), Life.LOST),
        (Signs(failing_since=LONG_AGO, heard_at=NOW), Life.SILENT),
        (Signs(failing_since=LONG_AGO, heard_at=LONG_AGO), Life.LOST),
        (Signs(failing_since=LONG_AGO, moved=True), Life.MOVED),
        (Signs(moved=True, gone=True), Life.GONE),
    ],
)
def test_how_somebody_is(signs: Signs, expected: Life) -> None:
    """What they said comes first; who is heard is not lost."""
    assert life(signs, now=NOW) is expected


def test_who_told_nothing_new_for_two_months_is_quiet() -> None:
    """Of whoever never told anything, since they are followed."""
    old = NOW - QUIET
    assert quiet_since(old, followed=NOW, now=NOW) == old
    assert quiet_since(None, followed=old, now=NOW) == old
    assert quiet_since(NOW, followed=old, now=NOW) is None
    assert quiet_since(None, followed=NOW, now=NOW) is None


@pytest.mark.usefixtures("database")
async def test_who_is_silent_is_named_the_longest_first(house: House, clock: MovableClock) -> None:
    """Of all, or of some hosts; who said goodbye or moved is not among them."""
    me = await hub(house)
    for name in ("quiet", "lost", "loud", "gone", "moved", "deaf"):
        actor = await stranger(house, name, f"{name}.test", type="Organization")
        follow = await following(me, actor, house=house)
        await catalogues.on_answered(FollowAnswered(follow), house)
    begun = clock.now()
    await Actor.filter(username="gone").update(gone=True)
    await Actor.filter(username="moved").update(moved_to="https://new.test/hub")
    await Catalogue.filter(actor__username="lost").update(failures=5)
    clock.move(QUIET)
    now = clock.now()
    ms = int(begun.timestamp() * 1_000)
    await Lane.create(host="deaf.test", failures=9, failing_since_ms=ms, tried_ms=ms)
    await Host.update_or_create({"heard_at": now}, host="deaf.test")
    loud = await Actor.get(username="loud")
    async with db.transaction():
        await posts.keep(note(loud), loud, house=house)
    await Post.all().update(published_at=now)
    found = await hubs.silent(None, house=house)
    assert [(since, one.actor.username) for since, one in found.lost] == [(begun, "lost")]
    assert {(since, one.actor.username) for since, one in found.quiet} == {
        (begun, "quiet"), (begun, "deaf"),
    }  # fmt: skip
    assert not found.more
    some = await hubs.silent(["quiet.test", "loud.test"], house=house)
    assert [one.actor.host for _, one in some.quiet] == ["quiet.test"]
    assert some.lost == []
    assert (await hubs.silent([], house=house)).quiet == []
    [deaf] = [one for one in await hubs.listed(house=house) if one.actor.username == "deaf"]
    assert (deaf.life, deaf.heard_at) == (Life.SILENT, now)


def test_a_week_is_shorter_than_quiet() -> None:
    """So that nobody is quiet of whom it is not known yet whether they can be reached."""
    assert timedelta(0) < WEEK < QUIET
