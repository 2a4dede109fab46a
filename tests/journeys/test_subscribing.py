"""A national team pastes a list: each address is looked up, shown for what it is, followed, and
taken back if wanted; whatever breaks off goes on.
"""

import asyncio
import re
from collections import Counter
from datetime import timedelta

from aiohttp import web

from server.follows.tables import Follow
from server.network import service
from server.network.formats.reading import read
from server.network.rules.subscribing import LANES, TRIES, Wish
from server.network.service import stepping
from server.network.service.stepping import TURNS
from server.network.tables import Batch, Entry
from server.safety import service as safety
from tests.journeys.conftest import Hub
from tests.journeys.test_exported_reports import at_browser
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Handler, Peer
from tests.support.resident import Resident

LISTS = "/stewards/subscriptions"


async def begin(team: LiveNode, text: str, wish: Wish = Wish.LOOK) -> int:
    """Give a list, and return its row."""
    batch = await team.run(
        service.begin, read(text), title="Hubs", by="ida", wish=wish, house=team.house
    )
    return int(batch.id)


async def entries(team: LiveNode, batch: int) -> dict[str, Entry]:
    """Return what there is of each address."""

    async def look() -> dict[str, Entry]:
        return {row.address: row for row in await Entry.filter(batch_id=batch)}

    return await team.run(look)


async def states(team: LiveNode, batch: int) -> dict[str, str]:
    """Return how far each address has come."""
    found = await entries(team, batch)
    return {address: str(entry.state) for address, entry in found.items()}


async def followed(team: LiveNode) -> set[str]:
    """Return whom the hub follows or has asked to."""

    async def look() -> set[str]:
        rows = await Follow.filter(follower__local=True).prefetch_related("followed")
        return {row.followed.uri for row in rows}

    return await team.run(look)


PASTED = """ward.test
@ann@mastodon.test
!nurses@lemmy.test
https://wordpress.test/people/choir
@una@ward.test
Just words"""


async def others(network: Network) -> dict[Resident, Peer]:
    """Somebody on each of three kinds of software that is not ours."""
    kinds = {"mastodon": ("ann", "Person"), "lemmy": ("nurses", "Group")}
    kinds |= {"wordpress": ("choir", "Group")}
    found = {}
    for software, (name, type_) in kinds.items():
        peer = await Peer.at(network, f"{software}.test")
        peer.software = software
        found[peer.actor(name, type=type_)] = peer
    return found


async def test_a_pasted_list_is_looked_up_and_told_for_what_it_is(
    hub: Hub, network: Network
) -> None:
    """From a browser without a script, with other software in it; nobody is followed yet."""
    team, ward = await hub("team.test"), await hub("ward.test")
    await others(network)
    ida = await at_browser(network, team)
    answer = await ida.send(LISTS, {"addresses": PASTED})
    assert answer.status == 303, answer.text
    path = answer.headers["Location"]
    seen = await ida.ask("GET", path)
    for words in ("Being looked up", '<meta http-equiv="refresh"', "Line 6"):
        assert words in seen.text
    await settle(team, ward)
    seen = await ida.ask("GET", path)
    assert 'http-equiv="refresh"' not in seen.text
    told = " ".join(re.sub(r"<[^>]+>", "", seen.text).split())
    for words in (
        "A hub, on Fettle", "A person, on Mastodon", "A community, on Lemmy",
        "A blog, on WordPress", "Nobody was found at @una@ward.test",
        "Follow all 4 that were found",
    ):  # fmt: skip
        assert words in told
    assert await followed(team) == set()


async def test_those_found_are_followed_answer_and_are_let_go_again(
    hub: Hub, network: Network
) -> None:
    """The list says what each answered, and can be taken back as a whole."""
    team, ward = await hub("team.test"), await hub("ward.test")
    homes = await others(network)
    ann, nurses, choir = homes
    ida = await at_browser(network, team)
    path = (await ida.send(LISTS, {"addresses": PASTED})).headers["Location"]
    await settle(team, ward)
    await ida.send(f"{path}/follow", page=path)
    await settle(team, ward)
    assert await followed(team) == {ward.hub_uri, ann.uri, nurses.uri, choir.uri}
    for one, answer in ((ann, ann.accept), (nurses, nurses.reject)):
        await one.post(f"{team.hub_uri}/inbox", answer(await homes[one].arrived("Follow")))
    await settle(team, ward)
    assert await states(team, int(path.rpartition("/")[2])) == {
        "https://ward.test": "accepted", ann.handle: "accepted", nurses.handle: "refused",
        choir.uri: "asked", "@una@ward.test": "failed",
    }  # fmt: skip

    await ida.send(f"{path}/undo", page=path)
    await settle(team, ward)
    assert await followed(team) == set()
    assert (await homes[ann].arrived("Undo"))["object"]["object"] == ann.uri
    assert (await ward.fetch("/hub/followers"))["totalItems"] == 0


