"""A server with one actor and three keys, that signs with other people's libraries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import base58
import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.interop.processes import free_port
from tests.interop.signing import Request

Json = dict[str, Any]

CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]


def new_rsa() -> rsa.RSAPrivateKey:
    """Return a new RSA key of the usual size."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def multikey(key: Ed25519PrivateKey) -> str:
    """Return the public half as a Multikey writes it (FEP-521a)."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return "z" + base58.b58encode(b"\xed\x01" + raw).decode()


@dataclass
class Sender:
    """An actor on loopback; `received` is what its inbox got, `asked` who fetched the actor.

    With `modern`, its inbox refuses whatever has no RFC 9421 signature.
    """

    origin: str
    modern: bool = False
    rsa_key: rsa.RSAPrivateKey = field(default_factory=new_rsa)
    ed25519_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    received: list[tuple[Request, bytes]] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    @property
    def actor(self) -> str:
        """Return the actor's URI."""
        return f"{self.origin}/actor"

    @property
    def rsa_key_id(self) -> str:
        """Return the URI of its RSA key."""
        return f"{self.actor}#main-key"

    @property
    def ed25519_key_id(self) -> str:
        """Return the URI of its Ed25519 key."""
        return f"{self.actor}#ed25519-key"

    def document(self) -> Json:
        """Return the actor as it is served."""
        public = self.rsa_key.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return {
            "@context": [*CONTEXT, "https://w3id.org/security/multikey/v1"],
            "id": self.actor,
            "type": "Person",
            "preferredUsername": "actor",
            "name": "A sender",
            "inbox": f"{self.actor}/inbox",
            "outbox": f"{self.actor}/outbox",
            "followers": f"{self.actor}/followers",
            "publicKey": {"id": self.rsa_key_id, "owner": self.actor, "publicKeyPem": pem},
            "assertionMethod": [
                {
                    "id": self.ed25519_key_id,
                    "type": "Multikey",
                    "controller": self.actor,
                    "publicKeyMultibase": multikey(self.ed25519_key),
                }
            ],
        }

    def follow(self, target: str, *, actor: str | None = None) -> bytes:
        """Return a Follow of the target, with an id of its own."""
        number = next(self.numbers)
        return orjson.dumps(
            {
                "@context": CONTEXT[0],
                "id": f"{self.origin}/follows/{number}",
                "type": "Follow",
                "actor": actor or self.actor,
                "object": target,
            }
        )

    async def show_actor(self, request: web.Request) -> web.Response:
        """Serve the actor, to whoever asks."""
        self.asked.append(self.kept(request))
        return web.Response(
            body=orjson.dumps(self.document()), content_type="application/activity+json"
        )

    async def take(self, request: web.Request) -> web.Response:
        """Keep what is posted to the inbox, for tests to verify."""
        self.received.append((self.kept(request), await request.read()))
        refused = self.modern and "Signature-Input" not in request.headers
        return web.Response(status=401 if refused else 202)

    def kept(self, request: web.Request) -> Request:
        """Return a request as the libraries that verify signatures read it."""
        url = f"{self.origin}{request.path_qs}"
        return Request(request.method, url, dict(request.headers))

    async def webfinger(self, request: web.Request) -> web.Response:
        """Answer for acct:actor@host."""
        host = self.origin.partition("://")[2]
        link = {"rel": "self", "type": "application/activity+json", "href": self.actor}
        found = {"subject": f"acct:actor@{host}", "links": [link]}
        return web.Response(body=orjson.dumps(found), content_type="application/jrd+json")


@asynccontextmanager
async def sending() -> AsyncIterator[Sender]:
    """Serve a sender on a free port of loopback until the block ends."""
    port = free_port()
    sender = Sender(f"http://localhost:{port}")
    app = web.Application()
    app.router.add_get("/actor", sender.show_actor)
    app.router.add_post("/actor/inbox", sender.take)
    app.router.add_get("/.well-known/webfinger", sender.webfinger)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "localhost", port).start()
        yield sender
    finally:
        await runner.cleanup()
