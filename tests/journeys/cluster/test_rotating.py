"""New keys made by a command, beside processes that have the old ones in memory."""

from pathlib import Path

import aiohttp
import pytest

from tests.support.cluster import Cluster
from tests.support.live import LiveNode
from tests.support.loopback import Loopback, LoopbackPeer
from tests.support.peer import Peer
from tests.support.traffic import Author, Correspondent

PEERS = 6
STORIES = 6
LIMIT = 60.0

pytestmark = [
    pytest.mark.long, pytest.mark.postgres,
    pytest.mark.timeout(240),
]  # fmt: skip


async def served(cluster: Cluster, name: str) -> str:
    """Return the key of the hub as one process serves it."""
    headers = {"Accept": "application/activity+json", "Host": f"localhost:{cluster.port}"}
    url = f"http://127.0.0.1:{cluster.ports[name]}/hub"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        document = await answer.json(content_type=None)
    return str(document["publicKey"]["publicKeyPem"])


async def told(author: Author, peers: list[Peer]) -> None:
    """Tell stories, one after another, until each of them has arrived everywhere."""
    for _ in range(STORIES):
        number = len(author.told) + 1
        author.told.append(await author.live.publish_story(title=f"Story {number}"))
        for peer in peers:
            await peer.arrived("Announce", number=number, within=LIMIT)


async def test_a_revoked_key_signs_nothing_more_in_any_process(
    cluster: Cluster, network: Loopback, tmp_path: Path
) -> None:
    """Every server verifies with the key that is published now: from the moment the command ends,
    both workers sign with it, and both web processes show it.
    """
    host = f"localhost:{cluster.port}"
    live = await LiveNode.at(network, host, cluster.database_url, tmp_path / "author", set_up=False)
    peers: list[Peer] = [await LoopbackPeer.beside(network) for _ in range(PEERS)]
    for peer in peers:
        peer.strict = True
        await Correspondent(peer.actor("ann"), cluster.address).follow()
    for peer in peers:
        await peer.arrived("Accept", within=LIMIT)
    author = Author(live)
    await told(author, peers)
    old = {await served(cluster, name) for name in ("web-1", "web-2")}
    marks = [len(peer.received) for peer in peers]

    await cluster.run("rotate-keys", "--revoke")
    await told(author, peers)
    new = {await served(cluster, name) for name in ("web-1", "web-2")}
    assert len(old) == len(new) == 1
    assert old.isdisjoint(new)
    for peer, mark in zip(peers, marks, strict=True):
        refused = [one for one in peer.received[mark:] if one.sender is None]
        assert refused == []
