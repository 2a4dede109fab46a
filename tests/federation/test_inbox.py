"""Who may say what to an inbox (security cases 1 to 4, 6 to 9, 11, 12, 14, 22)."""

import json
from dataclasses import FrozenInstanceError, dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import (
    FederationError,
    MalformedError,
    TooLargeError,
    UnauthenticatedError,
    UnauthorisedError,
)
from federation.inbox import (
    IgnoredDeletion,
    UnknownKeyError,
    UnreadActivity,
    VerifiedActivity,
    verify,
)
from federation.keys import SigningKey, VerificationKey, generate_ed25519, generate_rsa
from federation.signatures import (
    BadDigestError,
    InsufficientSignatureError,
    MalformedSignatureError,
    Message,
    Scheme,
    StaleSignatureError,
    WrongSignatureError,
    sign,
)
from federation.vocab import Activity, ActivityType, Note

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


@pytest.mark.parametrize(
    ("scheme", "key"),
    [(Scheme.CAVAGE, ANNS), (Scheme.RFC9421, ANNS), (Scheme.RFC9421, ANNS_ED25519)],
    ids=["cavage", "rfc9421-rsa", "rfc9421-ed25519"],
)
async def test_a_signed_activity_is_verified(scheme: Scheme, key: SigningKey) -> None:
    """It comes back parsed, with its actor, its key and its very bytes; nothing is fetched."""
    directory = holding(ANNS, ANNS_ED25519)
    message = request(activity(), key, scheme)
    verified = await taken(message, directory)
    assert isinstance(verified, VerifiedActivity)
    assert verified.actor == ANN
    assert verified.key_id == key.key_id
    assert verified.raw == message.body
    assert verified.activity.type is ActivityType.CREATE
    assert isinstance(verified.activity.object, Note)
    assert directory.fetched == []


async def test_a_verified_activity_cannot_be_changed() -> None:
    """What was proven stays what was proven."""
    verified = await taken(request(activity()))
    assert isinstance(verified, VerifiedActivity)
    with pytest.raises(FrozenInstanceError):
        verified.actor = EVE  # type: ignore[misc]


async def test_an_actor_may_be_sent_whole() -> None:
    """Some peers embed it; its id counts."""
    whole = {"id": ANN, "type": "Person", "inbox": f"{ANN}/inbox"}
    verified = await taken(request(activity("Follow", HUB, actor=whole)))
    assert isinstance(verified, VerifiedActivity)
    assert verified.actor == verified.activity.actor == ANN


# No valid signature: 401, and 400 for nonsense.


async def test_an_unsigned_activity_is_unauthenticated() -> None:
    """Case 1."""
    directory = holding(ANNS)
    with pytest.raises(UnauthenticatedError):
        await taken(request(activity(), None), directory)
    assert directory.fetched == []


async def test_a_body_changed_after_signing_is_unauthenticated_without_a_fetch() -> None:
    """Case 7: the digest tells before any key is asked for."""
    directory = Directory(elsewhere={ANNS.key_id: public(ANNS)})
    message = request(activity())
    with pytest.raises(BadDigestError):
        await taken(replace(message, body=message.body.replace(b"Hello", b"Yuck!")), directory)
    assert directory.fetched == []


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_stale_activity_is_unauthenticated_without_a_fetch(hours: int) -> None:
    """Case 8: in either direction."""
    directory = Directory(elsewhere={ANNS.key_id: public(ANNS)})
    with pytest.raises(StaleSignatureError):
        await taken(request(activity(), now=NOW + timedelta(hours=hours)), directory)
    assert directory.fetched == []


async def test_a_signature_for_another_inbox_is_unauthenticated() -> None:
    """A server that gets an activity cannot pass it off to us."""
    elsewhere = replace(request(activity(), None), url="https://other.example/inbox")
    headers = sign(elsewhere, ANNS, scheme=Scheme.CAVAGE, now=NOW)
    passed_on = replace(elsewhere, url=INBOX, headers=tuple(headers.items()))
    with pytest.raises(InsufficientSignatureError):
        await taken(passed_on)


async def test_a_malformed_signature_is_malformed() -> None:
    """Case 9."""
    message = request(activity())
    value = f'{message.value("signature")},keyId="{EVES.key_id}"'
    headers = tuple((n, value if n == "Signature" else v) for n, v in message.headers)
    with pytest.raises(MalformedSignatureError):
        await taken(replace(message, headers=headers))


