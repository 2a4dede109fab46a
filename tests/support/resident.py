"""Somebody who lives on a peer: an actor with a key, who makes activities and posts them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from federation.keys import SigningKey, generate_ed25519, multikey, public_pem
from federation.proofs import add_proof
from federation.signatures import Message, Scheme, sign
from tests.support.network import Network

Document = dict[str, Any]

CONTENT_TYPE = "application/activity+json"
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the peer was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Document:
        """The answer's JSON."""
        document: Document = json.loads(self.body)
        return document


class Home(Protocol):
    """What a resident needs of the peer that it lives on."""

    network: Network
    host: str
    origin: str
    shared_inbox: str

    def publish(self, document: Document) -> str: ...

    def gone(self, uri: str) -> str: ...

    def next_number(self) -> int: ...

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Reply: ...


@dataclass(slots=True, kw_only=True, eq=False)
class Resident:
    """Somebody who lives on a peer. Activities are built by one method each and sent by `post`."""

    peer: Home
    name: str
    type: str
    key: SigningKey
    terms: Document = field(default_factory=dict)
    """Members of the actor's document that differ."""
    followers: list[str] = field(default_factory=list)
    following: list[str] = field(default_factory=list)
    outbox: list[Document | str] = field(default_factory=list)
    """The newest first."""
    prover: SigningKey | None = None
    """The key of this actor's proofs, once it has made one."""

    @property
    def uri(self) -> str:
        return f"{self.peer.origin}/people/{self.name}"

    @property
    def handle(self) -> str:
        return f"@{self.name}@{self.peer.host}"

    @property
    def inbox(self) -> str:
        return f"{self.uri}/inbox"

    @property
    def document(self) -> Document:
        """The actor as it is published, as Mastodon would."""
        return {
            "@context": CONTEXT,
            "id": self.uri,
            "type": self.type,
            "preferredUsername": self.name,
            "name": self.name.title(),
            "summary": f"<p>{self.name.title()} of {self.peer.host}</p>",
            "url": f"{self.peer.origin}/@{self.name}",
            "inbox": self.inbox,
            "outbox": f"{self.uri}/outbox",
            "followers": f"{self.uri}/followers",
            "following": f"{self.uri}/following",
            "endpoints": {"sharedInbox": self.peer.shared_inbox},
            "publicKey": {
                "id": self.key.key_id,
                "owner": self.uri,
                "publicKeyPem": public_pem(self.key.private),
            },
            **self.terms,
        }

    def prove(self, document: Document) -> Document:
        """Give a document a proof by this actor, whose key for that is published from now on, and
        publish it so where it has an id.
        """
        if self.prover is None:
            secret = generate_ed25519()
            self.prover = SigningKey(f"{self.uri}#ed25519-key", secret)
            published = {
                "id": self.prover.key_id, "type": "Multikey", "controller": self.uri,
                "publicKeyMultibase": multikey(secret),
            }  # fmt: skip
            self.terms["assertionMethod"] = [published]
        made: Document = add_proof(document, self.prover, created=self.peer.network.clock.now())
        if "id" in made:
            self.peer.publish(made)
        return made

    def rotate_key(self) -> None:
        """Take another key under the same id, as a server restored from a backup would."""
        self.key = SigningKey(self.key.key_id, self.peer.network.new_key())

    async def post(
        self,
        inbox: str,
        activity: Document | bytes,
        *,
        scheme: Scheme | None = Scheme.CAVAGE,
        key: SigningKey | None = None,
        headers: Mapping[str, str] | None = None,
        also: Mapping[str, str] | None = None,
    ) -> Reply:
        """POST to an inbox, signed by this actor, or unsigned where `scheme` is None.

        `headers` come last and win, so that a good signature can be spoilt; `also` are signed too.
        """
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        sent = {"Content-Type": CONTENT_TYPE, **(also or {})}
        names = tuple(name.lower() for name in also or {})
        if scheme is not None:
            message = Message("POST", inbox, tuple(sent.items()), body)
            now = self.peer.network.clock.now()
            sent |= sign(message, key or self.key, scheme=scheme, now=now, also=names)
        return await self.peer.send("POST", inbox, headers={**sent, **(headers or {})}, body=body)

    async def get(self, url: str, *, accept: str = CONTENT_TYPE) -> Reply:
        """GET, signed by this actor."""
        message = Message("GET", url, (("Accept", accept),), b"")
        now = self.peer.network.clock.now()
        signed = sign(message, self.key, scheme=Scheme.CAVAGE, now=now)
        return await self.peer.send("GET", url, headers={"Accept": accept, **signed})

    def activity(self, kind: str, thing: object, **terms: object) -> Document:
        """Build an activity with an id of its own and publish it."""
        made = {
            "@context": CONTEXT,
            "id": f"{self.peer.origin}/activities/{self.peer.next_number()}",
            "type": kind,
            "actor": self.uri,
            "object": thing,
            **terms,
        }
        self.peer.publish(made)
        return made

    def note(self, content: str = "<p>Hello</p>", **terms: object) -> Document:
        """Build a public Note of this actor's and publish it."""
        uri = f"{self.peer.origin}/notes/{self.peer.next_number()}"
        made = {
            "@context": CONTEXT,
            "id": uri,
            "type": "Note",
            "attributedTo": self.uri,
            "content": content,
            "url": uri,
            "published": _stamp(self.peer.network),
            "to": [PUBLIC],
            "cc": [f"{self.uri}/followers"],
            **terms,
        }
        self.peer.publish(made)
        return made

    def reply(self, to: str, content: str = "<p>I see</p>", **terms: object) -> Document:
        """Build a public Note in reply to another."""
        return self.note(content, inReplyTo=to, **terms)

    def create(self, note: Document) -> Document:
        """Build the Create of a note, addressed as the note is."""
        return self.activity("Create", note, to=note.get("to", []), cc=note.get("cc", []))

    def update(self, thing: Document) -> Document:
        """Build the Update of a thing, and publish the thing as it is now."""
        self.peer.publish(thing)
        return self.activity("Update", thing, to=[PUBLIC])

    def delete(self, uri: str) -> Document:
        """Build the Delete of a thing of this actor's, which is gone from now on."""
        self.peer.gone(uri)
        return self.activity("Delete", {"id": uri, "type": "Tombstone"}, to=[PUBLIC])

    def follow(self, uri: str) -> Document:
        """Build the Follow of somebody."""
        self.following.append(uri)
        return self.activity("Follow", uri)

    def accept(self, follow: Document) -> Document:
        """Build the Accept of a Follow, and count its sender among the followers."""
        self.followers.append(follow["actor"])
        return self.activity("Accept", follow)

    def reject(self, follow: Document) -> Document:
        """Build the Reject of a Follow."""
        return self.activity("Reject", follow)

    def undo(self, activity: Document) -> Document:
        """Build the Undo of one of this actor's activities."""
        return self.activity("Undo", activity)

    def like(self, uri: str) -> Document:
        """Build a Like."""
        return self.activity("Like", uri)

    def announce(self, uri: str) -> Document:
        """Build a public Announce."""
        return self.activity("Announce", uri, to=[PUBLIC], cc=[f"{self.uri}/followers"])


def _stamp(network: Network) -> str:
    return network.clock.now().isoformat().replace("+00:00", "Z")
