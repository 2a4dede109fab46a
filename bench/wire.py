"""What peers send, as Mastodon writes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, cycle
from typing import Any

import orjson

from bench.outside import PEERS, Request
from federation.keys import SigningKey, generate_rsa, public_pem
from federation.ports import SystemClock
from federation.signatures import Message, Scheme, sign

CONTENT_TYPE = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT: list[Any] = [
    "https://www.w3.org/ns/activitystreams",
    {
        "ostatus": "http://ostatus.org#",
        "atomUri": "ostatus:atomUri",
        "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
        "conversation": "ostatus:conversation",
        "sensitive": "as:sensitive",
        "toot": "http://joinmastodon.org/ns#",
        "votersCount": "toot:votersCount",
        "Hashtag": "as:Hashtag",
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
    },
]
_NUMBERS = count(110_000_000_000_000_000)


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody on another server, with a key."""

    uri: str
    key: SigningKey

    @property
    def document(self) -> dict[str, Any]:
        """The actor as its server publishes it."""
        pem = public_pem(self.key.private)
        key = {"id": self.key.key_id, "owner": self.uri, "publicKeyPem": pem}
        return {**actor(self.uri), "publicKey": key}


def actor(uri: str) -> dict[str, Any]:
    """Return an actor's document, with a shared inbox of its host."""
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": uri,
        "type": "Person",
        "preferredUsername": uri.rpartition("/")[2],
        "name": "Somebody Elsewhere",
        "url": uri,
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "followers": f"{uri}/followers",
        "following": f"{uri}/following",
        "endpoints": {"sharedInbox": f"https://{uri.split('/')[2]}/inbox"},
    }


def senders(number: int) -> list[Sender]:
    """Make people, each on a host of their own, with new RSA keys."""
    uris = [f"https://sender{index}.{PEERS}/users/wren" for index in range(number)]
    return [Sender(uri, SigningKey(f"{uri}#main-key", generate_rsa())) for uri in uris]


def strangers(number: int) -> list[Sender]:
    """Make people, each on a host with a domain of its own; one key does for all of them."""
    key = generate_rsa()
    uris = [f"https://stranger{index}.test/users/wren" for index in range(number)]
    return [Sender(uri, SigningKey(f"{uri}#main-key", key)) for uri in uris]


def follows(by: Sequence[Sender], *, hub: str) -> Iterator[Request]:
    """Make signed deliveries, by each of them a Follow of the hub."""
    for sender in by:
        follow = {
            "@context": CONTEXT[0], "id": f"{sender.uri}#follow", "type": "Follow",
            "actor": sender.uri, "object": f"{hub}/hub",
        }  # fmt: skip
        yield delivered(orjson.dumps(follow), sender, hub)


def followers(lot: int, number: int) -> list[dict[str, Any]]:
    """Return actors, each on a host that no other lot has."""
    return [actor(f"https://h{lot}-{index}.{PEERS}/users/finch") for index in range(number)]


def replies(number: int, *, by: Sequence[Sender], to: Sequence[str], hub: str) -> Iterator[Request]:
    """Make signed deliveries, each of another public reply to one of these posts."""
    for sender, post, _ in zip(cycle(by), cycle(to), range(number)):
        yield delivered(orjson.dumps(_create(sender.uri, post, hub)), sender, hub)


def delivered(body: bytes, sender: Sender, hub: str, *, now: datetime | None = None) -> Request:
    """Make a delivery of an activity to a hub, signed now or as of another moment."""
    message = Message("POST", f"{hub}/inbox", (("Content-Type", CONTENT_TYPE),), body)
    moment = now or SystemClock().now()
    signed = sign(message, sender.key, scheme=Scheme.CAVAGE, now=moment)
    return Request("POST", "/inbox", {"Content-Type": CONTENT_TYPE, **signed}, body)


def _create(sender: str, post: str, hub: str) -> dict[str, Any]:
    now = SystemClock().now().isoformat(timespec="seconds").replace("+00:00", "Z")
    cc = [f"{sender}/followers", f"{hub}/people/ida"]
    note = _note(sender, post, hub, now)
    return {
        "@context": CONTEXT, "id": f"{note['id']}/activity", "type": "Create",
        "actor": sender, "published": now, "to": [PUBLIC], "cc": cc, "object": note,
    }  # fmt: skip


def _note(sender: str, post: str, hub: str, now: str) -> dict[str, Any]:
    uri = f"{sender}/statuses/{next(_NUMBERS)}"
    host = sender.split("/")[2]
    said = (
        f'<p><span class="h-card" translate="no"><a href="{hub}/people/ida" class="u-url mention">'
        "@<span>ida</span></a></span> We did the same last month, and the van came by at four. "
        "What helped was that somebody had the time to ring round; what would help more is that "
        f'nobody has to. <a href="https://{host}/tags/discharge" class="mention hashtag"'
        ' rel="tag">#<span>discharge</span></a></p>'
    )
    tags = [
        {"type": "Mention", "href": f"{hub}/people/ida", "name": "@ida@hub.test"},
        {"type": "Hashtag", "href": f"https://{host}/tags/discharge", "name": "#discharge"},
    ]
    page = {
        "type": "CollectionPage",
        "next": f"{uri}/replies?page=true",
        "partOf": uri,
        "items": [],
    }
    return {
        "id": uri, "type": "Note", "summary": None, "inReplyTo": post, "published": now,
        "url": uri, "attributedTo": sender, "to": [PUBLIC],
        "cc": [f"{sender}/followers", f"{hub}/people/ida"], "sensitive": False, "atomUri": uri,
        "inReplyToAtomUri": post, "conversation": f"tag:{host},2026:objectType=Conversation",
        "content": said, "contentMap": {"en": said}, "attachment": [], "tag": tags,
        "interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}},
        "replies": {"id": f"{uri}/replies", "type": "Collection", "first": page},
        "likes": {"id": f"{uri}/likes", "type": "Collection", "totalItems": 0},
        "shares": {"id": f"{uri}/shares", "type": "Collection", "totalItems": 0},
    }  # fmt: skip
