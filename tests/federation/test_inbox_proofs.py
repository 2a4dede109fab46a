"""What a proof lets through the inbox, and what it does not (FEP-8b32; security cases 1 and 3)."""

from typing import Any

import pytest

from federation.errors import UnauthenticatedError, UnauthorisedError
from federation.inbox import VerifiedActivity
from federation.keys import SigningKey, generate_ed25519
from federation.proofs import ProofError, add_proof
from tests.federation.arrivals import (
    ANN,
    ANNS,
    ANNS_ED25519,
    EVE,
    EVES,
    FAR,
    NOW,
    Directory,
    activity,
    holding,
    note,
    public,
    request,
    taken,
)

ANNS_NEW = SigningKey(ANNS_ED25519.key_id, generate_ed25519())
EVES_ED25519 = SigningKey(f"{EVE}#ed25519-key", generate_ed25519())
FARS_ED25519 = SigningKey(f"{FAR}#ed25519-key", generate_ed25519())


def everybody() -> Directory:
    return holding(ANNS, ANNS_ED25519, EVES, EVES_ED25519, FARS_ED25519)


def proven(document: Any, key: SigningKey = ANNS_ED25519) -> Any:
    return add_proof(document, key, created=NOW)


def fars_note(**terms: object) -> Any:
    return note(id=f"{FAR}/notes/1", attributedTo=FAR, **terms)


async def verified(document: Any, by: SigningKey = ANNS) -> VerifiedActivity:
    found = await taken(request(document, by), everybody())
    assert isinstance(found, VerifiedActivity)
    return found


async def test_what_its_actor_signs_and_proves_is_known_at_first_hand() -> None:
    """The activity, and the Note in it."""
    found = await verified(proven(activity(thing=proven(note()))))
    assert (found.second_hand, found.carrier) == (False, None)


@pytest.mark.parametrize("kind", ["Create", "Update"])
async def test_a_post_that_its_actor_proves_may_come_from_anybody(kind: str) -> None:
    """Known at second hand; who brought it is told."""
    found = await verified(proven(activity(kind)), EVES)
    assert (found.actor, found.carrier, found.second_hand) == (ANN, EVE, True)


@pytest.mark.parametrize(
    ("kind", "thing"), [("Delete", f"{ANN}/notes/1"), ("Announce", f"{FAR}/notes/1")]
)
async def test_a_deletion_or_a_boost_may_come_from_anybody(kind: str, thing: str) -> None:
    """With a proof by its actor."""
    assert (await verified(proven(activity(kind, thing)), EVES)).second_hand


PERSON = {"id": ANN, "type": "Person", "inbox": f"{ANN}/inbox"}


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("Follow", FAR),
        ("Like", f"{FAR}/notes/1"),
        ("Undo", {"type": "Follow", "actor": ANN, "object": FAR}),
        ("Accept", f"{FAR}#follow"),
        ("Block", FAR),
        ("Flag", FAR),
        ("Move", ANN),
        ("Update", PERSON),
        ("Create", f"{ANN}/notes/1"),
        ("Delete", ANN),
        ("Dance", FAR),
    ],
)
async def test_nothing_else_may(kind: str, thing: object) -> None:
    """It could be replayed for ever: nobody can be asked whether it still holds."""
    with pytest.raises(UnauthorisedError):
        await verified(proven(activity(kind, thing)), EVES)
    with pytest.raises(UnauthorisedError):
        await verified(proven(activity(id=None)), EVES)


@pytest.mark.parametrize("key", [EVES_ED25519, FARS_ED25519])
async def test_a_proof_by_another_than_the_actor_is_refused(key: SigningKey) -> None:
    """On the same server or elsewhere, whoever signs the request."""
    for by in (ANNS, EVES):
        with pytest.raises(ProofError):
            await verified(proven(activity(), key), by)


async def test_a_proof_that_is_wrong_is_refused_though_the_actor_signs() -> None:
    """On the activity or on the Note in it: something was changed on its way into this request."""
    changed = proven(activity()) | {"summary": "more"}
    inner = activity(thing=proven(note()) | {"content": "<p>Other words</p>"})
    for document in (changed, inner):
        with pytest.raises(ProofError):
            await verified(document)


async def test_a_proof_of_an_unknown_suite_counts_for_nothing() -> None:
    """The actor may bring it along; nobody may pass it on."""
    made = proven(activity())
    made["proof"]["cryptosuite"] = "mldsa44-jcs-2024"
    assert not (await verified(made)).second_hand
    with pytest.raises(UnauthorisedError):
        await verified(made, EVES)


async def test_a_proof_without_any_signature_proves_no_sender() -> None:
    """401: whoever brings it has to say who they are."""
    with pytest.raises(UnauthenticatedError):
        await taken(request(proven(activity()), None), everybody())


async def test_a_proof_on_the_note_only_does_not_carry_the_activity() -> None:
    """Ann wrote that, but she does not say so here."""
    with pytest.raises(UnauthorisedError):
        await verified(activity(thing=proven(note())), EVES)


async def test_a_note_that_its_author_proves_may_be_in_anybodys_create() -> None:
    """An archive's: known at second hand, for its author is another."""
    found = await verified(activity(thing=proven(fars_note(), FARS_ED25519)))
    assert (found.second_hand, found.carrier) == (True, None)


async def test_a_note_that_another_than_its_author_proves_is_refused() -> None:
    """Case 3: by its sender, or on another server than its author's."""
    for document in (
        activity(thing=proven(fars_note(), ANNS_ED25519)),
        activity(thing=proven(fars_note(), EVES_ED25519)),
    ):
        with pytest.raises(ProofError):
            await verified(document)
    stray = fars_note() | {"id": f"{ANN}/notes/1"}
    with pytest.raises(UnauthorisedError):
        await verified(activity(thing=proven(stray, FARS_ED25519)))


async def test_a_new_key_of_the_actors_is_fetched_once() -> None:
    """Peers may change keys under the same id."""
    keys = everybody()
    keys.elsewhere[ANNS_NEW.key_id] = public(ANNS_NEW)
    found = await taken(request(proven(activity(), ANNS_NEW), EVES), keys)
    assert isinstance(found, VerifiedActivity)
    assert keys.fetched == [ANNS_NEW.key_id]


async def test_a_key_that_cannot_be_had_proves_nothing_and_refuses_nobody() -> None:
    """Ann's own signature is enough; somebody else's is not."""
    keys = holding(ANNS, EVES)
    own = await taken(request(proven(activity())), keys)
    assert isinstance(own, VerifiedActivity)
    assert not own.second_hand
    with pytest.raises(UnauthorisedError):
        await taken(request(proven(activity()), EVES), keys)


async def test_nobody_is_asked_for_a_key_on_another_server() -> None:
    """Or a proof would send us wherever it likes."""
    keys = everybody()
    stray = SigningKey("https://evil.example/key", generate_ed25519())
    with pytest.raises(ProofError):
        await taken(request(proven(activity(), stray)), keys)
    with pytest.raises(UnauthorisedError):
        await taken(request(activity(), EVES), keys)
    assert keys.fetched == []