async def test_a_body_over_one_mebibyte_is_too_large() -> None:
    """Case 21, for whoever did not count before."""
    with pytest.raises(TooLargeError):
        await taken(request(b" " * (1024 * 1024 + 1)))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"https://peer.example/"',
        b"\xff\xfe",
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"type":"Create","actor":"\\ud800"}',
        b'{"type":"Create","actor":"https://peer.example/people/ann","n":' + b"9" * 10_000 + b"}",
        b"{}",
        b'{"type":"Create"}',
        b'{"type":"Create","actor":"ann"}',
        b'{"type":"View","actor":"ann"}',
        b'{"type":"View","actor":null}',
        b'{"type":"Note","id":"https://peer.example/n","attributedTo":"https://peer.example/a"}',
    ],
)
async def test_what_is_no_activity_is_malformed(body: bytes) -> None:
    """Case 22, and documents that are no activity."""
    with pytest.raises(MalformedError):
        await taken(request(body))


@pytest.mark.parametrize("name", ["@graph", "@included", "@reverse"])
async def test_odd_json_ld_is_malformed(name: str) -> None:
    """Case 14."""
    with pytest.raises(MalformedError):
        await taken(request({**activity(), name: [note()]}))


@given(body=st.binary(max_size=200), signed=st.booleans())
async def test_no_body_breaks_the_inbox(body: bytes, signed: bool) -> None:
    """Whatever the bytes, there is an answer: refused."""
    with pytest.raises(FederationError):
        await taken(request(body, ANNS if signed else None))


# Keys.


async def test_an_unknown_key_is_fetched_once() -> None:
    """And then it counts."""
    directory = Directory(elsewhere={ANNS.key_id: public(ANNS)})
    assert isinstance(await taken(request(activity()), directory), VerifiedActivity)
    assert directory.fetched == [ANNS.key_id]


async def test_a_key_that_cannot_be_had_proves_nothing() -> None:
    """Asked for once."""
    directory = Directory()
    with pytest.raises(UnknownKeyError) as caught:
        await taken(request(activity()), directory)
    assert isinstance(caught.value, UnauthenticatedError)
    assert directory.fetched == [ANNS.key_id]


async def test_a_rotated_key_is_fetched_once() -> None:
    """Peers rotate under the same id."""
    directory = holding(ANNS)
    directory.elsewhere[NEW.key_id] = public(NEW)
    assert isinstance(await taken(request(activity(), NEW), directory), VerifiedActivity)
    assert directory.fetched == [NEW.key_id]


@pytest.mark.parametrize("elsewhere", [{}, {ANNS.key_id: public(ANNS)}], ids=["gone", "the same"])
async def test_a_key_that_fails_is_fetched_once_and_no_more(
    elsewhere: dict[str, VerificationKey],
) -> None:
    """Where the refetch helps nothing, nothing is proven."""
    directory = holding(ANNS)
    directory.elsewhere = elsewhere
    with pytest.raises(WrongSignatureError):
        await taken(request(activity(), NEW), directory)
    assert directory.fetched == [ANNS.key_id]


# A valid signature of another: 403.


@pytest.mark.parametrize(
    "directory", [holding(ANNS, EVES), Directory({}, {EVES.key_id: public(EVES)})]
)
async def test_a_valid_signature_of_another_actor_is_unauthorised(directory: Directory) -> None:
    """Case 1 (CVE-2025-54888): Eve signs well, but not for Ann."""
    with pytest.raises(UnauthorisedError):
        await taken(request(activity(), EVES), directory)


async def test_a_key_id_that_looks_like_the_actors_proves_nothing() -> None:
    """The key's owner counts, not how its id is spelt."""
    stolen = SigningKey(ANNS.key_id, EVES.private)
    directory = Directory(held={stolen.key_id: public(stolen, owner=EVE)})
    with pytest.raises(UnauthorisedError):
        await taken(request(activity(), stolen), directory)


async def test_an_invalid_signature_of_another_actor_is_unauthenticated() -> None:
    """Not 403: nothing is proven, not even that it was Eve."""
    with pytest.raises(WrongSignatureError):
        await taken(request(activity(), SigningKey(EVES.key_id, NEW.private)), holding(ANNS, EVES))


@given(owner=st.sampled_from([EVE, FAR, HUB, f"{ANN}/", ANN.upper(), f"{ANN}#main-key", ""]))
async def test_whoever_owns_the_key_but_is_not_the_actor_is_unauthorised(owner: str) -> None:
    """Even by a letter."""
    directory = Directory(held={ANNS.key_id: public(ANNS)})
    directory.held[ANNS.key_id] = replace(public(ANNS), owner=owner)
    with pytest.raises(UnauthorisedError):
        await taken(request(activity()), directory)


