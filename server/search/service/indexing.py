"""Keep what can be found as it is: each time a post is written, edited or taken back, in the same
transaction.
"""

from dataclasses import dataclass
from typing import Any

from federation import html, vocab
from server import db, jobs
from server.actors.blocks import TURNED_AWAY, under
from server.actors.events import Judged, Profiled
from server.actors.tables import Actor
from server.db import fulltext
from server.follows.rules import FollowState
from server.follows.service import FollowAnswered, LetGo
from server.house import House
from server.hub.rules import HUB_PATH
from server.people.events import Closed
from server.posts import kinds
from server.posts import service as posts
from server.posts.events import Arrived, AuthorGone, Erased, Passed, Published, Renewed, Reworded
from server.posts.kinds import NOTE
from server.posts.rules import State, Visibility
from server.posts.tables import Post
from server.posts.terms import organisations_held
from server.search.rules.alike import link_marks
from server.search.rules.cards import Thing
from server.search.rules.words import NO_WORD
from server.search.service.introducing import add, introduce, part_with
from server.search.tables import Card

JOB = "search.go_over"
GONE_OVER = 100
"""Posts that are gone over in one transaction."""

FOLLOWED = (
    "EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = (SELECT id FROM actors WHERE uri = ?)"
    " AND f.followed_id = {actor} AND f.state = 'accepted')"
)
KNOWN = (  # of a post that is told here, or that those told or passed on whom the hub follows, or
    # where a hub is gone that it followed
    "SELECT a.host, a.indexable, e.stage, e.measured, e.who, e.setting, e.help_wanted,"  # noqa: S608
    " u.stage AS came_to, e.organisations AS tried_at, s.organisations AS told_of, s.author_role"
    " FROM actors a"
    " LEFT JOIN experiments e ON e.post_id = ? LEFT JOIN experiment_updates u ON u.post_id = ?"
    " LEFT JOIN stories s ON s.post_id = ?"
    f" WHERE a.id = ? AND NOT a.gone AND NOT {TURNED_AWAY.format(actor='a.id')}"
    " AND (a.local OR EXISTS (SELECT 1 FROM hosts h"
    " WHERE h.host = a.host AND h.closed_at IS NOT NULL)"
    f" OR {FOLLOWED.format(actor='a.id')} OR EXISTS (SELECT 1 FROM boosts b"
    f" WHERE b.post_id = ? AND {FOLLOWED.format(actor='b.actor_id')}"
    f" AND NOT {TURNED_AWAY.format(actor='b.actor_id')}))"
)


async def weigh(post: Post, *, house: House) -> None:
    """Have a post be found as it is now where it is for everybody and is known from this hub or
    its network; else nowhere.
    """
    if not _is_head(post):
        return
    known = await _known(post, house=house) if _is_open(post) else None
    if known is None:
        await _remove(post)
    else:
        await _put(post, await _thing(post, known), indexable=bool(known["indexable"]))
        await introduce(post.author_id)


def _is_head(post: Post) -> bool:
    """Say whether a post stands for itself: what answers another is read there."""
    return post.kind in kinds.boosted() or (post.kind == NOTE and post.in_reply_to is None)


def _is_open(post: Post) -> bool:
    return post.state is State.PUBLISHED and post.visibility is Visibility.PUBLIC


async def _known(post: Post, *, house: House) -> dict[str, Any] | None:
    hub = house.uri(HUB_PATH)
    found = await db.rows(KNOWN, *[post.id] * 3, post.author_id, hub, post.id, hub)
    return found[0] if found else None


async def _thing(post: Post, known: dict[str, Any]) -> Thing:
    tags, places = await posts.tags(post), await posts.places(post)
    held = [organisations_held(known[name] or "[]") for name in ("told_of", "tried_at")]
    named = [one.name_then for some in held for one in some]
    return Thing(
        kind=post.kind, author=post.author_id, hub=known["host"], role=known["author_role"] or "",
        published_at=post.published_at or post.created_at,
        texts=(
            post.title, post.content_warning, html.text_of(post.html), known["setting"] or "",
            known["help_wanted"] or "", *(tag.shown for tag in tags),
            *(place.shown for place in places),
        ),
        topics=tuple(tag.name for tag in tags), places=tuple(place.name for place in places),
        organisations=tuple(filter(None, [*named, known["who"]])),
        links=tuple(link_marks(post.html)) if known["stage"] is not None else (),
        stage=known["stage"] or known["came_to"] or "", measured=bool(known["measured"]),
    )  # fmt: skip


