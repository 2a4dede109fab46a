"""Inboxes that are gone: try the personal ones first, and forget a follower only when its server
says so a second time, a day later (federation.md §6).
"""

from datetime import timedelta

from federation import uris
from federation.errors import FetchError, GoneError
from federation.vocab import JsonObject
from server import db, jobs
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.events import InboxGone
from server.delivery.reach import Reach
from server.follows.tables import Follow
from server.house import House

JOB = "follows.confirm_gone"
CONFIRMED_AFTER = timedelta(days=1)
EACH = 500
"""Actors of one host who are sent personally what its shared inbox no longer takes."""


async def on_inbox_gone(event: InboxGone, house: House) -> None:
    """Send to each of them what a shared inbox did not take; suspect whoever's own inbox it was."""
    own = await Actor.filter(inbox=event.inbox, local=False, gone=False).limit(2)
    shared = await Actor.exists(shared_inbox=event.inbox, local=False, gone=False)
    if shared or not own:
        await delivery.send_instead(event.delivery_id, _each(event), house=house)
        # What comes next goes there at once; their documents say when there is a shared one again.
        await Actor.filter(shared_inbox=event.inbox, local=False).update(shared_inbox=None)
        return
    for actor in own:
        if await Follow.filter(follower_id=actor.id).exists():
            due = house.clock.now() + CONFIRMED_AFTER
            await jobs.enqueue(
                JOB, {"actor": actor.id}, due=due, key=f"{JOB}:{actor.id}", house=house
            )


def _each(event: InboxGone) -> Reach:
    """Return the own inboxes of those who were reached by a shared one: they follow, or are spoken
    to. A withdrawal goes to whoever is known there, since they may have followed when it went out.
    """
    spoken_to = sorted(event.spoken_to)
    meant = (
        "a.id IN (SELECT follower_id FROM follows WHERE followed_id = ? AND state = 'accepted')"  # noqa: S608 - marks
        + (f" OR a.uri IN ({db.marks(len(spoken_to))})" if spoken_to else "")
        + (" OR TRUE" if event.withdrawal else "")
    )
    return Reach(
        "SELECT own.url FROM (SELECT a.inbox AS url FROM actors a WHERE NOT a.local AND NOT a.gone"  # noqa: S608 - marks
        f" AND (a.shared_inbox = ? OR a.host = ?) AND a.inbox <> ? AND ({meant}) ORDER BY a.id"
        " LIMIT ?) AS own",
        (
            event.inbox, uris.host_of(event.inbox), event.inbox, event.by.id, *spoken_to,
            EACH,
        ),
    )  # fmt: skip


async def confirm(payload: JsonObject, house: House) -> None:
    """Read an actor's document anew; where its server says it is gone, it follows nobody more."""
    actor = await Actor.get_or_none(id=int(str(payload["actor"])), local=False)
    if actor is None:
        return
    try:
        document = await house.fetcher.actor(actor.uri)
    except GoneError:
        async with db.transaction():
            await Follow.filter(follower_id=actor.id).delete()
    except FetchError:
        return  # what can't be asked proves nothing; the next delivery will tell
    else:
        await actors.keep(document, house=house)