async def test_undoing_takes_back_only_what_the_list_followed(hub: Hub, network: Network) -> None:
    """Not who was followed before, nor whom somebody followed by hand since."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    before, through, since = [there.actor(name) for name in ("before", "through", "since")]
    await team.follow(before.handle)
    text = "\n".join(one.handle for one in (before, through, since))
    batch = await begin(team, text, Wish.FOLLOW)
    await settle(team)
    assert await states(team, batch) == {
        before.handle: "known", through.handle: "asked", since.handle: "asked",
    }  # fmt: skip
    await team.unfollow(since.uri)
    await team.follow(since.handle)
    await team.run(service.wished, batch, Wish.UNDO, house=team.house)
    await settle(team)
    assert await followed(team) == {before.uri, since.uri}


async def test_what_can_not_be_followed_is_told_with_its_reason(hub: Hub, network: Network) -> None:
    """Blocked, silent, ourselves, twice, moved away: in words for people; and it can be looked up
    again.
    """
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    ann = there.actor("ann")
    there.actor("gone", movedTo="https://new.test/people/gone")
    there.software = "mastodon"
    blocked, silent = await Peer.at(network, "blocked.test"), await Peer.at(network, "silent.test")
    blocked.actor("spam")
    una = silent.actor("una")
    await silent.stop()
    await team.run(safety.turn_away, "blocked.test", reason="Spam", house=team.house)
    text = (
        f"@spam@blocked.test\n{una.handle}\n{team.handle}\n{ann.handle}\n{ann.uri}\n"
        "@gone@there.test\nthere.test"
    )
    batch = await begin(team, text)
    await settle(team)
    told = {address: one.reason for address, one in (await entries(team, batch)).items()}
    assert told["@spam@blocked.test"] == "blocked.test is blocked on this hub."
    assert told[una.handle].startswith("silent.test does not answer just now.")
    assert told[team.handle] == "That is this hub itself."
    assert told[ann.uri] == "The same as in line 4."
    assert told["@gone@there.test"].startswith("They have moved to https://new.test/people/gone.")
    assert told["https://there.test"].startswith("there.test runs Mastodon, and does not say whom")
    assert not blocked.requests

    await silent.start()
    network.clock.move(timedelta(minutes=11))
    await team.run(service.look_again, batch, house=team.house)
    await settle(team)
    assert (await states(team, batch))[una.handle] == "found"


async def test_a_paused_list_rests_and_goes_on_where_it_was(hub: Hub, network: Network) -> None:
    """Nothing is asked meanwhile."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    people = [there.actor(f"n{one}") for one in range(3)]
    batch = await begin(team, "\n".join(one.handle for one in people), Wish.FOLLOW)
    await team.run(service.pause, batch, house=team.house)
    await settle(team)
    assert not there.requests
    assert set((await states(team, batch)).values()) == {"looking"}
    await team.run(service.resume, batch, house=team.house)
    await settle(team)
    assert set((await states(team, batch)).values()) == {"asked"}


async def test_a_step_that_breaks_again_and_again_holds_nobody_up(
    hub: Hub, network: Network
) -> None:
    """An address that was begun three times in vain is left, and the others go on."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    bad, good = there.actor("bad"), there.actor("good")
    batch = await begin(team, f"{bad.handle}\n{good.handle}", Wish.FOLLOW)
    await team.run(lambda: Entry.filter(address=bad.handle).update(tries=TRIES))
    await settle(team)
    assert await states(team, batch) == {bad.handle: "failed", good.handle: "asked"}
    assert len(there.activities("Follow")) == 1


async def test_what_is_killed_in_the_middle_goes_on(hub: Hub, network: Network) -> None:
    """A node that dies while it asks somebody loses nothing, and asks again once started anew."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    ann, una = there.actor("ann"), there.actor("una")
    asked = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.sleep(60)
        raise AssertionError

    path = f"/.well-known/webfinger?resource=acct%3A{ann.name}%40{there.host}"
    there.handles(path, hang)
    batch = await begin(team, f"{ann.handle}\n{una.handle}", Wish.FOLLOW)
    working = asyncio.create_task(team.work())
    await asked.wait()
    dying = [working, *team.node.worker._running]
    for task in dying:
        task.cancel()
    await asyncio.gather(*dying, return_exceptions=True)
    there.heals(path)
    await team.restart()
    network.clock.move(timedelta(minutes=2))
    await settle(team)
    assert await states(team, batch) == {ann.handle: "asked", una.handle: "asked"}


