"""Actor rows as vocab.Actor, both ways."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from federation import html, keys, uris, vocab
from server.actors.tables import Actor, ActorKey

NAME_LIMIT = 500
SUMMARY_LIMIT = 20_000
"""Characters of a name and of a summary that are kept of an actor elsewhere."""


def to_wire(actor: Actor, held: Iterable[ActorKey], *, address: str) -> vocab.Actor:
    """Return one of our actors as others read it (federation.md §2)."""
    rsa = next((key for key in held if key.kind == "rsa"), None)
    return vocab.Actor(
        id=actor.uri,
        type=vocab.ActorType(actor.type),
        preferred_username=actor.username,
        name=actor.name or None,
        summary=actor.summary,
        url=actor.url,
        inbox=actor.inbox,
        outbox=actor.outbox,
        followers=actor.followers,
        following=actor.following,
        featured=actor.featured,
        shared_inbox=actor.shared_inbox,
        icon=_icon(actor, address=address),
        public_key=vocab.PublicKey(id=rsa.key_id, owner=actor.uri, pem=rsa.public) if rsa else None,
        assertion_methods=tuple(
            vocab.Multikey(id=key.key_id, controller=actor.uri, public_key_multibase=key.public)
            for key in held
            if key.kind == "ed25519"
        ),
        fields=tuple(
            vocab.PropertyValue(name=name, value=value)
            for name, value in orjson.loads(actor.fields_json)
        ),
        published=actor.created_at.replace(microsecond=0),
        manually_approves=actor.manually_approves,
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        also_known_as=actor.aliases,
        moved_to=actor.moved_to,
        webfinger=f"{actor.username}@{actor.host}",
    )


def reduced(actor: vocab.Actor) -> vocab.Actor:
    """Return what others need of an actor to verify it and to answer it, and no more."""
    return vocab.Actor(
        id=actor.id,
        type=actor.type,
        preferred_username=actor.preferred_username,
        inbox=actor.inbox,
        shared_inbox=actor.shared_inbox,
        public_key=actor.public_key,
        assertion_methods=actor.assertion_methods,
        manually_approves=actor.manually_approves,
    )


def _icon(actor: Actor, *, address: str) -> vocab.Image | None:
    if actor.icon_url is None:
        return None
    kind = "image/png" if actor.icon_url.endswith(".png") else "image/jpeg"
    return vocab.Image(url=address + actor.icon_url, media_type=kind)


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public key as an actor publishes it, and as its row keeps it."""

    key_id: str
    kind: str
    """`rsa` (PEM) or `ed25519` (Multikey)."""
    public: str

    def loaded(self) -> RSAPublicKey | Ed25519PublicKey:
        """Return the key itself. Raises MalformedError."""
        if self.kind == "ed25519":
            return keys.load_multikey(self.public)
        return keys.load_public_pem(self.public)


def keys_of(actor: vocab.Actor) -> list[PublishedKey]:
    """Return the keys that are an actor's own: a key of another owner or host is none (case 6)."""
    rsa = actor.public_key
    found = [PublishedKey(rsa.id, "rsa", rsa.pem)] if rsa and rsa.owner == actor.id else []
    found += [
        PublishedKey(one.id, "ed25519", one.public_key_multibase)
        for one in actor.assertion_methods
        if one.controller == actor.id
    ]
    return [one for one in found if uris.same_origin(one.key_id, actor.id)]


def from_wire(actor: vocab.Actor) -> dict[str, Any]:
    """Return the columns of somebody else's actor: clean HTML, bounded lengths, web
    addresses only.
    """
    return {
        "uri": actor.id,
        "host": uris.host_of(actor.id),
        "type": str(actor.type),
        "username": (actor.preferred_username or "")[:255],
        "name": (actor.name or "")[:NAME_LIMIT],
        "summary": html.clean((actor.summary or "")[:SUMMARY_LIMIT]),
        "url": actor.url or actor.id,
        "inbox": actor.inbox,
        "shared_inbox": actor.shared_inbox,
        "outbox": actor.outbox,
        "followers": actor.followers,
        "following": actor.following,
        "featured": actor.featured,
        "icon_url": actor.icon.url if actor.icon else None,
        "fields_json": _fields(actor),
        "manually_approves": actor.manually_approves,
        "discoverable": actor.discoverable is not False,
        "indexable": actor.indexable is True,
        "moved_to": actor.moved_to,
        "also_known_as": orjson.dumps(list(actor.also_known_as)).decode(),
    }


def _fields(actor: vocab.Actor) -> str:
    lines = [
        [html.text_of(line.name)[:255], html.clean(line.value[:2_000])] for line in actor.fields
    ]
    return orjson.dumps(lines).decode()
