"""Who sent it is proven before anything else (security cases 1, 7 to 9, 12, 14, 21, 22)."""

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

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
)
from federation.keys import SigningKey, VerificationKey
from federation.signatures import (
    BadDigestError,
    InsufficientSignatureError,
    MalformedSignatureError,
    Scheme,
    StaleSignatureError,
    WrongSignatureError,
    sign,
)
from federation.vocab import Activity, ActivityType, Note
from tests.federation.arrivals import (
    ANN,
    ANNS,
    ANNS_ED25519,
    EVE,
    EVES,
    FAR,
    HUB,
    INBOX,
    NEW,
    NOW,
    Directory,
    activity,
    holding,
    note,
    public,
    request,
    taken,
)


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
