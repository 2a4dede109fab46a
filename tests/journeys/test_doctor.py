"""What `fettle doctor` finds out from other servers."""

from server.cli.checking import _clock
from tests.journeys.conftest import Hub
from tests.support.live import settle


async def test_the_clock_is_compared_with_those_of_others(hub: Hub) -> None:
    """Our own server's clock is ours; the network's stands elsewhere than that of its answers."""
    ward, council = await hub("ward.test"), await hub("council.test")
    alone = await ward.run(lambda: _clock(ward.node))
    assert alone.words.endswith("apart from that of ward.test")
    await council.follow(ward.handle)
    await settle(ward, council)

    found = await ward.run(lambda: _clock(ward.node))
    assert found.words.endswith("apart from that of council.test")
    assert not found.well
