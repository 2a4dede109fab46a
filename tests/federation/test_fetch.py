"""What is fetched is bounded, signed, and is what it says it is (security case 5)."""

from datetime import timedelta

import pytest

from federation import vocab
from federation.errors import (
    FetchError,
    GoneError,
    RefusedDocumentError,
)
from federation.fetch import ACTIVITY, Fetcher, is_acceptable
from federation.keys import SigningKey
from federation.signatures import Scheme, acceptable, claims, verify
from federation.testing import FixedClock, verification_key
from tests.federation.fetched import NOTE, note
from tests.support.network import Network
from tests.support.peer import Peer

MEBIBYTE = 1024 * 1024
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


async def test_a_note_is_fetched_and_read(there: Peer, fetcher: Fetcher) -> None:
    """The whole way: connection, TLS, signature, type, id, vocabulary."""
    made = there.actor("ann").note("<p>Good morning</p>")
    found = await fetcher.note(made["id"])
    assert (found.id, found.content) == (made["id"], "<p>Good morning</p>")


async def test_an_actor_is_fetched_and_read(there: Peer, fetcher: Fetcher) -> None:
    """The key that later signatures are checked with comes along."""
    ann = there.actor("ann")
    found = await fetcher.actor(ann.uri)
    assert found.inbox == ann.inbox
    assert found.public_key is not None
    assert found.public_key.id == ann.key.key_id


async def test_a_note_is_no_actor(there: Peer, fetcher: Fetcher) -> None:
    """What was asked for and what came must be of a kind."""
    there.publish(note())
    with pytest.raises(RefusedDocumentError):
        await fetcher.actor(NOTE)


async def test_a_key_is_found_in_its_actor(there: Peer, fetcher: Fetcher) -> None:
    """A fragment never travels."""
    ann = there.actor("ann")
    document = await fetcher.document(ann.key.key_id)
    assert document["id"] == ann.uri
    assert there.requests[0].path == "/people/ann"


async def test_another_address_of_a_thing_leads_to_its_id(there: Peer, fetcher: Fetcher) -> None:
    """People paste pages; the thing is fetched once more at the id that it gives."""
    there.publish(note())
    there.answers("/@ann/1", body=note())
    document = await fetcher.document("https://there.test/@ann/1")
    assert document["id"] == NOTE
    assert [one.path for one in there.requests] == ["/@ann/1", "/notes/1"]


async def test_a_document_that_claims_the_id_of_another_host_is_fetched_from_there(
    network: Network, there: Peer, fetcher: Fetcher
) -> None:
    """Only the origin says what is at an id: the copy is thrown away."""
    other = await Peer.at(network, "other.test")
    there.publish(note(content="the truth"))
    other.answers("/copy", body=note(content="a lie"))
    document = await fetcher.document("https://other.test/copy")
    assert document["content"] == "the truth"


async def test_an_id_that_its_host_does_not_know_is_refused(
    network: Network, there: Peer, fetcher: Fetcher
) -> None:
    """Nobody speaks for somebody else (Mastodon CVE-2024-23832)."""
    other = await Peer.at(network, "other.test")
    other.answers("/forged", body=note())
    with pytest.raises(GoneError):
        await fetcher.document("https://other.test/forged")


async def test_there_is_one_refetch_and_no_more(there: Peer, fetcher: Fetcher) -> None:
    """A chain of ids that point on is not followed for ever (GHSA-jhrq-qvrm-qr36)."""
    there.answers("/a", body=note("https://there.test/b"))
    there.answers("/b", body=note("https://there.test/c"))
    there.answers("/c", body=note("https://there.test/c"))
    with pytest.raises(RefusedDocumentError):
        await fetcher.document("https://there.test/a")
    assert [one.path for one in there.requests] == ["/a", "/b"]


@pytest.mark.parametrize("named", [None, 7, "", "nonsense", ["https://there.test/x"], "file:///x"])
async def test_a_document_without_a_good_id_is_refused(
    named: object, there: Peer, fetcher: Fetcher
) -> None:
    """Nothing that isn't an address can be an id."""
    there.answers("/x", body=note() | {"id": named})
    with pytest.raises(FetchError):
        await fetcher.document("https://there.test/x")


async def test_a_redirect_within_a_host_keeps_the_id(there: Peer, fetcher: Fetcher) -> None:
    """Some serve an id's document from another of their own addresses."""
    there.redirects("/notes/1", "/notes/1.json")
    there.answers("/notes/1.json", body=note())
    assert (await fetcher.document(NOTE))["id"] == NOTE


