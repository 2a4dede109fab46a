"""Activities to send, and what became of them."""

from itertools import count
from typing import Any

from federation import vocab
from federation.audience import Inbox
from server import db
from server.actors.directory import Ring
from server.actors.tables import Actor
from server.delivery import service
from server.delivery.tables import Delivery, Lane
from server.delivery.worker import LaneWorker
from server.house import House

_numbers = count(1)


async def send(
    by: Actor, *urls: str, house: House, key: str = "one", kind: str = "Create",
    about: str | None = None, **terms: Any,
) -> str:  # fmt: skip
    """Send an activity to inboxes; return its id."""
    uri = house.activity_uri()
    activity = vocab.Activity(
        id=uri, type=vocab.ActivityType(kind), actor=by.uri, to=(vocab.PUBLIC,),
        object=about or f"https://hub.test/stories/{next(_numbers)}",
    )  # fmt: skip
    async with db.transaction():
        await service.send(
            activity, by=by, inboxes=[Inbox(url) for url in urls], order_key=key, house=house,
            **terms,
        )  # fmt: skip
    return uri


def worker(house: House, name: str = "w") -> LaneWorker:
    """Return a worker on the house's lanes."""
    return LaneWorker(house, Ring(), name=name)


async def states(**terms: Any) -> list[str]:
    """Return the states of all deliveries, in their order."""
    return [str(row.state) for row in await Delivery.filter(**terms).order_by("id")]


async def lane(host: str) -> Lane:
    """Return the lane of a host."""
    return await Lane.get(host=host)
