"""Fakes and builders for the tests of whoever builds on this library."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from federation.keys import SigningKey, VerificationKey, public_pem
from federation.signatures import Message, Scheme, sign
from federation.vocab import (
    PUBLIC,
    Activity,
    ActivityType,
    Actor,
    ActorType,
    Document,
    Note,
    PublicKey,
    Thing,
    dumps,
    render,
)

CONTENT_TYPE = "application/activity+json"
BEGINNING = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


class FixedClock:
    """Stands still until it is moved. Fulfils `ports.Clock`."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        """Begin at `now`, which is aware."""
        self._now = now

    def now(self) -> datetime:
        """Return the moment at which the clock stands, in UTC."""
        return self._now

    def move(self, by: timedelta) -> None:
        """Move on, or back."""
        self._now += by


@dataclass(slots=True)
class KeyBox:
    """Keys that are held, and keys that could be fetched. Fulfils `ports.KeyDirectory`."""

    held: dict[str, VerificationKey] = field(default_factory=dict)
    elsewhere: dict[str, VerificationKey] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Every key id that was fetched, in order."""

    async def known(self, key_id: str) -> VerificationKey | None:
        """Return what is held."""
        return self.held.get(key_id)

    async def refreshed(self, key_id: str) -> VerificationKey | None:
        """Return what is elsewhere, hold it from now on, and write down that it was asked for."""
        self.asked.append(key_id)
        key = self.elsewhere.get(key_id)
        if key is not None:
            self.held[key_id] = key
        return key


def verification_key(key: SigningKey, *, owner: str | None = None) -> VerificationKey:
    """Return the public half of `key`; its owner is its id without the fragment unless given."""
    return VerificationKey(
        key.key_id, owner or key.key_id.partition("#")[0], key.private.public_key()
    )


def signed_request(
    url: str,
    document: Document | bytes,
    key: SigningKey | None,
    *,
    now: datetime,
    scheme: Scheme = Scheme.CAVAGE,
) -> Message:
    """Build the POST of `document` to the inbox `url`; unsigned where there is no key."""
    body = document if isinstance(document, bytes) else dumps(render(document))
    message = Message("POST", url, (("Content-Type", CONTENT_TYPE),), body)
    if key is None:
        return message
    headers = sign(message, key, scheme=scheme, now=now)
    return replace(message, headers=(*message.headers, *headers.items()))


def an_actor(
    uri: str,
    *,
    name: str = "ann",
    kind: ActorType = ActorType.PERSON,
    key: SigningKey | None = None,
) -> Actor:
    """Build an actor with everything that Mastodon requires, and `key` published."""
    published = None
    if key is not None:
        published = PublicKey(id=key.key_id, owner=uri, pem=public_pem(key.private))
    return Actor(
        id=uri,
        type=kind,
        preferred_username=name,
        name=name.title(),
        url=uri,
        inbox=f"{uri}/inbox",
        outbox=f"{uri}/outbox",
        followers=f"{uri}/followers",
        following=f"{uri}/following",
        public_key=published,
    )


def a_note(
    uri: str, author: str, *, content: str = "<p>Hello</p>", to: Iterable[str] = (PUBLIC,)
) -> Note:
    """Build a Note, public unless told otherwise."""
    return Note(id=uri, attributed_to=author, content=content, to=tuple(to), published=BEGINNING)


def an_activity(
    kind: ActivityType, actor: str, thing: Thing, *, uri: str | None = None
) -> Activity:
    """Build a public activity of `actor`, by default with an id that does not dereference."""
    return Activity(
        id=uri or f"{actor}#{kind.lower()}", type=kind, actor=actor, object=thing, to=(PUBLIC,)
    )
