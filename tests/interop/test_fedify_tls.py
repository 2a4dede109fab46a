"""The hub and the peer over TLS, each finding the other by handle, as on the open network."""

from collections.abc import Iterator

import pytest

from tests.interop.hub import Hub, running_hub
from tests.interop.peer import Peer, running_peer
from tests.interop.processes import Certificate, certified, eventually


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for localhost that hub and peer trust."""
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, certificate: Certificate) -> Iterator[Hub]:
    """The real command, serving TLS itself; SSL_CERT_FILE says whom it trusts."""
    with running_hub(tmp_path_factory.mktemp("hub"), certificate=certificate) as hub:
        yield hub


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory, certificate: Certificate) -> Iterator[Peer]:
    """The peer, serving TLS itself."""
    with running_peer(tmp_path_factory.mktemp("peer"), certificate=certificate) as peer:
        yield peer


async def test_the_peer_finds_and_follows_the_hub_by_handle(hub: Hub, peer: Peer) -> None:
    """Fedify's WebFinger leads to the hub; a story arrives and is read whole."""
    asked = await peer.ask("follow", actor=hub.handle)
    assert asked["actor"] == hub.hub_actor

    async def accepted() -> bool:
        return bool((await peer.state())["following"][hub.hub_actor] == "accepted")

    await eventually(accepted, what="Accept at the peer")
    story = await hub.tell("A kettle by the door", "It was always on.")

    async def read() -> bool:
        notes = (await peer.state())["read"]
        return any(note["id"] == story and "always on" in note["content"] for note in notes)

    await eventually(read, what="story at the peer")


async def test_the_hub_finds_and_follows_the_peer_by_handle(hub: Hub, peer: Peer) -> None:
    """Our WebFinger and NodeInfo lead to the peer, whose certificate SSL_CERT_FILE vouches for."""
    followed = await hub.command("follow", peer.handle)
    assert followed["actor"] == peer.actor

    async def asked() -> bool:
        return hub.hub_actor in (await peer.state())["followers"]

    await eventually(asked, what="Follow at the peer")