@pytest.mark.parametrize(
    "uri",
    [
        "https://far.example/activities/1",
        "http://peer.example/activities/1",
        "https://peer.example:8443/activities/1",
        "https://sub.peer.example/activities/1",
        "https://peer.example.far.example/activities/1",
    ],
)
@pytest.mark.parametrize("kind", ["Create", "Follow", "Like", "View"])
async def test_an_activity_of_another_server_is_refused(uri: str, kind: str) -> None:
    """Case 2 (CVE-2024-23832)."""
    with pytest.raises(UnauthorisedError):
        await taken(request(activity(kind, id=uri)))


def other(**terms: object) -> Json:
    """A Note that claims another id or author."""
    return note(**terms)


THEFTS: list[object] = [
    other(attributedTo=EVE),
    other(attributedTo=FAR),
    other(id="https://far.example/notes/1"),
    other(id="http://peer.example/notes/1"),
    other(id="https://far.example/notes/1", attributedTo=FAR),
    other(type="Article", attributedTo=EVE),
    {"id": EVE, "type": "Person", "inbox": f"{EVE}/inbox"},
    {"id": "https://far.example/x", "type": "Unheard-of"},
    {"type": "Unheard-of"},
    {"id": "https://far.example/c", "type": "OrderedCollection"},
    {"id": "https://far.example/t", "type": "Tombstone"},
    "https://far.example/notes/1",
]


@pytest.mark.parametrize("thing", THEFTS)
@pytest.mark.parametrize("kind", ["Create", "Update"])
async def test_what_is_anothers_is_not_created_or_updated(kind: str, thing: object) -> None:
    """Cases 2, 3 and 11."""
    with pytest.raises(UnauthorisedError):
        await taken(request(activity(kind, thing)))


@pytest.mark.parametrize(
    "thing",
    [note(), note(type="Question"), {"id": f"{ANN}/x", "type": "Unheard-of"}, f"{ANN}/notes/1"],
)
@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
async def test_what_is_ones_own_may_be_created_updated_and_deleted(
    kind: str, thing: object
) -> None:
    """Whatever its type."""
    assert isinstance(await taken(request(activity(kind, thing))), VerifiedActivity)


async def test_one_may_update_oneself() -> None:
    """And nobody else; see the thefts."""
    me = {"id": ANN, "type": "Person", "inbox": f"{ANN}/inbox", "name": "Ann"}
    assert isinstance(await taken(request(activity("Update", me))), VerifiedActivity)


@pytest.mark.parametrize("author", [None, "", "ann", 7, {"name": "Ann"}, []])
@pytest.mark.parametrize("kind", ["Create", "Update"])
async def test_a_note_whose_author_is_no_address_is_refused(kind: str, author: object) -> None:
    """Case 3."""
    with pytest.raises(MalformedError):
        await taken(request(activity(kind, note(attributedTo=author))))


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete", "Undo"])
async def test_an_activity_that_needs_an_object_has_one(kind: str) -> None:
    """Without it there is nothing to judge."""
    with pytest.raises(MalformedError):
        await taken(request({k: v for k, v in activity(kind).items() if k != "object"}))


@pytest.mark.parametrize(
    "thing",
    [
        note(attributedTo=EVE),
        "https://far.example/notes/1",
        {"id": "https://far.example/notes/1", "type": "Tombstone"},
        {"id": EVE, "type": "Person", "inbox": f"{EVE}/inbox"},
    ],
)
async def test_what_is_anothers_is_not_deleted(thing: object) -> None:
    """Case 11."""
    with pytest.raises(UnauthorisedError):
        await taken(request(activity("Delete", thing)))


@pytest.mark.parametrize(
    "thing",
    [
        {"id": f"{EVE}/follows/1", "type": "Follow", "actor": EVE, "object": HUB},
        {"id": "https://far.example/1", "type": "Follow", "actor": ANN, "object": HUB},
        {"type": "Like", "actor": FAR, "object": HUB},
        "https://far.example/follows/1",
    ],
)
async def test_what_another_did_is_not_undone(thing: object) -> None:
    """Case 11."""
    with pytest.raises(UnauthorisedError):
        await taken(request(activity("Undo", thing)))


@pytest.mark.parametrize(
    "thing",
    [
        {"id": f"{ANN}/follows/1", "type": "Follow", "actor": ANN, "object": HUB},
        {"type": "Follow", "actor": ANN, "object": HUB},
        f"{ANN}/follows/1",
    ],
)
async def test_what_one_did_oneself_may_be_undone(thing: object) -> None:
    """Sent whole, without an id, or by its id alone."""
    assert isinstance(await taken(request(activity("Undo", thing))), VerifiedActivity)


