"""A network with one other server in it, and what a node goes out with."""

from collections.abc import AsyncIterator

import pytest

from federation.delivery import Courier
from federation.fetch import Fetcher
from federation.keys import SigningKey
from federation.testing import FixedClock
from tests.support.network import Network, network_of
from tests.support.peer import Peer

NODE = "https://here.test/actor"


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    async with network_of() as network:
        yield network


@pytest.fixture
def clock(network: Network) -> FixedClock:
    return network.clock


@pytest.fixture
async def there(network: Network) -> Peer:
    """Someone else's server, at https://there.test."""
    return await Peer.at(network, "there.test")


@pytest.fixture
def key(network: Network) -> SigningKey:
    """The node's key."""
    return SigningKey(f"{NODE}#main-key", network.new_key())


@pytest.fixture
async def fetcher(network: Network, key: SigningKey) -> AsyncIterator[Fetcher]:
    async def signer() -> SigningKey | None:
        return key

    async with Fetcher(network.client(), clock=network.clock, signer=signer) as fetcher:
        yield fetcher


@pytest.fixture
async def courier(network: Network) -> AsyncIterator[Courier]:
    async with Courier(network.client(), clock=network.clock) as courier:
        yield courier
