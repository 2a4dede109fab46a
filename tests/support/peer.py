"""Someone else's server, tiny and real: TLS, actors with keys, inboxes that write everything down.

    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ...the node under test delivers to https://there.test/people/ann/inbox or /inbox...
    follow = await peer.arrived("Follow")
    await ann.post(inbox, ann.accept(follow))

Documents are built by hand here, as plain JSON, so that what our own code renders wrongly does not
come back looking right. A peer can also misbehave: `answers`, `handles`, `inbox_answers`, `reads`,
`stop`.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

import pytest
from aiohttp import web

from federation.connector import body_of, target_of
from federation.errors import FederationError
from federation.keys import SigningKey, VerificationKey, load_public_pem
from federation.signatures import Message, Scheme, acceptable, claims, verify
from tests.support.network import IPV4, Network
from tests.support.resident import CONTENT_TYPE, CONTEXT, Document, Reply, Resident

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SOME_TIME = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request that reached the peer."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sender: str | None = None
    """The actor whose signature was proven; only where the peer is `strict` and it is a POST."""

    @property
    def path(self) -> str:
        """The path with its query."""
        return "/" + self.url.split("/", 3)[3]

    @property
    def activity(self) -> Document:
        """What was posted."""
        document: Document = json.loads(self.body)
        return document

    @property
    def message(self) -> Message:
        """The request as signatures look at it."""
        return Message(self.method, self.url, self.headers, self.body)

    @property
    def scheme(self) -> Scheme | None:
        """How it was signed; None where it was not, or can't be read."""
        try:
            found = claims(self.message)
        except FederationError:
            return None
        return found[0].scheme if found else None

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Peer:
    """A server on `https://{host}`; make one with `Peer.at`."""

    def __init__(self, network: Network, host: str) -> None:
        self.network, self.host = network, host
        self.origin = f"https://{host}"
        self.shared_inbox = f"{self.origin}/inbox"
        self.software = "peer"
        self.received: list[Received] = []
        """What its inboxes got, in order, whatever was answered."""
        self.requests: list[Received] = []
        """Every request, those to inboxes too."""
        self.keeps_requests = True
        """Whether these are kept; what inboxes got always is."""
        self.actors: dict[str, Resident] = {}
        self.reads: set[Scheme] = {Scheme.CAVAGE, Scheme.RFC9421}
        """The signature schemes that it knows: anything else is answered 401."""
        self.strict = False
        """Verify every POST with the sender's published key before it is taken, else 401."""
        self.secure = False
        """Ask for signed GETs (Mastodon's secure mode), else 401."""
        self.client = network.client()
        self._handlers: dict[str, Handler] = {}
        self._documents: dict[str, Document] = {}
        self._statuses: list[int] = []
        self._number = 0
        self._news = asyncio.Condition()
        self.listens_at = IPV4
        self._port = 0
        self._runner: web.AppRunner | None = None

    @classmethod
    async def at(cls, network: Network, host: str) -> Self:
        """Bring up a server in the network; it goes down with it."""
        peer = cls(network, host)
        await peer.start()
        network.stack.push_async_callback(peer.client.aclose)
        network.stack.push_async_callback(peer.stop)
        return peer

    async def start(self) -> None:
        """Listen; again on the same port after `stop`."""
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_route("*", "/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        tls = self.network.server_tls(self.host)
        await web.TCPSite(self._runner, self.listens_at, self._port, ssl_context=tls).start()
        self._port = self._runner.addresses[0][1]
        self.network.resolver.ports[self.host] = self._port

    async def stop(self) -> None:
        """Go down: connections are refused from now on."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def actor(self, name: str, *, type: str = "Person", **terms: object) -> Resident:  # noqa: A002
        """Publish an actor with a key of its own, found by WebFinger too."""
        key = SigningKey(f"{self.origin}/people/{name}#main-key", self.network.new_key())
        actor = Resident(peer=self, name=name, type=type, key=key, terms=dict(terms))
        self.actors[name] = actor
        return actor

    def publish(self, document: Document) -> str:
        """Serve a document at its id, and return that."""
        uri: str = document["id"]
        self._documents[self._path(uri)] = document
        return uri

    def answers(
        self,
        path: str,
        *,
        status: int = 200,
        body: bytes | Document = b"",
        content_type: str = CONTENT_TYPE,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Answer `path` (or its URL) like this from now on; returns the URL."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": content_type, **(headers or {})}

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, body=data, headers=sent)

        return self.handles(path, answer)

    def gone(self, uri: str) -> str:
        """Answer 410 at `uri` from now on."""
        return self.answers(uri, status=410)

    @staticmethod
    def json(document: Document) -> web.Response:
        """Make the answer that a document of ActivityPub is, for handlers."""
        return _json(document)

    def redirects(self, path: str, to: str, *, status: int = 302) -> str:
        """Answer `path` with a redirect; returns the URL."""
        return self.answers(path, status=status, headers={"Location": to})

    def handles(self, path: str, handler: Handler) -> str:
        """Let `handler` answer `path` from now on, whatever is asked of it; returns the URL."""
        self._handlers[self._path(path)] = handler
        return self.origin + self._path(path)

    def waits(self, path: str, until: asyncio.Event) -> str:
        """Answer `path` as a peer does, but not before something has happened; returns the URL."""

        async def answer(request: web.Request) -> web.StreamResponse:
            await until.wait()
            return self._public(request)

        return self.handles(path, answer)

    def heals(self, path: str) -> None:
        """Answer `path` as a peer does, again."""
        self._handlers.pop(self._path(path), None)

    def inbox_answers(self, *statuses: int) -> None:
        """Answer the next POSTs to inboxes with these statuses, then 202 again."""
        self._statuses = list(statuses)

    def activities(self, kind: str | None = None) -> list[Document]:
        """Return what arrived in its inboxes, of one type if asked."""
        found = [received.activity for received in self.received]
        return [one for one in found if kind is None or one.get("type") == kind]

    async def arrived(
        self, kind: str | None = None, *, number: int = 1, within: float = SOME_TIME
    ) -> Document:
        """Wait until `number` activities of a type have arrived; return the last of these."""
        async with self._news:
            try:
                async with asyncio.timeout(within):
                    await self._news.wait_for(lambda: len(self.activities(kind)) >= number)
            except TimeoutError:
                came = [one.get("type") for one in self.activities()]
                pytest.fail(f"{number} {kind} did not come; there came {came}")
        return self.activities(kind)[number - 1]

    def forget(self) -> None:
        """Forget every request so far."""
        self.received.clear()
        self.requests.clear()

    def asked(self, path: str) -> list[Received]:
        """Return the requests for `path` (or its URL)."""
        return [one for one in self.requests if one.path == self._path(path)]

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Reply:
        """Send a request of any kind, as it is."""
        response = await self.client.send(method, target_of(url), headers=headers, body=body)
        content = await body_of(response, limit=16 * 1024 * 1024)
        return Reply(status=response.status, headers=response.headers, body=content)

    async def inbox_of(self, actor_uri: str) -> str:
        """Look up an actor's inbox, signed by anybody who lives here, as a strict server would."""
        someone = next(iter(self.actors.values()))
        inbox: str = (await someone.get(actor_uri)).document["inbox"]
        return inbox

    def next_number(self) -> int:
        """Return a number that was not used before."""
        self._number += 1
        return self._number

    def _path(self, path_or_url: str) -> str:
        return path_or_url.removeprefix(self.origin).partition("#")[0]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        received = Received(
            method=request.method,
            url=f"{self.origin}{request.raw_path}",
            headers=tuple(request.headers.items()),
            body=await request.read(),
        )
        if self.keeps_requests:
            self.requests.append(received)
        handler = self._handlers.get(request.raw_path) or self._handlers.get(request.path)
        if handler is not None:
            return await handler(request)
        if request.method == "POST" and request.path.endswith("/inbox"):
            return await self._inbox(received)
        is_open = not self.secure or request.path.startswith("/.well-known/")
        if not is_open and received.scheme not in self.reads:
            return _error(401, "signed requests only")
        return self._public(request)

    async def _inbox(self, received: Received) -> web.Response:
        status = self._statuses.pop(0) if self._statuses else 202
        if received.scheme not in self.reads:
            status = 401
        elif self.strict:
            sender = await self._proven(received)
            received = replace(received, sender=sender)
            status = status if sender is not None else 401
        async with self._news:
            self.received.append(received)
            self._news.notify_all()
        return web.Response(status=status)

    async def _proven(self, received: Received) -> str | None:
        """Verify a request as a real server does; return its sender, or None."""
        now = self.network.clock.now()
        try:
            claim = acceptable(claims(received.message), received.message, now)
            reply = await self.send(
                "GET", claim.key_id.partition("#")[0], headers={"Accept": CONTENT_TYPE}
            )
            published = reply.document["publicKey"]
            public = load_public_pem(published["publicKeyPem"])
            key = VerificationKey(published["id"], published["owner"], public)
            verify(received.message, claim, key, now=now)
        except (FederationError, KeyError, ValueError):
            return None
        is_own = published["id"] == claim.key_id and received.activity["actor"] == key.owner
        return key.owner if is_own else None

    def _public(self, request: web.Request) -> web.Response:
        path = request.raw_path
        if request.path == "/.well-known/webfinger":
            return self._webfinger(request.query.get("resource", ""))
        if request.path == "/.well-known/nodeinfo":
            rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
            href = f"{self.origin}/nodeinfo/2.0"
            return _json({"links": [{"rel": rel, "href": href}]}, "application/json")
        if request.path == "/nodeinfo/2.0":
            return _json(self._nodeinfo(), "application/json")
        if path in self._documents:
            return _json(self._documents[path])
        for actor in self.actors.values():
            found = _of_actor(actor, self.origin + path)
            if found is not None:
                return _json(found)
        return _error(404, "no such thing")

    def _webfinger(self, resource: str) -> web.Response:
        for actor in self.actors.values():
            if resource in {f"acct:{actor.name}@{self.host}", actor.uri}:
                links = [{"rel": "self", "type": CONTENT_TYPE, "href": actor.uri}]
                template = f"{self.origin}/authorize_interaction?uri={{uri}}"
                links.append(
                    {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template}
                )
                subject = f"acct:{actor.name}@{self.host}"
                found = {"subject": subject, "aliases": [actor.uri], "links": links}
                return _json(found, "application/jrd+json")
        return _error(404, "nobody of that name")

    def _nodeinfo(self) -> Document:
        return {
            "version": "2.0",
            "software": {"name": self.software, "version": "1.0"},
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": False,
            "usage": {"users": {"total": len(self.actors)}},
            "metadata": {},
        }


def _of_actor(actor: Resident, uri: str) -> Document | None:
    if uri == actor.uri:
        return actor.document
    collections: dict[str, Iterable[Document | str]] = {
        "outbox": actor.outbox,
        "followers": actor.followers,
        "following": actor.following,
    }
    for name, items in collections.items():
        if uri == f"{actor.uri}/{name}":
            return collection(uri, items)
    return None


def collection(uri: str, items: Iterable[Document | str], **terms: object) -> Document:
    """Build an ordered collection that holds everything itself."""
    found = list(items)
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": len(found),
        "orderedItems": found,
        **terms,
    }


def _json(document: Document, content_type: str = CONTENT_TYPE) -> web.Response:
    body = json.dumps(document).encode()
    return web.Response(body=body, headers={"Content-Type": content_type})


def _error(status: int, reason: str) -> web.Response:
    body = json.dumps({"error": reason}).encode()
    return web.Response(status=status, body=body, headers={"Content-Type": "application/json"})