async def test_run_twice_a_step_changes_nothing(hub: Hub, network: Network) -> None:
    """A worker that was killed after its work has it done again by another."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    ann = there.actor("ann")
    batch = await begin(team, ann.handle, Wish.FOLLOW)

    async def twice() -> None:
        us = await team._actor(None)
        for _ in range(2):
            stale = await Entry.get(batch_id=batch)
            for _ in range(2):
                await stepping._step(stale, us, house=team.house)

    await team.run(twice)
    await settle(team)
    assert await states(team, batch) == {ann.handle: "asked"}
    assert len(there.activities("Follow")) == 1


async def test_a_list_is_forgotten_after_a_year_and_what_it_followed_is_not(
    hub: Hub, network: Network
) -> None:
    """Nothing grows for ever."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    ann = there.actor("ann")
    batch = await begin(team, ann.handle, Wish.FOLLOW)
    await settle(team)
    network.clock.move(timedelta(days=366))
    await team.run(service.sweep, house=team.house)

    async def left() -> int:
        return await Batch.filter(id=batch).count() + await Entry.filter(batch_id=batch).count()

    assert await team.run(left) == 0
    assert await followed(team) == {ann.uri}


async def test_a_list_without_an_address_is_refused(hub: Hub, network: Network) -> None:
    """With what to do about it."""
    team = await hub("team.test")
    ida = await at_browser(network, team)
    for fields in ({}, {"addresses": "Nothing\nof note"}):
        answer = await ida.send(LISTS, fields)
        assert answer.status == 422
        assert "Mistake:" in answer.text


async def test_an_address_is_left_out_before_the_others_are_followed(
    hub: Hub, network: Network
) -> None:
    """The steward has the last word."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    ann, una = there.actor("ann"), there.actor("una")
    batch = await begin(team, f"{ann.handle}\n{una.handle}")
    await settle(team)
    ida = await at_browser(network, team)
    path = f"{LISTS}/{batch}"
    entry = (await entries(team, batch))[una.handle]
    await ida.send(f"{path}/entries/{entry.id}/leave", page=path)
    await ida.send(f"{path}/follow", page=path)
    await settle(team)
    assert await followed(team) == {ann.uri}
    assert (await states(team, batch))[una.handle] == "left"


async def test_a_long_list_on_one_server_comes_to_its_end(hub: Hub, network: Network) -> None:
    """One after another, in several stretches, and each is asked about once."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    number = 2 * TURNS + 5
    batch = await begin(team, "\n".join(f"@n{one}@there.test" for one in range(number)))
    await settle(team)
    assert set((await states(team, batch)).values()) == {"failed"}
    assert len([one for one in there.requests if "webfinger" in one.path]) == number


async def test_no_host_is_asked_about_two_at_once_and_few_hosts_at_the_same_time(
    hub: Hub, network: Network
) -> None:
    """However long a list is, it floods nobody and leaves room for other work here."""
    team = await hub("team.test")
    under_way: Counter[str] = Counter()
    most = Counter[str]()

    def busy(peer: Peer) -> Handler:
        async def answer(_: web.Request) -> web.StreamResponse:
            under_way[peer.host] += 1
            most[peer.host] = max(most[peer.host], under_way[peer.host])
            most["all"] = max(most["all"], under_way.total())
            await asyncio.sleep(0.02)
            under_way[peer.host] -= 1
            return web.Response(status=404)

        return answer

    text = ""
    for number in range(LANES + 3):
        peer = await Peer.at(network, f"n{number}.test")
        for name in ("ann", "una", "bo"):
            resource = f"acct%3A{name}%40{peer.host}"
            peer.handles(f"/.well-known/webfinger?resource={resource}", busy(peer))
            text += f"@{name}@{peer.host}\n"
    batch = await begin(team, text)
    await settle(team)
    assert set((await states(team, batch)).values()) == {"failed"}
    assert 1 < most.pop("all") <= LANES
    assert set(most.values()) == {1}
