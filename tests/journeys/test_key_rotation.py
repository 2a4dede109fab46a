"""An actor gets new keys: nobody misses anything, whatever they know of it."""

from aiohttp import web

from federation.errors import FederationError
from federation.keys import VerificationKey, load_public_pem
from federation.signatures import acceptable, claims, verify
from server.people import service as people
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer, Received
from tests.support.proofs import is_proven
from tests.support.resident import Document


async def rotate(ward: LiveNode, *, name: str | None = None, revoke: bool = False) -> None:
    async def renew() -> None:
        actor = await ward._actor(name)
        await people.rotate_keys(actor, revoke=revoke, house=ward.house)

    await ward.run(renew)


class Stubborn:
    """A server that looks at an actor once, and keeps to that key until an Update says else."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.keys: dict[str, Document] = {}
        self.taken: list[Document] = []
        peer.handles("/inbox", self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        received = Received(
            method="POST", url=f"{self.peer.origin}/inbox", headers=tuple(request.headers.items()),
            body=await request.read(),
        )  # fmt: skip
        try:
            await self._verify(received)
        except FederationError:
            return web.Response(status=401)
        activity = received.activity
        self.taken.append(activity)
        if activity["type"] == "Update" and activity["object"]["id"] == activity["actor"]:
            self.keys[activity["actor"]] = activity["object"]["publicKey"]
        return web.Response(status=202)

    async def _verify(self, received: Received) -> None:
        now = self.peer.network.clock.now()
        actor = received.activity["actor"]
        if actor not in self.keys:
            someone = next(iter(self.peer.actors.values()))
            self.keys[actor] = (await someone.get(actor)).document["publicKey"]
        known = self.keys[actor]
        key = VerificationKey(known["id"], actor, load_public_pem(known["publicKeyPem"]))
        verify(received.message, acceptable(claims(received.message), received.message, now), key,
               now=now)  # fmt: skip


async def test_a_hub_that_knew_the_old_key_gets_what_comes_next(hub: Hub) -> None:
    """At once, though it has looked at the key a moment ago; and what was proven stays so."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await council.follow(f"@ida@{ward.host}")
    await settle(ward, council)
    first = await ward.publish_story(title="Before")
    await settle(ward, council)
    old_note = await ward.fetch(first.removeprefix(ward.origin))
    old = await ward.fetch("/people/ida")

    for name in (None, "ida"):
        await rotate(ward, name=name)
    second = await ward.publish_story(title="After")
    await settle(ward, council)
    copy = await council.post(second)
    assert copy is not None
    assert copy.title == "After"
    new = await ward.fetch("/people/ida")
    assert new["publicKey"] != old["publicKey"]
    assert is_proven(old_note, new)
    assert is_proven(await ward.fetch(second.removeprefix(ward.origin)), new)


async def test_a_server_that_never_looks_again_gets_it_too(hub: Hub, network: Network) -> None:
    """It is knocked at with the old key, until it has read the Update."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann, there = peer.actor("ann"), Stubborn(peer)
    ida = f"{ward.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(ward)
    await ward.publish_story(title="Before")
    await settle(ward)
    old = there.keys[ida]
    await rotate(ward, name="ida")
    await settle(ward)
    assert there.keys[ida] == (await ward.fetch("/people/ida"))["publicKey"] != old
    await ward.publish_story(title="After")
    await settle(ward)
    assert [one["type"] for one in there.taken][-3:] == ["Create", "Update", "Create"]


async def test_a_revoked_key_signs_nothing_more(hub: Hub, network: Network) -> None:
    """Whoever knows nothing else has to look."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann, there = peer.actor("ann"), Stubborn(peer)
    ida = f"{ward.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(ward)
    await ward.publish_story(title="Before")
    await settle(ward)
    await rotate(ward, name="ida", revoke=True)
    await settle(ward)
    assert "Update" not in [one["type"] for one in there.taken]
    there.keys.clear()
    await ward.publish_story(title="After")
    await settle(ward)
    assert there.taken[-1]["type"] == "Create"