async def test_only_oneself_moves_away() -> None:
    """Nobody is moved by others."""
    assert isinstance(await taken(request(activity("Move", ANN, target=FAR))), VerifiedActivity)
    with pytest.raises(UnauthorisedError):
        await taken(request(activity("Move", EVE, target=ANN)))


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("Follow", HUB),
        ("Like", f"{HUB}/notes/1"),
        ("Announce", f"{FAR}/notes/1"),
        ("Announce", other(id=f"{FAR}/notes/1", attributedTo=FAR)),
        ("Accept", {"id": f"{HUB}/follows/1", "type": "Follow", "actor": HUB, "object": ANN}),
        ("Accept", f"{HUB}#follows/1"),
        ("Reject", f"{HUB}#follows/1"),
        ("Block", HUB),
        ("Flag", [HUB, f"{HUB}/notes/1"]),
    ],
)
async def test_one_may_speak_of_what_is_anothers(kind: str, thing: object) -> None:
    """Following, liking, boosting, answering, reporting: that is what they are for."""
    verified = await taken(request(activity(kind, thing)))
    assert isinstance(verified, VerifiedActivity)
    assert verified.activity.type == kind


@pytest.mark.parametrize("uri", [f"{ANN}#accepts/1", None])
async def test_ids_may_be_fragments_or_missing(uri: str | None) -> None:
    """As some peers have it for an Accept or a Like."""
    verified = await taken(request(activity("Accept", f"{HUB}#follows/1", id=uri)))
    assert isinstance(verified, VerifiedActivity)
    assert verified.activity.id == uri


# What has no effect.


@pytest.mark.parametrize(
    "thing", [ANN, {"id": ANN, "type": "Person"}, {"id": ANN, "type": "Tombstone"}]
)
async def test_an_unknown_actor_who_is_gone_is_no_reason_to_fetch(thing: object) -> None:
    """Case 12 (Ghost#2034): 202, and nothing more."""
    directory = Directory(elsewhere={ANNS.key_id: public(ANNS)})
    answer = await taken(request(activity("Delete", thing)), directory)
    assert answer == IgnoredDeletion(actor=ANN)
    assert directory.fetched == []


async def test_a_known_actor_who_is_gone_is_verified_without_a_fetch() -> None:
    """By the key that is held."""
    directory = holding(ANNS)
    verified = await taken(request(activity("Delete", ANN)), directory)
    assert isinstance(verified, VerifiedActivity)
    assert isinstance(verified.activity, Activity)
    with pytest.raises(WrongSignatureError):
        await taken(request(activity("Delete", ANN), NEW), directory)
    assert directory.fetched == []


@pytest.mark.parametrize("key", [None, EVES], ids=["unsigned", "by another"])
async def test_nobody_else_says_that_a_known_actor_is_gone(key: SigningKey | None) -> None:
    """Unsigned, or signed by another whose key is held."""
    with pytest.raises((UnauthenticatedError, UnauthorisedError)):
        await taken(request(activity("Delete", ANN), key), holding(ANNS, EVES))


async def test_a_stale_or_unsigned_deletion_is_refused() -> None:
    """Case 12 is for what looks right."""
    for message in (
        request(activity("Delete", ANN), None),
        request(activity("Delete", ANN), now=NOW - timedelta(days=1)),
    ):
        with pytest.raises(UnauthenticatedError):
            await taken(message, Directory())


async def test_another_deletion_by_an_unknown_actor_fetches_the_key() -> None:
    """Only who deletes themselves is ignored."""
    directory = Directory(elsewhere={ANNS.key_id: public(ANNS)})
    verified = await taken(request(activity("Delete", f"{ANN}/notes/1")), directory)
    assert isinstance(verified, VerifiedActivity)
    assert directory.fetched == [ANNS.key_id]


async def test_an_activity_of_an_unknown_type_is_proven_and_left_unread() -> None:
    """It is answered with 202 all the same, or its server would try for days."""
    message = request(activity("View", f"{FAR}/notes/1"))
    assert await taken(message) == UnreadActivity(
        id=f"{ANN}/activities/1", type="View", actor=ANN, key_id=ANNS.key_id, raw=message.body
    )
    with pytest.raises(UnauthorisedError):
        await taken(request(activity("View"), EVES), holding(ANNS, EVES))
    with pytest.raises(UnauthenticatedError):
        await taken(request(activity("View"), None))
