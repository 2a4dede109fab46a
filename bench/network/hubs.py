"""The hubs that are played: one process is all of them, at one port, each by a name of its own.

They share one pair of RSA keys under ids of their own, and what they publish is made, and signed,
before it is due: so that as much as can be of the machine is left for whoever subscribes to them.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

import orjson
import trustme
from aiohttp import web

from bench import wire
from bench.catalogue import PEOPLE, announced, shown
from bench.known import words
from bench.network.team import ADDRESS, Way
from bench.outside import Request, listening
from federation import vocab
from federation.keys import SigningKey, generate_rsa
from federation.ports import SystemClock

KIND = "application/activity+json"
KINDS = {
    "/.well-known/webfinger": "application/jrd+json",
    "/.well-known/nodeinfo": "application/json",
    "/nodeinfo/2.0": "application/json",
}
SAID = 30
"""Words of each of the two parts of a story."""
NOTHING = {"@context": vocab.CONTEXT, "type": "OrderedCollectionPage", "orderedItems": []}


@dataclass(frozen=True, slots=True)
class Publication:
    """A story that a hub passes on at some moment."""

    uri: str
    request: Request


@dataclass(slots=True)
class Hubs:
    """All of them."""

    way: Way
    """To whoever subscribes."""
    everybody: list[wire.Sender] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    """What can be read there, by its address."""
    told: set[str] = field(default_factory=set)
    """The stories that they have published."""
    is_shut: bool = False
    """Whether they say that they published nothing before."""
    _chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - no secret
    _numbers: dict[str, int] = field(default_factory=dict)
    """Stories of each hub so far."""
    _addresses: dict[str, str] = field(default_factory=dict)
    """Where each hub is, as far as the subscriber's proxy says: in RFC 2544's range for this."""
    _answers: set[asyncio.Task[None]] = field(default_factory=set)

    def settle(self, hosts: Sequence[str], things: int) -> None:
        """Make so many hubs, each with so many stories of before."""
        key = generate_rsa()
        for place, host in enumerate(hosts):
            uri = f"https://{host}/hub"
            hub = wire.Sender(uri, SigningKey(f"{uri}#main-key", key))
            held = shown(host, things, text=self._text)
            held[uri] = orjson.dumps(hub.document | {"type": "Organization"})
            self.documents |= held | _around(host, uri)
            self.told |= {f"https://{host}/stories/{number:026}" for number in range(things)}
            self.everybody.append(hub)
            self._numbers[uri] = things
            self._addresses[uri] = f"198.18.{place // 250}.{place % 250 + 1}"

    @property
    def handles(self) -> list[str]:
        """The address of each, as one would give it to somebody."""
        return [f"@hub@{one.uri.split('/')[2]}" for one in self.everybody]

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Give what can be read, and let whoever asks follow."""
        if request.method == "POST":
            self._read(orjson.loads(await request.read()))
            return web.Response(status=202)
        uri = f"https://{request.host}{request.path}"
        found = self.documents.get(uri)
        if self.is_shut and "/outbox" in request.path:
            found = orjson.dumps(NOTHING | {"id": uri})
        kind = KINDS.get(request.path, KIND)
        return web.Response(body=found, content_type=kind) if found else web.Response(status=404)

    def _read(self, activity: dict[str, Any]) -> None:
        if activity["type"] == "Follow":
            hub = next(one for one in self.everybody if one.uri == activity["object"])
            accept = {
                "@context": vocab.CONTEXT, "id": f"{hub.uri}#accept", "type": "Accept",
                "actor": hub.uri, "object": activity,
            }  # fmt: skip
            request = self._delivered(accept, hub, SystemClock().now())
            task = asyncio.create_task(self.way.bring(request))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    def prepared(self, number: int, *, rate: int, begins: datetime) -> list[Publication]:
        """Make so many stories and what passes them on, one hub after another, at that rate from
        then on. They can be read at once, but nobody knows of them.
        """
        return [
            self._publication(hub, begins + timedelta(seconds=place / rate))
            for place, hub in enumerate(islice(cycle(self.everybody), number))
        ]

    def _publication(self, hub: wire.Sender, at: datetime) -> Publication:
        number, host = self._numbers[hub.uri], hub.uri.split("/")[2]
        self._numbers[hub.uri] += 1
        person = f"https://{host}/people/p{number % PEOPLE}"
        activity = announced(hub.uri, person, number, at=at, text=self._text())
        note = activity["object"]
        self.documents[note["id"]] = orjson.dumps({"@context": vocab.CONTEXT, **note})
        told = {"@context": vocab.CONTEXT, **activity, "object": note["id"]}
        return Publication(note["id"], self._delivered(told, hub, at))

    def _delivered(self, activity: dict[str, Any], hub: wire.Sender, at: datetime) -> Request:
        """Make a delivery as the subscriber's proxy hands it on: each hub has an address."""
        request = wire.delivered(orjson.dumps(activity), hub, ADDRESS, now=at)
        comes_from = {"X-Forwarded-For": self._addresses[hub.uri], "X-Forwarded-Proto": "https"}
        return replace(request, headers={**request.headers, **comes_from})

    def _text(self) -> str:
        return " ".join(words(self._chance, SAID))


def _around(host: str, hub: str) -> dict[str, bytes]:
    """Return what a server says of itself, and of who is at its handle."""
    origin = f"https://{host}"
    documents: dict[str, Any] = {
        "/.well-known/webfinger": {
            "subject": f"acct:hub@{host}",
            "links": [{"rel": "self", "type": KIND, "href": hub}],
        },
        "/.well-known/nodeinfo": {
            "links": [{
                "rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
                "href": f"{origin}/nodeinfo/2.0",
            }],
        },
        "/nodeinfo/2.0": {
            "version": "2.0", "software": {"name": "fettle", "version": "1.0"},
            "protocols": ["activitypub"], "services": {"inbound": [], "outbound": []},
            "openRegistrations": False, "usage": {"users": {"total": PEOPLE}}, "metadata": {},
        },
    }  # fmt: skip
    return {f"{origin}{path}": orjson.dumps(document) for path, document in documents.items()}


@asynccontextmanager
async def hubs(number: int, things: int, *, way: Way, authority: trustme.CA) -> AsyncIterator[Hubs]:
    """Bring up so many hubs, each with so many stories of before."""
    found = Hubs(way)
    async with listening(found.answer, authority=authority) as port:
        hosts = [f"hub{place}.test:{port}" for place in range(1, number + 1)]
        await asyncio.to_thread(found.settle, hosts, things)
        yield found
