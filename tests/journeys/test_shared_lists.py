"""A team shares a list of hubs at an address; other hubs follow along with it, and keep their own
say.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.network import service
from server.network.formats.reading import read
from server.network.rules.sharing import MOST_NAMES, MOST_ROWS
from server.network.rules.subscribing import Act, Wish
from server.network.service import polling
from server.network.service.elsewhere import Reading
from server.network.tables import Entry, HubList, TakenList
from tests.journeys.conftest import Hub
from tests.journeys.test_exported_reports import at_browser
from tests.journeys.test_subscribing import LISTS, entries, followed, states
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer, collection

NORTH = "/lists/hubs-in-the-north"
HOUR = timedelta(hours=1, minutes=11)
"""After which a list is looked at again, whatever else is due."""


async def share(team: LiveNode, *whom: str) -> HubList:
    """Have a team share a list of these handles or addresses."""

    async def act() -> HubList:
        shared = await service.share("Hubs in the north", "For *us*.", house=team.house)
        found = await service.find_all(read("\n".join(whom)), house=team.house)
        await service.put_in(shared, found, house=team.house)
        return shared

    return await team.run(act)


async def take_out(team: LiveNode, shared: HubList, uri: str) -> None:
    """Have a team take somebody out of its list."""

    async def act() -> None:
        actor = await Actor.get(uri=uri)
        await service.take_out(shared, actor.id, house=team.house)

    await team.run(act)


async def put_in(team: LiveNode, shared: HubList, uri: str) -> None:
    """Have a team put somebody into its list."""

    async def act() -> None:
        found = [await actors.find(uri, house=team.house)]
        await service.put_in(shared, found, house=team.house)

    await team.run(act)


async def take_up(ward: LiveNode, uri: str, *, follow: bool = True) -> int:
    """Have a hub follow along with a list, and agree to whom it names."""
    batch = await ward.run(service.take_up, uri, by="ida", house=ward.house)
    if follow:
        await ward.run(service.wished, batch.id, Wish.FOLLOW, house=ward.house)
    return int(batch.id)


async def later(network: Network, *nodes: LiveNode, after: timedelta = HOUR) -> None:
    """Let time pass until lists have been looked at again."""
    network.clock.move(after)
    await settle(*nodes)


def serves(peer: Peer, *whom: str, path: str = "/lists/odd") -> tuple[str, list[str]]:
    """Have a peer share a list with an ETag; return its address, and what it is asked."""
    asked: list[str] = []
    names = list(whom)

    async def answer(request: web.Request) -> web.StreamResponse:
        etag = f'"{len(names)}-{hash(tuple(names))}"'
        asked.append(request.headers.get("If-None-Match", ""))
        if asked[-1] == etag:
            return web.Response(status=304)
        response = peer.json(collection(peer.origin + path, names, name="Odd <b>ones</b>"))
        response.headers["ETag"] = etag
        return response

    return peer.handles(path, answer), asked


async def test_additions_and_retractions_are_followed(hub: Hub, network: Network) -> None:
    """Only after the steward has agreed; then by themselves. What has not changed costs a 304."""
    team, ward, there = await hub("team.test"), await hub("ward.test"), None
    there = await Peer.at(network, "there.test")
    ann, una = there.actor("ann"), there.actor("una")
    shared = await share(team, ann.uri)
    ida = await at_browser(network, ward)
    answer = await ida.send(f"{LISTS}/lists", {"uri": team.origin + NORTH}, page=LISTS)
    path = answer.headers["Location"]
    await settle(team, ward)
    assert await followed(ward) == set()
    await ida.send(f"{path}/follow", page=path)
    await settle(team, ward)
    assert await followed(ward) == {ann.uri}

    await put_in(team, shared, una.uri)
    await later(network, team, ward)
    assert await followed(ward) == {ann.uri, una.uri}
    await take_out(team, shared, ann.uri)
    await later(network, team, ward)
    assert await followed(ward) == {una.uri}
    assert (await there.arrived("Undo"))["object"]["object"] == ann.uri
    await put_in(team, shared, ann.uri)
    await later(network, team, ward)
    assert await followed(ward) == {ann.uri, una.uri}

    await ida.send(f"{path}/stop", page=path)
    await take_out(team, shared, ann.uri)
    await later(network, team, ward)
    assert await followed(ward) == {ann.uri, una.uri}


async def test_a_list_among_addresses_is_told_for_what_it_is(hub: Hub, network: Network) -> None:
    """With how many it names; nobody of it is followed before a steward follows along with it."""
    team, ward = await hub("team.test"), await hub("ward.test")
    there = await Peer.at(network, "there.test")
    ann, una = there.actor("ann"), there.actor("una")
    await share(team, ann.uri, una.uri)
    many = [f"{there.origin}/people/n{one}" for one in range(MOST_NAMES + 1)]
    odd, nothing = serves(there, *many)[0], f"{there.origin}/notes/nothing"
    ida = await at_browser(network, ward)
    pasted = f"{team.origin}{NORTH}\n{odd}\n{nothing}\n{ann.uri}"
    path = (await ida.send(LISTS, {"addresses": pasted})).headers["Location"]
    await settle(team, ward)
    page = (await ida.get(path)).text
    assert "A list of 2 hubs: “Hubs in the north”." in page
    assert "A list of more than 2,000 hubs: “Odd ones”." in page
    assert "Follow the one that was found" in page
    assert f"Nobody was found at {nothing}" in page
    await ida.send(f"{path}/follow", page=path)
    await settle(team, ward)
    assert await followed(ward) == {ann.uri}
    taken = await ida.send(f"{LISTS}/lists", {"uri": team.origin + NORTH}, page=path)
    path = taken.headers["Location"]
    await settle(team, ward)
    await ida.send(f"{path}/follow", page=path)
    await settle(team, ward)
    assert await followed(ward) == {ann.uri, una.uri}


async def test_what_has_not_changed_is_not_read_again(hub: Hub, network: Network) -> None:
    """Once an hour, with the ETag."""
    ward, there = await hub("ward.test"), await Peer.at(network, "there.test")
    ann = there.actor("ann")
    uri, asked = serves(there, ann.uri)
    batch = await take_up(ward, uri)
    await settle(ward)
    for _ in range(3):
        await later(network, ward)
    assert asked[0] == ""
    assert len(asked) == 4
    assert all(asked[1:])
    title = await ward.run(lambda: service.by_id(batch))
    assert title.title == "Odd ones"


async def test_a_subscriber_keeps_their_own_say(hub: Hub, network: Network) -> None:
    """Whom they followed themselves stays; whom they let go is not followed again, though the list
    names them, drops them and names them anew.
    """
    team, ward = await hub("team.test"), await hub("ward.test")
    there = await Peer.at(network, "there.test")
    own, gone, out, back = [there.actor(name) for name in ("own", "gone", "out", "back")]
    everybody = [own, gone, out, back]
    await ward.follow(own.handle)
    shared = await share(team, *(one.uri for one in everybody))
    batch = await take_up(ward, team.origin + NORTH)
    await settle(team, ward)
    await ward.unfollow(gone.uri)
    entry = (await entries(ward, batch))[out.uri]
    await ward.run(service.leave_out, batch, entry.id, Act.LEAVE, house=ward.house)
    for change in (take_out, put_in):
        for one in everybody:
            await change(team, shared, one.uri)
        await later(network, team, ward)
        expected = {own.uri} if change is take_out else {own.uri, back.uri}
        assert await followed(ward) == expected
    assert await states(ward, batch) == {
        own.uri: "known", gone.uri: "left", out.uri: "left", back.uri: "asked",
    }  # fmt: skip


async def test_who_could_not_be_followed_is_tried_again_next_day(
    hub: Hub, network: Network
) -> None:
    """A hub that was away when the list named it is followed once it is back."""
    ward, there = await hub("ward.test"), await Peer.at(network, "there.test")
    away = await Peer.at(network, "away.test")
    ann = away.actor("ann")
    await away.stop()
    uri, _ = serves(there, ann.uri)
    batch = await take_up(ward, uri)
    await settle(ward)
    assert await states(ward, batch) == {ann.uri: "failed"}
    await away.start()
    await later(network, ward)
    assert await followed(ward) == set()
    await later(network, ward, after=timedelta(days=1))
    assert await followed(ward) == {ann.uri}


async def test_whom_two_lists_name_stays_until_neither_does(hub: Hub, network: Network) -> None:
    """The second list takes over when the first lets go."""
    ward, there = await hub("ward.test"), await Peer.at(network, "there.test")
    ann = there.actor("ann")
    names: dict[str, list[str]] = {"/lists/a": [ann.uri], "/lists/b": [ann.uri]}
    for path in names:
        there.handles(path, _lists(there, path, names))
        await take_up(ward, there.origin + path)
        await settle(ward)
    names["/lists/a"] = []
    await later(network, ward)
    assert await followed(ward) == {ann.uri}
    names["/lists/b"] = []
    await later(network, ward)
    assert await followed(ward) == set()


def _lists(
    peer: Peer, path: str, names: dict[str, list[str]]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_: web.Request) -> web.StreamResponse:
        return peer.json(collection(peer.origin + path, names[path]))

    return answer


async def test_two_teams_that_follow_each_others_lists_harm_nobody(
    hub: Hub, network: Network
) -> None:
    """Each is in the list of the other and in its own: everything comes to rest, and what one team
    takes out does not come back from the other.
    """
    north, south = await hub("north.test"), await hub("south.test")
    there = await Peer.at(network, "there.test")
    ann, una = there.actor("ann"), there.actor("una")
    shared = await share(north, ann.uri, south.hub_uri, north.hub_uri)
    await share(south, una.uri, south.hub_uri, north.hub_uri)
    one = await take_up(north, south.origin + NORTH)
    await take_up(south, north.origin + NORTH)
    await settle(north, south)
    for _ in range(3):
        await later(network, north, south)
    assert await followed(north) >= {una.uri, south.hub_uri}
    assert await followed(south) >= {ann.uri, north.hub_uri}
    assert (await states(north, one))[north.hub_uri] == "failed"
    assert len(there.activities("Follow")) == 2
    await take_out(north, shared, ann.uri)
    for _ in range(3):
        await later(network, north, south)
    assert ann.uri not in await followed(south) | await followed(north)
    assert len(there.activities("Undo")) == 1


def pages_of(peer: Peer, *onwards: int) -> None:
    """Have a peer share a list in empty pages, each of which leads on to another."""
    uri = f"{peer.origin}/lists/odd"
    head = collection(uri, [], first=f"{uri}?page=0")
    del head["orderedItems"]
    peer.answers("/lists/odd", body=head)
    for number, onward in enumerate(onwards):
        here = f"{uri}?page={number}"
        document = collection(here, [], partOf=uri, next=f"{uri}?page={onward}")
        peer.answers(here, body=document | {"type": "OrderedCollectionPage"})


async def test_a_list_that_is_not_read_whole_retracts_nobody(hub: Hub, network: Network) -> None:
    """Gone, no list, endless, in a circle, or cut: whom it named is still followed, and the steward
    reads why.
    """
    ward, there = await hub("ward.test"), await Peer.at(network, "there.test")
    ann, path = there.actor("ann"), "/lists/odd"
    there.handles(path, _lists(there, path, {path: [ann.uri]}))
    batch = await take_up(ward, there.origin + path)
    await settle(ward)
    many = [f"{there.origin}/people/n{one}" for one in range(MOST_NAMES + 1)]
    for fails, spoil in (
        (True, lambda: there.gone(path)),
        (True, lambda: there.answers(path, body={"id": there.origin + path, "type": "Note"})),
        (False, lambda: pages_of(there, *range(1, 40))),
        (False, lambda: pages_of(there, 1, 0)),
        (False, lambda: there.answers(path, body=collection(there.origin + path, many))),
    ):
        spoil()
        network.clock.move(timedelta(days=1, hours=1))
        row = await ward.run(lambda: TakenList.get(batch_id=batch))
        await ward.run(polling.poll, {"list": row.id}, ward.house)
        row = await ward.run(lambda: TakenList.get(batch_id=batch))
        assert bool(row.failures) is fails
        assert fails or row.read_at == network.clock.now()
        assert row.etag == ""
        assert (await entries(ward, batch))[ann.uri].unlisted_at is None
    assert not there.asked(f"{path}?page=20")


async def test_a_list_that_is_gone_says_so(hub: Hub, network: Network) -> None:
    """In words for people; it is looked at ever more seldom, and once a day for ever."""
    ward, there = await hub("ward.test"), await Peer.at(network, "there.test")
    path = "/lists/odd"
    there.handles(path, _lists(there, path, {path: [there.actor("ann").uri]}))
    batch = await take_up(ward, there.origin + path)
    there.gone(path)
    for _ in range(8):
        await later(network, ward, after=timedelta(days=1, hours=1))
    row = await ward.run(lambda: TakenList.get(batch_id=batch))
    assert row.error == "There is no list at this address any more."
    assert row.failures >= 7
    assert row.due_at - network.clock.now() <= timedelta(days=1)


async def test_a_list_that_changes_all_its_names_again_and_again_is_bounded(
    hub: Hub, network: Network
) -> None:
    """No more rows than it may have, and no more looking up than there are rows."""
    ward, there = await hub("ward.test"), await Peer.at(network, "there.test")
    there.actor("ann")
    uri, _ = serves(there)
    batch = await take_up(ward, uri, follow=False)

    async def churn() -> int:
        row = await service.by_id(batch)
        for turn in range(3):
            names = [f"https://n{turn}-{one}.test/hub" for one in range(MOST_NAMES)]
            reading = Reading(uri, "", names, is_whole=True, etag="")
            async with db.transaction():
                await polling._merge(row, reading, house=ward.house)
        return await Entry.filter(batch_id=batch).count()

    assert await ward.run(churn) == MOST_ROWS


async def test_what_is_no_list_is_refused_with_what_to_do(hub: Hub, network: Network) -> None:
    """Ours, twice, nobody's, silent, blocked."""
    ward, there = await hub("ward.test"), await Peer.at(network, "there.test")
    ann = there.actor("ann")
    uri, _ = serves(there, ann.uri)
    await share(ward)
    await take_up(ward, uri, follow=False)
    ida = await at_browser(network, ward)
    for wrong, why in (
        (ward.origin + NORTH, "That is a list of this hub."), (uri, "has taken up that list"),
        (ann.uri, "There is no list at"), ("nonsense", "There is no list at"),
        ("https://silent.test/lists/a", "silent.test does not answer just now."),
    ):  # fmt: skip
        refused = await ida.send(f"{LISTS}/lists", {"uri": wrong}, page=LISTS)
        assert refused.status == 422
        assert why in refused.text


async def test_names_that_a_list_dropped_are_forgotten_after_a_month(
    hub: Hub, network: Network
) -> None:
    """But not whom a steward left out: they would be followed if they came back."""
    ward, there = await hub("ward.test"), await Peer.at(network, "there.test")
    ann, out = there.actor("ann"), there.actor("out")
    path = "/lists/odd"
    names = {path: [ann.uri, out.uri]}
    there.handles(path, _lists(there, path, names))
    batch = await take_up(ward, there.origin + path)
    await settle(ward)
    await ward.unfollow(out.uri)
    names[path] = []
    await later(network, ward)
    assert await states(ward, batch) == {ann.uri: "undone", out.uri: "left"}
    network.clock.move(timedelta(days=31))
    await ward.run(service.sweep, house=ward.house)
    assert await states(ward, batch) == {out.uri: "left"}
