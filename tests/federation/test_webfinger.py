"""From a handle to an actor and back (RFC 7033; federation.md §3, §9)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from federation.connector import AddressPolicy
from federation.errors import (
    FetchError,
    GoneError,
    MalformedError,
    RefusedDocumentError,
    UnreachableError,
)
from federation.fetch import Fetcher
from federation.testing import FixedClock, an_actor
from federation.uris import Handle, parse_handle
from federation.vocab import Json
from federation.webfinger import SUBSCRIBE, handle_of, jrd, lookup
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Resident

ANN = parse_handle("@ann@there.test")
QUERY = "/.well-known/webfinger?resource=acct%3Aann%40there.test"
SELF = {"rel": "self", "type": "application/activity+json", "href": "https://there.test/people/ann"}


@pytest.fixture
def ann(there: Peer) -> Resident:
    """Somebody who lives there."""
    return there.actor("ann")


def says(there: Peer, *links: Mapping[str, Json], path: str = QUERY, **terms: Json) -> None:
    """Let the host answer about Ann."""
    document = {"subject": "acct:ann@there.test", "links": [dict(link) for link in links], **terms}
    body = json.dumps(document).encode()
    there.answers(path, body=body, content_type="application/jrd+json")


async def test_a_handle_leads_to_its_actor(there: Peer, ann: Resident, fetcher: Fetcher) -> None:
    """And to where its people are asked whom they will follow."""
    found = await lookup(ANN, fetcher)
    assert (found.handle, found.actor_uri) == (ANN, ann.uri)
    assert found.aliases == (ann.uri,)
    assert found.subscribe_url("https://here.test/hub?a=b") == (
        "https://there.test/authorize_interaction?uri=https%3A%2F%2Fhere.test%2Fhub%3Fa%3Db"
    )
    assert there.requests[0].scheme is None
    assert there.requests[0].path == QUERY


async def test_a_name_that_nobody_has_is_gone(there: Peer, fetcher: Fetcher) -> None:
    """The host said so."""
    with pytest.raises(GoneError):
        await lookup(ANN, fetcher)


async def test_a_host_that_does_not_answer_is_unreachable(there: Peer, fetcher: Fetcher) -> None:
    """The person may try again."""
    await there.stop()
    with pytest.raises(UnreachableError):
        await lookup(ANN, fetcher)


async def test_plain_json_will_do_and_html_will_not(there: Peer, fetcher: Fetcher) -> None:
    """Servers differ in the type of a JRD."""
    body = json.dumps({"subject": "acct:ann@there.test", "links": [SELF]}).encode()
    there.answers(QUERY, body=body, content_type="application/json; charset=utf-8")
    assert (await lookup(ANN, fetcher)).actor_uri == SELF["href"]
    there.answers(QUERY, body=body, content_type="text/html")
    with pytest.raises(RefusedDocumentError):
        await lookup(ANN, fetcher)


async def test_the_link_that_is_an_actor_is_found_among_others(
    there: Peer, fetcher: Fetcher
) -> None:
    """Also where its type is written as JSON-LD with the profile."""
    page = {"rel": "http://webfinger.net/rel/profile-page", "href": "https://there.test/@ann"}
    feed = {"rel": "self", "type": "application/atom+xml", "href": "https://there.test/feed"}
    kind = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    says(there, page, feed, {**SELF, "type": kind})
    found = await lookup(ANN, fetcher)
    assert (found.actor_uri, found.profile_url) == (SELF["href"], "https://there.test/@ann")


@pytest.mark.parametrize(
    "link",
    [
        {},
        {"rel": "self"},
        {"rel": "self", "type": "application/activity+json"},
        {**SELF, "type": "text/html"},
        {**SELF, "rel": "alternate"},
        {**SELF, "href": "javascript:alert(1)"},
        {**SELF, "href": "acct:ann@there.test"},
        {**SELF, "href": ["https://there.test/people/ann"]},
        {**SELF, "href": None},
    ],
)
async def test_a_link_that_leads_to_no_actor_is_passed_over(
    link: Mapping[str, Json], there: Peer, fetcher: Fetcher
) -> None:
    """Then there is nobody."""
    says(there, link)
    with pytest.raises(GoneError):
        await lookup(ANN, fetcher)


@pytest.mark.parametrize("links", [None, "x", 7, {}, [None], ["x"], [[]], [7]])
async def test_links_of_a_wrong_shape_are_no_links(
    links: Json, there: Peer, fetcher: Fetcher
) -> None:
    """Odd answers are answers without an actor, never an accident."""
    says(there, links=links, aliases=links)
    with pytest.raises(GoneError):
        await lookup(ANN, fetcher)


@pytest.mark.parametrize(
    "template",
    [
        "https://there.test/follow",
        "javascript:alert('{uri}')",
        "http://there.test/follow?uri={uri}",
        "//there.test/follow?uri={uri}",
        "data:text/html,{uri}",
        "https://a:b@there.test/{uri}",
        7,
    ],
)
async def test_a_template_that_nobody_should_be_sent_to_is_none(
    template: Json, there: Peer, fetcher: Fetcher
) -> None:
    """A visitor is redirected there: it must be a web address that we could reach ourselves."""
    says(there, SELF, {"rel": SUBSCRIBE, "template": template})
    found = await lookup(ANN, fetcher)
    assert (found.subscribe_template, found.subscribe_url("https://here.test/")) == (None, None)


# A handle's host may name another host's handle


async def test_a_host_may_give_the_handle_of_another_that_confirms_it(
    network: Network, there: Peer, ann: Resident, fetcher: Fetcher
) -> None:
    """`@ann@example.org` whose server is `social.example.org`."""
    front = await Peer.at(network, "front.test")
    path = "/.well-known/webfinger?resource=acct%3Aann%40front.test"
    says(front, SELF, path=path)
    found = await lookup(parse_handle("ann@front.test"), fetcher)
    assert (found.handle, found.actor_uri) == (ANN, ann.uri)


async def test_a_handle_that_is_not_confirmed_is_refused(
    network: Network, there: Peer, ann: Resident, fetcher: Fetcher
) -> None:
    """Nobody takes a handle of somebody else's host for their own actor (§9, 7)."""
    front = await Peer.at(network, "front.test")
    path = "/.well-known/webfinger?resource=acct%3Aann%40front.test"
    says(front, {**SELF, "href": "https://front.test/people/eve"}, path=path)
    with pytest.raises(RefusedDocumentError, match="lead back"):
        await lookup(parse_handle("ann@front.test"), fetcher)


