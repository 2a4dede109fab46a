"""Keep what can be found as it is: each time a post is written, edited or taken back, in the same
transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from federation import vocab
from server import db, jobs
from server.actors.blocks import under
from server.actors.events import Judged, Profiled
from server.actors.tables import Actor
from server.follows.rules import FollowState
from server.follows.service import FollowAnswered, LetGo
from server.house import House
from server.hub.rules import HUB_PATH
from server.people.events import Closed
from server.posts.events import Arrived, AuthorGone, Erased, Passed, Published, Renewed, Reworded
from server.posts.tables import Post
from server.search.service.introducing import introduce_again
from server.search.service.weighing import AT_ONCE, is_head, remove, weigh
from server.search.tables import Card

JOB = "search.go_over"


async def on_written(event: Arrived | Renewed | Published | Reworded, house: House) -> None:
    """Have a post be found as it is, once all is written that this is about."""
    await _note(event.post, changed=True, house=house)


async def on_passed(event: Passed, house: House) -> None:
    """Have a post be found as long as it is known from somebody."""
    await _note(event.post, changed=False, house=house)


async def _note(post: Post, *, changed: bool, house: House) -> None:
    if is_head(post.kind, post.in_reply_to):
        await db.at_the_end("search", (post.id, changed), partial(_weigh_noted, house=house))


async def _weigh_noted(noted: Collection[Any], *, house: House) -> None:
    posts = [post for post, changed in noted if changed]
    await weigh(posts, passed=[post for post, _ in noted], house=house)


async def on_erased(event: Erased, _: House) -> None:
    """Have a post that is taken back be found no more."""
    await remove([event.post.id])


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
        await introduce_again(event.actor.id)


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
    sql = "SELECT id, kind, in_reply_to FROM posts WHERE id > ?"
    arguments: list[object] = [payload["after"]]
    if scope != EVERYBODY:
        actors, whose = scope.actors
        sql += (
            f" AND id IN (SELECT id FROM posts WHERE author_id IN ({actors})"  # noqa: S608
            f" UNION SELECT post_id FROM boosts WHERE actor_id IN ({actors}))"
        )
        arguments += [*whose, *whose]
    async with db.transaction():
        found = await db.rows(f"{sql} ORDER BY id LIMIT ?", *arguments, AT_ONCE)
        heads = [row["id"] for row in found if is_head(row["kind"], row["in_reply_to"])]
        await weigh(heads, house=house)
        if len(found) == AT_ONCE:
            await go_over(scope, after=found[-1]["id"], house=house)