async def _put(post: Post, thing: Thing, *, indexable: bool) -> None:
    card = await Card.get_or_none(post_id=post.id)
    marks = thing.marks
    if card is None:
        card = Card(post_id=post.id, author_id=post.author_id, marks=" ".join(marks))
        await add(card, thing.published_at, post.id)
    else:
        await Card.filter(id=card.id).update(marks=" ".join(marks))
    await fulltext.put(card.number, thing.said if indexable else (), marks, gap=NO_WORD)


async def _remove(post: Post) -> None:
    """Have a post be found no more, nor its author where nothing else is."""
    if await Card.filter(post_id=post.id).delete():
        await part_with(post.author_id)


async def on_written(
    event: Arrived | Renewed | Passed | Published | Reworded, house: House
) -> None:  # fmt: skip
    """Have a post be found as it is from now on."""
    await weigh(event.post, house=house)


async def on_erased(event: Erased, _: House) -> None:
    """Have a post that is taken back be found no more."""
    await _remove(event.post)


async def on_author_gone(event: AuthorGone, _: House) -> None:
    """Have nothing be found of somebody who is gone."""
    await Card.filter(author_id=event.author.id).delete()


async def on_closed(event: Closed, _: House) -> None:
    """Have nothing be found of somebody who closed their account, at once: that all they published
    is taken back may take a while.
    """
    await Card.filter(author_id=event.actor.id).delete()


async def on_profiled(event: Profiled, house: House) -> None:
    """Have somebody be found by their name as it is; and where it may be otherwise than before,
    nothing of what they published until it is seen what may.
    """
    if event.words:
        await _anew(Scope(actor=event.actor.id), house=house)
    else:
        await introduce(event.actor.id, again=True)


async def on_judged(event: Judged, house: House) -> None:
    """Have nothing be found of those who are turned away, and all of those who are let in."""
    await _anew(Scope(actor=event.actor_id, host=event.host), house=house)


async def on_answered(event: FollowAnswered, house: House) -> None:
    """Have what somebody told and passed on be found once the hub follows them, or no longer."""
    if event.follow.state is not FollowState.REQUESTED:
        follower = await Actor.get(id=event.follow.follower_id)
        await _on_followed(follower, event.follow.followed_id, house=house)


async def on_let_go(event: LetGo, house: House) -> None:
    """Have the same not be found once the hub no longer follows them."""
    await _on_followed(event.follower, event.followed.id, house=house)


async def _on_followed(follower: Actor, followed_id: int, *, house: House) -> None:
    if follower.uri == house.uri(HUB_PATH):
        await go_over(Scope(actor=followed_id), house=house)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose posts: an actor's, or those of all on a host and under its name; else everybody's."""

    actor: int | None = None
    host: str | None = None

    @property
    def actors(self) -> tuple[str, list[object]]:
        """The rows of those actors, as SQL and its arguments."""
        if self.actor is not None:
            return "SELECT CAST(? AS BIGINT)", [self.actor]
        return f"SELECT id FROM actors WHERE {under('host', '?')}", [self.host]  # noqa: S608


EVERYBODY = Scope()


async def _anew(scope: Scope, *, house: House) -> None:
    actors, arguments = scope.actors
    await db.execute(f"DELETE FROM cards WHERE author_id IN ({actors})", *arguments)  # noqa: S608
    await go_over(scope, house=house)


async def go_over(scope: Scope = EVERYBODY, *, after: int = 0, house: House) -> None:
    """Have a job go over what somebody told and passed on, a part at a time."""
    payload: vocab.JsonObject = {"actor": scope.actor, "host": scope.host, "after": after}
    key = f"{JOB}:{scope.actor}:{scope.host}:{after}"
    await jobs.enqueue(JOB, payload, key=key, house=house)


async def go_over_next(payload: vocab.JsonObject, house: House) -> None:
    """Go over a part of the posts, and have another job go on after it. Twice changes nothing."""
    actor, host = payload["actor"], payload["host"]
    scope = Scope(actor=int(str(actor)) if actor else None, host=str(host) if host else None)
    sql = "SELECT p.* FROM posts p WHERE p.id > ?"
    arguments: list[object] = [payload["after"]]
    if scope != EVERYBODY:
        actors, whose = scope.actors
        sql += (
            f" AND p.id IN (SELECT id FROM posts WHERE author_id IN ({actors})"  # noqa: S608
            f" UNION SELECT post_id FROM boosts WHERE actor_id IN ({actors}))"
        )
        arguments += [*whose, *whose]
    async with db.transaction():
        found = await db.read(Post, f"{sql} ORDER BY p.id LIMIT ?", *arguments, GONE_OVER)
        for post in found:
            await weigh(post, house=house)
        if len(found) == GONE_OVER:
            await go_over(scope, after=found[-1].id, house=house)
