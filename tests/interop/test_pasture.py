"""verify_actor of fediverse-pasture: six actors, of which some sign and some ask for signatures."""

import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.interop.hub import STEWARD, Hub
from tests.interop.processes import bare_environment, free_port, running

SIGNING = ("bob", "claire", "emily", "frank")
UNSIGNED = ("alice", "dean")


@pytest.fixture(scope="module")
def pasture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The verify_actor server on loopback; gives its address."""
    folder: Path = tmp_path_factory.mktemp("pasture")
    port = free_port()
    domain = f"localhost:{port}"
    command = [sys.executable, "-m", "fediverse_pasture.verify_actor"]
    command += ["--port", str(port), "--domain", domain]
    address = f"http://{domain}"
    environment = bare_environment(folder, {})
    with running(command, environment=environment, folder=folder, ready=f"{address}/bob"):
        yield address


@pytest.mark.parametrize("handle", ["hub", STEWARD])
async def test_verify_actor_passes(hub: Hub, pasture: str, handle: str) -> None:
    """Whoever signs can fetch the actor and post; whoever does not cannot post; WebFinger loops."""
    actor = await hub.actor(f"@{handle}@{hub.host}")
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{pasture}/", data={"actor_uri": actor["id"]}, headers={"Accept": "application/json"}
        ) as answer,
    ):
        assert answer.status == 200
        told = await answer.json()
    result, messages = told["result"], told["messages"]
    assert result["webfinger"] is True, messages
    for name in SIGNING:
        assert result[name] == {"get_actor": True, "post_inbox": True}, messages
    for name in UNSIGNED:
        assert result[name] == {"get_actor": True, "post_inbox": False}, messages
