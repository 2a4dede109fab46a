"""What a back catalogue costs: hubs that were just followed show what they published before."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson

from bench import wire
from bench.outside import PEERS
from bench.report import Figure
from bench.rounds import Scale, Seen, meeting
from federation import vocab
from federation.ports import SystemClock

EACH = 200
"""Things of one hub."""
PEOPLE = 5
"""Who tell them, on each hub."""
PAGE = 20
TEXT = (
    "The ward round was at ten, and by noon we knew that Mum could go home. Then we waited. Nobody "
    "had ordered the tablets to take home, and the pharmacy shut at five."
)


async def catalogue(scale: Scale) -> list[Figure]:
    """Hubs at once, each round others, with stories of theirs in their outboxes' pages."""
    seen = Seen()
    each = EACH if scale.rounds > 1 else PAGE + 1
    async with meeting(scale) as (child, peers):
        await child.ask("work")
        before = own = 1.0
        for number in range(scale.rounds + 1):
            await seen.pace(child)
            hosts = [f"c{number}-{index}.{PEERS}" for index in range(max(2, scale.senders // 5))]
            peers.documents = {
                uri: body for host in hosts for uri, body in shown(host, each).items()
            }
            hubs = [orjson.loads(peers.documents[f"https://{host}/hub"]) for host in hosts]
            cpu = await child.cpu()
            seconds = await child.ask("backfill", hubs=hubs)
            cpu, things = await child.cpu() - cpu, len(hosts) * each
            if number:
                seen.add("catalogue.cpu", "thing of a back catalogue", "ms CPU", cpu / things * 1e3)
                seen.add("catalogue.rate", "  and so many come in", "/s", things / seconds)
            else:
                before, own = await child.ask("memory"), await child.ask("own_memory")
        grown = await child.ask("memory") / before
        seen.add("catalogue.memory", f"memory after {scale.rounds} times as many", "×", grown)
        grown = await child.ask("own_memory") / own
        seen.add("catalogue.own", "  of that its own, files that it maps aside", "×", grown)
    return seen.figures()


def shown(host: str, number: int, *, text: Callable[[], str] = lambda: TEXT) -> dict[str, bytes]:
    """Return all that can be read of a hub: its actor, its people, and the pages of its outbox with
    so many stories, the newest first, each with a text of its own.
    """
    hub = f"https://{host}/hub"
    people = [f"https://{host}/people/p{index}" for index in range(PEOPLE)]
    documents = [{**wire.actor(one), "indexable": True} for one in people]
    documents.append({**wire.actor(hub), "type": "Organization"})
    now = SystemClock().now()
    told = [
        announced(hub, people[n % PEOPLE], n, at=now - timedelta(days=1, hours=n), text=text())
        for n in range(number)
    ]
    starts = range(0, number, PAGE)
    for page, start in enumerate(starts):
        document = {
            "@context": vocab.CONTEXT, "id": f"{hub}/outbox/{page}", "partOf": f"{hub}/outbox",
            "type": "OrderedCollectionPage", "orderedItems": told[start : start + PAGE],
        }  # fmt: skip
        onwards = {"next": f"{hub}/outbox/{page + 1}"} if start != starts[-1] else {}
        documents.append(document | onwards)
    documents.append({
        "@context": vocab.CONTEXT, "id": f"{hub}/outbox", "type": "OrderedCollection",
        "totalItems": number, "first": f"{hub}/outbox/0",
    })  # fmt: skip
    return {str(one["id"]): orjson.dumps(one) for one in documents}


def announced(
    hub: str, person: str, number: int, *, at: datetime, text: str = TEXT
) -> dict[str, Any]:
    """Return a hub's boost of a story of one of its people, with the story in it."""
    published, host = at.isoformat(), hub.split("/")[2]
    uri = f"https://{host}/stories/{number:026}"
    content = f"<p><strong>Home by six</strong></p><p>{text}</p><p>{text}</p>"
    note = {
        "id": uri, "type": "Note", "attributedTo": person, "url": uri, "published": published,
        "to": [wire.PUBLIC], "cc": [f"{person}/followers", f"{hub}/followers"],
        "content": content, "contentMap": {"en-GB": content},
        "tag": [{"type": "Hashtag", "name": "#discharge", "href": f"https://{host}/topics/d"}],
        "replies": f"{uri}/replies", "likes": f"{uri}/likes", "shares": f"{uri}/shares",
        "fettle:story": {
            "title": "Home by six", "whatHappened": text, "whatWasGood": text,
            "authorRole": "relative",
        },
    }  # fmt: skip
    return {
        "id": f"https://{host}/activities/{number:026}", "type": "Announce", "actor": hub,
        "published": published, "to": [wire.PUBLIC], "cc": [f"{hub}/followers", person],
        "object": note,
    }  # fmt: skip
