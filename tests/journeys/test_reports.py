"""Somebody asks the stewards to look at something; another server does; they decide."""

from datetime import timedelta

import orjson

from server.actors.tables import Actor
from server.people.service import notifications
from server.safety import service as safety
from server.safety.rules import DECIDED_KEPT, ReportState
from server.safety.tables import Report
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def waiting(node: LiveNode) -> list[Report]:
    """Return the reports that wait."""
    return await node.run(safety.reports, ReportState.OPEN)


async def test_another_server_reports_something_of_ours(hub: Hub, network: Network) -> None:
    """Person and story, with the reason as plain text; the stewards are told, and decide."""
    ward = await hub("ward.test")
    await ward.add_person("colm")
    peer = await Peer.at(network, "there.test")
    moderation = peer.actor("moderation", type="Application")
    colm = f"{ward.origin}/people/colm"
    story = await ward.publish_story(by="colm", title="Home by six")
    elsewhere = "https://else.test/notes/1"
    flag = moderation.activity(
        "Flag", [colm, story, elsewhere], content="<p>It names <b>people</b></p>"
    )
    for _ in range(2):
        assert (await moderation.post(f"{ward.origin}/inbox", flag)).status == 202
        await settle(ward)

    [row] = await waiting(ward)
    assert (row.subject.uri, row.reporter.host) == (colm, "there.test")
    assert row.reason == "It names people"
    _, about = await ward.run(safety.report_of, row.id)
    assert [post.uri for post in about] == [story]
    ida = await ward.person()
    told = await ward.run(notifications.listed, ida.id)
    assert [one.kind for one in told] == ["report"]

    await ward.run(safety.decide, row.id, decision="It stays.", by=ida, house=ward.house)
    assert await waiting(ward) == []
    [done] = await ward.run(safety.reports, ReportState.DONE)
    assert (done.decision, done.decided_by_id) == ("It stays.", ida.id)


async def report(node: LiveNode, whom: str, *, by: str, reason: str, pass_on: bool) -> int:
    """Have somebody report an actor that is known."""

    async def act() -> int:
        subject = await Actor.get(uri=whom)
        row = await safety.report(
            subject, by=await node._actor(by), reason=reason, pass_on=pass_on, house=node.house
        )
        return int(row.id)

    return await node.run(act)


async def test_a_report_is_passed_on_without_the_name_of_who_made_it(
    hub: Hub, network: Network
) -> None:
    """In the name of the node, once; and only where somebody asked for it."""
    ward = await hub("ward.test")
    await ward.add_person("colm")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await ann.post(f"{ward.hub_uri}/inbox", ann.follow(ward.hub_uri))
    await settle(ward)
    peer.forget()
    quiet = await report(ward, ann.uri, by="ida", reason="Spam", pass_on=False)
    await settle(ward)
    assert peer.activities() == []

    for _ in range(2):
        await report(ward, ann.uri, by="colm", reason="It is always the same", pass_on=True)
        await settle(ward)
    [flag] = peer.activities("Flag")
    assert flag["actor"] == f"{ward.origin}/actor"
    assert flag["content"] == "It is always the same"
    assert "colm" not in orjson.dumps(flag).decode()
    path = flag["id"].removeprefix(ward.origin)
    assert (await ward.get(path, accept="application/activity+json")).status == 404

    for _ in range(2):
        await ward.run(safety.pass_on, quiet, house=ward.house)
        await settle(ward)
    assert len(peer.activities("Flag")) == 2
    assert len(await waiting(ward)) == 2


async def test_a_report_from_a_fettle_hub_is_a_report_here(hub: Hub) -> None:
    """Both ways of one protocol."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    await report(council, ward.hub_uri, by="ida", reason="A broken promise", pass_on=True)
    await settle(ward, council)
    [row] = await waiting(ward)
    assert (row.reporter.uri, row.subject.uri) == (f"{council.origin}/actor", ward.hub_uri)
    assert row.reason == "A broken promise"


async def test_what_was_decided_is_kept_for_three_years(hub: Hub, network: Network) -> None:
    """A report that waits stays as long as it waits."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann, bo = peer.actor("ann"), peer.actor("bo")
    for one in (ann, bo):
        await one.post(f"{ward.origin}/inbox", one.activity("Flag", ward.hub_uri, content="Rude"))
    await settle(ward)
    first, _ = await waiting(ward)
    ida = await ward.person()
    await ward.run(safety.decide, first.id, decision="It stays.", by=ida, house=ward.house)
    network.clock.move(DECIDED_KEPT - timedelta(days=1))
    assert await ward.run(safety.sweep, house=ward.house) == 0
    network.clock.move(timedelta(days=2))
    assert await ward.run(safety.sweep, house=ward.house) == 1
    assert len(await waiting(ward)) == 1
