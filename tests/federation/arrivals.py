"""Activities that arrive at our inbox, signed or not, and the keys that are known here."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from federation.inbox import (
    IgnoredDeletion,
    UnreadActivity,
    VerifiedActivity,
    verify,
)
from federation.keys import SigningKey, VerificationKey, generate_ed25519, generate_rsa
from federation.signatures import (
    Message,
    Scheme,
    sign,
)

Json = dict[str, object]

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
ANN = "https://peer.example/people/ann"
EVE = "https://peer.example/people/eve"
FAR = "https://far.example/people/zoe"
HUB = "https://hub.example/hub"
INBOX = "https://hub.example/inbox"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"

ANNS = SigningKey(f"{ANN}#main-key", generate_rsa())
ANNS_ED25519 = SigningKey(f"{ANN}#ed25519-key", generate_ed25519())
EVES = SigningKey(f"{EVE}#main-key", generate_rsa())
NEW = SigningKey(f"{ANN}#main-key", generate_rsa())


def public(key: SigningKey, owner: str | None = None) -> VerificationKey:
    """The other half of a key."""
    owner = owner or key.key_id.partition("#")[0]
    return VerificationKey(key.key_id, owner, key.private.public_key())


class StoppedClock:
    """Stands at NOW."""

    def now(self) -> datetime:
        """Return NOW."""
        return NOW


@dataclass
class Directory:
    """Keys that are held, keys that could be fetched, and which fetches were asked for."""

    held: dict[str, VerificationKey] = field(default_factory=dict)
    elsewhere: dict[str, VerificationKey] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    async def known(self, key_id: str) -> VerificationKey | None:
        """Return what is held."""
        return self.held.get(key_id)

    async def refreshed(self, key_id: str) -> VerificationKey | None:
        """Return what is elsewhere, and write down that it was asked for."""
        self.fetched.append(key_id)
        return self.elsewhere.get(key_id)


def holding(*keys: SigningKey) -> Directory:
    """A directory that holds these keys."""
    return Directory(held={key.key_id: public(key) for key in keys})


def note(**terms: object) -> Json:
    """A Note by Ann."""
    made = {"id": f"{ANN}/notes/1", "type": "Note", "attributedTo": ANN, "content": "<p>Hello</p>"}
    return {**made, "to": [PUBLIC], **terms}


def activity(kind: str = "Create", thing: object = None, **terms: object) -> Json:
    """An activity of Ann's; a Create of a Note unless told otherwise."""
    made: Json = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{ANN}/activities/1",
        "type": kind,
        "actor": ANN,
        "object": note() if thing is None else thing,
        "to": [PUBLIC],
    }
    return {name: value for name, value in (made | terms).items() if value is not None}


def request(
    document: Json | bytes,
    key: SigningKey | None = ANNS,
    scheme: Scheme = Scheme.CAVAGE,
    now: datetime = NOW,
) -> Message:
    """A POST of a document to our inbox, signed with `key` if there is one."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    message = Message("POST", INBOX, (("Content-Type", "application/activity+json"),), body)
    if key is None:
        return message
    headers = sign(message, key, scheme=scheme, now=now)
    return replace(message, headers=(*message.headers, *headers.items()))


async def taken(
    message: Message, directory: Directory | None = None
) -> VerifiedActivity | UnreadActivity | IgnoredDeletion:
    """Verify as a server does, by default with Ann's keys at hand."""
    keys = holding(ANNS, ANNS_ED25519) if directory is None else directory
    return await verify(message, keys=keys, clock=StoppedClock())
