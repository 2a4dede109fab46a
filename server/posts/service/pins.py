"""What an actor shows first: ours, and those elsewhere that are followed here."""

from federation import uris, vocab
from federation.errors import GoneError
from server import db
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.errors import NotFoundError, RefusedError
from server.follows import service as follows
from server.house import House
from server.posts import wire
from server.posts.rules import OPEN, PINS, PINS_ELSEWHERE, State, Visibility
from server.posts.service.listing import for_viewer
from server.posts.service.receive import fetch
from server.posts.tables import Pin, Post


class TooManyPinsError(RefusedError):
    """Five are shown first already. Take one out before you put another in."""


async def pin(post: Post, *, by: Actor, house: House) -> None:
    """Have an actor of ours show a public post of this node first, and tell its followers. Twice
    changes nothing.

    Raises TooManyPinsError, NotFoundError for what is not there for everybody. Whose post it may
    be is for the caller to judge.
    """
    async with db.transaction():
        await Actor.filter(id=by.id).select_for_update().get()  # two pins at once are not six
        held = await Post.get_or_none(id=post.id, local=True, state=State.PUBLISHED)
        if held is None or held.visibility is not Visibility.PUBLIC:
            raise NotFoundError
        if await Pin.exists(actor_id=by.id, post_id=post.id):
            return
        if await Pin.filter(actor_id=by.id).count() >= PINS:
            raise TooManyPinsError
        await Pin.create(actor_id=by.id, post_id=post.id)
        await _tell(wire.pin(house.activity_uri(), post, by, house=house), post, by, house=house)


async def unpin(post: Post, *, by: Actor, house: House) -> None:
    """Have an actor of ours show a post first no longer, and tell its followers."""
    async with db.transaction():
        if await Pin.filter(actor_id=by.id, post_id=post.id).delete():
            activity = wire.unpin(house.activity_uri(), post, by, house=house)
            await _tell(activity, post, by, house=house)


async def _tell(activity: vocab.Activity, post: Post, by: Actor, *, house: House) -> None:
    await delivery.send(
        activity, by=by, inboxes=follows.follower_inboxes(by), order_key=post.uri or "",
        house=house,
    )  # fmt: skip


async def pinned(actor: Actor, *, viewer: Actor | None = None) -> list[Post]:
    """Return what an actor shows first, the last pinned first, with authors and tags; without those
    of whom the viewer blocks, or who block them.
    """
    query = Post.filter(pins__actor_id=actor.id, state=State.PUBLISHED, visibility__in=list(OPEN))
    shown = for_viewer(query, viewer).order_by("-pins__id")
    return await shown.prefetch_related("author", "tags")


async def is_pinned(post: Post, *, by: Actor) -> bool:
    """Say whether an actor shows a post first."""
    return await Pin.exists(actor_id=by.id, post_id=post.id)


async def added(uri: str, *, to: str, by: Actor, house: House) -> None:
    """Keep that an actor elsewhere, whom somebody here follows, shows a post of its own first.

    `to` is the collection it says to have added it to: only its own `featured` counts.
    """
    if by.local or to != by.featured or not await follows.is_followed_here(by):
        return
    if not uris.same_origin(uri, by.uri) or await _has_enough(by):
        return
    try:
        post = await fetch(uri, house=house)
    except GoneError:
        return
    if post is None or post.author_id != by.id or post.visibility not in OPEN:
        return
    async with db.transaction():
        if not await _has_enough(by):
            await Pin.get_or_create(actor_id=by.id, post_id=post.id)


async def _has_enough(by: Actor) -> bool:
    return await Pin.filter(actor_id=by.id).count() >= PINS_ELSEWHERE


async def removed(uri: str, *, of: str, by: Actor) -> None:
    """Forget that an actor elsewhere shows a post first."""
    if of == by.featured and not by.local:
        await Pin.filter(actor_id=by.id, post__uri=uri).delete()
