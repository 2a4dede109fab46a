"""Nobody says what is not theirs to say (security cases 1 to 4, 6, 11)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import (
    MalformedError,
    UnauthorisedError,
)
from federation.inbox import (
    VerifiedActivity,
)
from federation.keys import SigningKey
from federation.signatures import (
    WrongSignatureError,
)
from tests.federation.arrivals import (
    ANN,
    ANNS,
    EVE,
    EVES,
    FAR,
    HUB,
    NEW,
    Directory,
    activity,
    holding,
    note,
    public,
    request,
    taken,
)


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


THEFTS: list[object] = [
    note(attributedTo=EVE),
    note(attributedTo=FAR),
    note(id="https://far.example/notes/1"),
    note(id="http://peer.example/notes/1"),
    note(id="https://far.example/notes/1", attributedTo=FAR),
    note(type="Article", attributedTo=EVE),
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
        ("Announce", note(id=f"{FAR}/notes/1", attributedTo=FAR)),
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
