"""Inboxes that are gone: try the personal ones first, and forget a follower only when its server
says so a second time, a day later (federation.md §6).
"""

from datetime import timedelta

from federation.audience import Inbox
from federation.errors import FetchError, GoneError
from federation.vocab import JsonObject
from server import db, jobs
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.events import InboxGone
from server.follows.tables import Follow
from server.house import House

JOB = "follows.confirm_gone"
CONFIRMED_AFTER = timedelta(days=1)
SHARED_BY = 500
"""Actors of one host who are sent personally what its shared inbox no longer takes."""


async def on_inbox_gone(event: InboxGone, house: House) -> None:
    """Send to each of them what a shared inbox did not take; suspect whoever's own inbox it was."""
    sharing = await Actor.filter(shared_inbox=event.inbox, local=False, gone=False).limit(SHARED_BY)
    if sharing:
        await _send_to_each(event, sharing, house=house)
        return
    for actor in await Actor.filter(inbox=event.inbox, local=False, gone=False).limit(2):
        if await Follow.filter(follower_id=actor.id).exists():
            due = house.clock.now() + CONFIRMED_AFTER
            await jobs.enqueue(
                JOB, {"actor": actor.id}, due=due, key=f"{JOB}:{actor.id}", house=house
            )


async def _send_to_each(event: InboxGone, sharing: list[Actor], *, house: House) -> None:
    following = await Follow.filter(
        followed_id=event.by.id, state="accepted", follower_id__in=[one.id for one in sharing]
    )
    meant = {row.follower_id for row in following}
    reached = [one for one in sharing if one.id in meant or one.uri in event.spoken_to]
    inboxes = [Inbox(one.inbox) for one in reached if one.inbox != event.inbox]
    await delivery.send_instead(event.delivery_id, inboxes, house=house)
    # What comes next goes there at once; their documents say when there is a shared one again.
    await Actor.filter(shared_inbox=event.inbox, local=False).update(shared_inbox=None)


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
