"""Whether both ends know the same of who follows whom (FEP-8fcf).

Sent: a digest of the followers that a host has, beside what goes to them. Received: where it is not
what we know, the list is asked for, and whoever is missing there asks to follow again. Nothing is
ever ended because of it: a list may be wrong, and only a Reject or a Block is an answer.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from federation import collections, synchronisation, uris, vocab
from federation.collections import Budget
from federation.delivery import NO_HEADERS
from federation.errors import FederationError
from federation.fetch import Memory
from federation.signatures import Message, acceptable, claims
from federation.synchronisation import FIELD, Synchronisation, partial_digest
from server import db, jobs
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.follows import wire
from server.follows.rules import FollowState
from server.follows.service import own_inbox
from server.follows.tables import Follow
from server.house import House

JOB = "follows.synchronise"
PATH = "followers_synchronization"
FRESH_FOR = timedelta(minutes=1)
"""How old the digests may be that are sent: an old one costs the other side one look."""
ACTORS = 1_000
"""Of how many actors digests, or what was heard, are remembered."""
HEARD_FOR = timedelta(hours=1)
"""How long the same word of the same actor is not listened to again."""
ASK_AGAIN = timedelta(days=1)
"""How long a follow that seems lost is left alone once it was asked for anew."""
WALK = Budget(pages=20, items=10_000, seconds=60)
FOLLOWERS_MOST = 10_000
"""Followers of one host that are listed to it."""


class Beside:
    """What goes along with an activity for followers: the digest for the host it goes to."""

    def __init__(self, house: House) -> None:
        """Know no digests yet."""
        self._house = house
        self._digests: Memory[int, Mapping[str, Synchronisation]] = Memory(
            clock=house.clock, bound=ACTORS
        )
        self._digesting = asyncio.Lock()
        self._followers: Memory[int, bytes] = Memory(clock=house.clock, bound=ACTORS)

    async def __call__(self, actor_id: int, inbox: str, body: bytes) -> Mapping[str, str]:
        """Return the header field to send along, if any: only beside what is for the followers."""
        followers = self._followers.get(actor_id)
        if followers is None:
            actor = await Actor.get_or_none(id=actor_id)
            followers = (actor.followers or "").encode() if actor is not None else b""
            self._followers.keep(actor_id, followers, lasts=HEARD_FOR)
        if not followers or followers not in body:
            return NO_HEADERS
        digests = self._digests.get(actor_id)
        if digests is None:
            async with self._digesting:  # else each of many lanes that begin together would do it
                digests = self._digests.get(actor_id)
                if digests is None:
                    digests = await self._digested(actor_id, followers.decode())
                    self._digests.keep(actor_id, digests, lasts=FRESH_FOR)
        stated = digests.get(uris.host_of(inbox))
        return {FIELD: str(stated)} if stated is not None else NO_HEADERS

    async def _digested(self, actor_id: int, followers: str) -> Mapping[str, Synchronisation]:
        """Digest an actor's followers elsewhere for every host at once: one query, however many
        hosts there are.
        """
        found = await db.rows(
            "SELECT a.host, a.uri FROM follows f JOIN actors a ON a.id = f.follower_id"
            " WHERE f.followed_id = ? AND f.state = 'accepted' AND NOT a.local AND NOT a.gone",
            actor_id,
        )
        by_host: dict[str, list[str]] = {}
        for row in found:
            by_host.setdefault(row["host"], []).append(row["uri"])
        url = f"{followers.removesuffix('/followers')}/{PATH}"
        return {
            host: Synchronisation(collection_id=followers, url=url, digest=partial_digest(some))
            for host, some in by_host.items()
        }


async def partial(followed: Actor, *, host: str) -> list[str]:
    """Return the ids of an actor's followers on one host."""
    found = await db.rows(
        "SELECT a.uri FROM follows f JOIN actors a ON a.id = f.follower_id"
        " WHERE f.followed_id = ? AND f.state = 'accepted' AND a.host = ? AND NOT a.gone"
        " ORDER BY f.id LIMIT ?",
        followed.id, host, FOLLOWERS_MOST,
    )  # fmt: skip
    return [str(row["uri"]) for row in found]


class Ear:
    """Listens to what others say of their followers here, beside what they send."""

    def __init__(self, house: House) -> None:
        """Have heard nothing yet."""
        self._house = house
        self._heard: Memory[str, str] = Memory(clock=house.clock, bound=ACTORS)

    async def hear(self, message: Message, actor: str) -> None:
        """Have a job look into what a signed header says, unless the same was just heard."""
        value = message.value(FIELD.lower())
        if value is None or self._heard.get(actor) == value:
            return
        self._heard.keep(actor, value, lasts=HEARD_FOR)
        stated = synchronisation.read(value)
        claim = acceptable(claims(message), message, self._house.clock.now())
        if stated is None or FIELD.lower() not in {name.strip('"') for name in claim.covered}:
            return
        if not uris.same_origin(stated.url, actor):
            return
        await jobs.enqueue(
            JOB,
            {
                "actor": actor, "collection": stated.collection_id, "url": stated.url,
                "digest": stated.digest,
            },
            key=f"{JOB}:{actor}"[:255], house=self._house,
        )  # fmt: skip


async def synchronise(payload: vocab.JsonObject, house: House) -> None:
    """Where somebody elsewhere knows other followers here than we do, ask for their list, and then
    to follow again for each who is missing in it. Nobody's follow is ended.
    """
    followed = await actors.known(str(payload["actor"]))
    if followed is None or followed.local or payload["collection"] != followed.followers:
        return
    mine = await _following(followed)
    if partial_digest(one.follower.uri for one in mine) == payload["digest"]:
        return
    before = house.clock.now() - ASK_AGAIN
    due = [one for one in mine if one.asked_again_at is None or one.asked_again_at < before]
    if not due:
        return
    listed = await _listed(str(payload["url"]), house=house)
    if listed is not None:
        for follow in due:
            if follow.follower.uri not in listed:
                await _ask_again(follow, followed, house=house)


async def _following(followed: Actor) -> list[Follow]:
    rows = Follow.filter(followed_id=followed.id, follower__local=True, state=FollowState.ACCEPTED)
    return await rows.prefetch_related("follower")


async def _listed(url: str, *, house: House) -> set[str] | None:
    """Return who is in a list; None where it can't be had, or not whole."""
    found: set[str] = set()
    page = None
    try:
        async for page in collections.pages(
            url, fetcher=house.fetcher, budget=WALK, clock=house.clock
        ):
            found.update(uri for item in page.items if (uri := vocab.id_of(item)))
    except FederationError:
        return None
    return found if page is not None and page.next is None else None


async def _ask_again(follow: Follow, followed: Actor, *, house: House) -> None:
    async with db.transaction():
        row = await Follow.filter(id=follow.id).select_for_update().get_or_none()
        if row is None or row.state is not FollowState.ACCEPTED:
            return
        row.uri, row.asked_again_at = house.activity_uri(), house.clock.now()
        await row.save(update_fields=["uri", "asked_again_at"])
        await delivery.send(
            wire.follow(row.uri, follow.follower, followed), by=follow.follower,
            inboxes=[own_inbox(followed)], order_key=delivery.between(follow.follower, followed),
            house=house,
        )  # fmt: skip
