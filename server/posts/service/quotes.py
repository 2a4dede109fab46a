"""Requests to quote a post of ours, answered by the post's policy with a stamp (FEP-044f)."""

from server import db
from server.actors.blocks import are_apart
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.follows.service import own_inbox
from server.house import House
from server.people import service as people
from server.posts import wire
from server.posts.cards import title_of
from server.posts.rules import OPEN, QUOTES, State, Visibility
from server.posts.tables import Post, Quote

PATH = "/quotes/"


async def asked(
    post_uri: str, *, quote_uri: str, by: Actor, request_uri: str | None, house: House
) -> None:
    """Answer a request to quote a post of ours: yes where everybody may quote it (and again with
    the same stamp), no where nobody may. Of what is not open to all, nothing is said at all.
    """
    async with db.transaction():
        post = await Post.filter(uri=post_uri, local=True).select_for_update().get_or_none()
        if post is None or post.state is not State.PUBLISHED or post.visibility not in OPEN:
            return
        author = await Actor.get(id=post.author_id)
        quote = await _allowed(post, author, by, quote_uri=quote_uri, house=house)
        request = wire.quote_request(request_uri, by, post, quote_uri)
        answer = wire.quote_answer(
            house.activity_uri(), request, author, stamp=quote.uri if quote else None
        )
        await delivery.send(
            answer, by=author, inboxes=[own_inbox(by)], order_key=post_uri, house=house
        )


async def _allowed(
    post: Post, author: Actor, by: Actor, *, quote_uri: str, house: House
) -> Quote | None:
    if post.visibility is not Visibility.PUBLIC or await are_apart(author.id, by.id):
        return None
    held = await Quote.get_or_none(post_id=post.id, actor_id=by.id, quote_uri=quote_uri)
    if held is not None or await Quote.filter(post_id=post.id).count() >= QUOTES:
        return held
    quote = await Quote.create(
        post_id=post.id, actor_id=by.id, quote_uri=quote_uri,
        uri=house.uri(f"{PATH}{house.ulid()}"), created_at=house.clock.now(),
    )  # fmt: skip
    if post.written_by_id is not None:
        await people.notify_person(
            post.written_by_id, kind="quote", actor=by, post_id=post.id, house=house,
            text=f"quoted “{title_of(post)}”",
        )  # fmt: skip
    return quote


async def stamp(path: str, *, house: House) -> Quote | None:
    """Return the stamp at a path, with its post and author, while the post is open to all."""
    return await Quote.get_or_none(
        uri=house.uri(path), post__state=State.PUBLISHED, post__visibility__in=list(OPEN)
    ).prefetch_related("post", "post__author")


async def revoke(post: Post, author: Actor, *, house: House) -> list[str]:
    """Take back every stamp of a post, in the transaction that withdraws it; return the inboxes of
    those who quoted it.
    """
    quotes = await Quote.filter(post_id=post.id).prefetch_related("actor")
    for quote in quotes:
        await delivery.send(
            wire.revocation(house.activity_uri(), quote, author, quote.actor), by=author,
            inboxes=[own_inbox(quote.actor)], order_key=post.uri or "", house=house,
        )  # fmt: skip
    await Quote.filter(post_id=post.id).delete()
    return [quote.actor.inbox for quote in quotes]