async def test_handles_that_lead_on_and_on_are_refused(
    network: Network, there: Peer, fetcher: Fetcher
) -> None:
    """One step and no more."""
    says(there, SELF, subject="acct:bob@there.test")
    bob = "/.well-known/webfinger?resource=acct%3Abob%40there.test"
    says(there, SELF, path=bob, subject="acct:carl@there.test")
    with pytest.raises(RefusedDocumentError):
        await lookup(ANN, fetcher)
    assert len(there.requests) == 2


async def test_a_subject_that_can_not_be_read_is_refused(there: Peer, fetcher: Fetcher) -> None:
    """A subject that is an address and no handle says nothing, and that is allowed."""
    says(there, SELF, subject="acct:nonsense")
    with pytest.raises(RefusedDocumentError):
        await lookup(ANN, fetcher)
    says(there, SELF, subject="https://there.test/people/ann")
    assert (await lookup(ANN, fetcher, fresh=True)).handle == ANN


# From an actor to its handle


async def test_an_actor_has_the_handle_that_leads_back(
    there: Peer, ann: Resident, fetcher: Fetcher
) -> None:
    """Its name at its host."""
    assert await handle_of(await fetcher.actor(ann.uri), fetcher) == ANN


async def test_an_actor_may_say_what_its_handle_is(
    network: Network, there: Peer, fetcher: Fetcher
) -> None:
    """FEP-2c59: the handle's host is another than the id's."""
    front = await Peer.at(network, "front.test")
    ann = there.actor("ann", webfinger="ann@front.test")
    path = "/.well-known/webfinger?resource=acct%3Aann%40front.test"
    says(front, SELF, path=path, subject="acct:ann@front.test")
    handle = await handle_of(await fetcher.actor(ann.uri), fetcher)
    assert handle == Handle(name="ann", host="front.test")


async def test_an_actor_can_not_take_the_handle_of_another(
    there: Peer, ann: Resident, fetcher: Fetcher
) -> None:
    """WebFinger must lead back to the actor that claims it."""
    eve = an_actor("https://there.test/people/eve", name="ann")
    with pytest.raises(RefusedDocumentError, match="another actor"):
        await handle_of(eve, fetcher)


async def test_an_actor_without_a_name_has_no_handle(fetcher: Fetcher) -> None:
    """There is nothing to ask for."""
    nobody = replace(an_actor("https://there.test/people/x"), preferred_username=None)
    with pytest.raises(MalformedError):
        await handle_of(nobody, fetcher)


# What we answer ourselves, and where we ask


async def test_our_own_answer_is_one_that_we_read(there: Peer, fetcher: Fetcher) -> None:
    """Subject, actor, page, picture and template."""
    uri = "https://there.test/people/ann"
    document = jrd(
        "acct:ann@there.test",
        actor_uri=uri,
        profile_url="https://there.test/@ann",
        subscribe_template="https://there.test/follow?uri={uri}",
        avatar_url="https://there.test/ann.png",
        aliases=["https://there.test/@ann", "https://there.test/old"],
    )
    assert document["aliases"] == [uri, "https://there.test/@ann", "https://there.test/old"]
    there.answers(QUERY, body=document, content_type="application/jrd+json")
    found = await lookup(ANN, fetcher)
    assert (found.handle, found.actor_uri) == (ANN, uri)
    assert found.profile_url == "https://there.test/@ann"
    assert found.subscribe_template == "https://there.test/follow?uri={uri}"


async def test_plain_http_is_tried_in_development_only(network: Network, there: Peer) -> None:
    """Development peers often have no certificate."""
    await there.stop()
    heard = ["https://there.test/", "http://there.test/"]
    for policy, number in (
        (AddressPolicy(allow_loopback=True), 1),
        (AddressPolicy(allow_loopback=True, allow_http=True), 2),
    ):
        async with Fetcher(network.client(policy=policy), clock=network.clock) as fetcher:
            with pytest.raises(FetchError) as caught:
                await lookup(ANN, fetcher)
        assert str(caught.value.facts["url"]).startswith(heard[number - 1])


async def test_a_failed_lookup_is_remembered_and_a_person_may_insist(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """Typing it again asks again; a job that retries doesn't."""
    with pytest.raises(GoneError):
        await lookup(ANN, fetcher)
    there.actor("ann")
    with pytest.raises(GoneError):
        await lookup(ANN, fetcher)
    assert (await lookup(ANN, fetcher, fresh=True)).handle == ANN
    clock.move(timedelta(minutes=10))
    assert (await lookup(ANN, fetcher)).handle == ANN