async def test_an_open_redirect_does_not_lend_its_hosts_name(
    network: Network, there: Peer, fetcher: Fetcher
) -> None:
    """A document that was found on another host can't bear this host's id."""
    other = await Peer.at(network, "other.test")
    uri = there.redirects("/go?to=other", "https://other.test/evil")
    other.answers("/evil", body=note(uri))
    with pytest.raises(RefusedDocumentError):
        await fetcher.document(uri)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/activity+json",
        "application/activity+json; charset=utf-8",
        "Application/Activity+JSON",
        LD_JSON,
        LD_JSON + "; charset=utf-8",
        'application/ld+json;profile="https://example.org/x https://www.w3.org/ns/activitystreams"',
    ],
)
async def test_activity_json_is_read(content_type: str, there: Peer, fetcher: Fetcher) -> None:
    """Exactly two media types carry ActivityPub objects."""
    there.answers(NOTE, body=note(), content_type=content_type)
    assert (await fetcher.document(NOTE))["id"] == NOTE


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/ld+json",
        'application/ld+json; profile="https://example.org/x"',
        "text/html",
        "text/plain",
        "application/octet-stream",
        "application/activity+jsonx",
        "x-application/activity+json",
        "image/png; application/activity+json",
        "",
        ";;;;" * 1000,
    ],
)
async def test_any_other_type_is_refused(content_type: str, there: Peer, fetcher: Fetcher) -> None:
    """Somebody's upload on another server is not what that server says (case 5)."""
    there.answers(NOTE, body=note(), content_type=content_type)
    with pytest.raises(RefusedDocumentError):
        await fetcher.document(NOTE)


def test_a_profile_that_is_asked_for_must_be_given() -> None:
    """`application/ld+json` alone can be anything."""
    assert is_acceptable(LD_JSON, ACTIVITY)
    assert not is_acceptable("application/ld+json", ACTIVITY)
    assert is_acceptable('application/json; profile="x"', "application/json")
    assert not is_acceptable("", ACTIVITY)


async def test_what_is_no_json_is_refused(there: Peer, fetcher: Fetcher) -> None:
    """Whatever the type says."""
    for number, body in enumerate((b"", b"<html>", b"[1]", b"{", b'"x"', b"\xff{}", b"null")):
        url = there.answers(f"/{number}", body=body)
        with pytest.raises(RefusedDocumentError):
            await fetcher.document(url)


async def test_a_picture_is_fetched_unsigned(there: Peer, fetcher: Fetcher) -> None:
    """Pictures often come from a store that knows nothing of signatures."""
    url = there.answers("/picture", body=b"GIF89a", content_type="image/gif")
    answer = await fetcher.picture(url, limit=100)
    assert (answer.body, answer.media_type) == (b"GIF89a", "image/gif")
    assert there.requests[0].scheme is None


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "image/tiff"])
async def test_what_is_no_raster_picture_is_refused(
    content_type: str, there: Peer, fetcher: Fetcher
) -> None:
    """SVG is a programme."""
    url = there.answers("/picture", body=b"<svg/>", content_type=content_type)
    with pytest.raises(RefusedDocumentError):
        await fetcher.picture(url, limit=100)


async def test_a_fetch_is_signed_by_the_node(
    there: Peer, fetcher: Fetcher, key: SigningKey, clock: FixedClock
) -> None:
    """Peers in secure mode answer, and can check who asks; the query is covered."""
    there.answers("/notes?page=1", body=note())
    await fetcher.get("https://there.test/notes?page=1")
    message = there.requests[0].message
    claim = acceptable(claims(message), message, clock.now())
    verify(message, claim, verification_key(key), now=clock.now())
    assert claim.key_id == "https://here.test/actor#main-key"
    assert there.requests[0].header("Accept") == ACTIVITY


async def test_without_a_key_a_fetch_is_unsigned(network: Network, there: Peer) -> None:
    """A node that is being set up has no key yet."""
    there.publish(note())

    async def nobody() -> SigningKey | None:
        return None

    for signer in (None, nobody):
        async with Fetcher(network.client(), clock=network.clock, signer=signer) as fetcher:
            await fetcher.document(NOTE)
    assert [one.scheme for one in there.requests] == [None, None]


async def test_a_host_that_reads_only_rfc_9421_is_asked_again_so(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """Double knock, and the scheme is remembered for a day."""
    there.secure, there.reads = True, {Scheme.RFC9421}
    there.publish(note())
    await fetcher.document(NOTE)
    await fetcher.document(NOTE)
    clock.move(timedelta(days=1))
    await fetcher.document(NOTE)
    cavage, rfc9421 = Scheme.CAVAGE, Scheme.RFC9421
    schemes = [one.scheme for one in there.requests]
    assert schemes == [cavage, rfc9421, rfc9421, cavage, rfc9421]


async def test_a_host_that_turns_both_away_is_asked_twice(there: Peer, fetcher: Fetcher) -> None:
    """And no more than that."""
    there.answers(NOTE, status=403)
    with pytest.raises(RefusedDocumentError):
        await fetcher.document(NOTE)
    assert len(there.requests) == 2


async def test_what_was_fetched_is_what_the_vocabulary_reads(there: Peer, fetcher: Fetcher) -> None:
    """No second reader of JSON: the document goes through `vocab`."""
    there.publish({**note(), "@reverse": {}})
    with pytest.raises(RefusedDocumentError):
        await fetcher.note(NOTE)
    assert vocab.parse_note(note()).id == NOTE
