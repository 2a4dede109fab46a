"""Stewards take whom their hub follows away, and other programs read it."""

import pytest

from server.actors.tables import Actor
from server.follows.rules import FollowState
from server.network.formats import Format
from server.network.formats.reading import read
from tests.journeys.conftest import Hub
from tests.journeys.test_exported_reports import at_browser
from tests.support.inhabitants import following, stranger
from tests.support.live import LiveNode
from tests.support.network import Network


async def follow_many(ward: LiveNode, number: int) -> None:
    """Have the hub follow so many, and one more who said no."""

    async def act() -> None:
        us = await ward._actor(None)
        for one in range(number + 1):
            them = await stranger(ward.house, f"n{one}")
            state = FollowState.ACCEPTED if one else FollowState.REJECTED
            await following(us, them, house=ward.house, state=state)
        await Actor.filter(username="n1").update(name='"Ann" <& co>, =1+1')

    await ward.run(act)


async def test_whom_the_hub_follows_is_taken_away_whole(
    hub: Hub, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each form, over the end of a batch, and what is written is read again."""
    monkeypatch.setattr("server.network.service.exporting.BATCH", 3)
    ward = await hub("ward.test")
    await follow_many(ward, 7)
    ida = await at_browser(network, ward)
    for form in Format:
        seen = await ida.ask("GET", f"/stewards/subscriptions/export.{form}")
        assert seen.headers["Content-Disposition"] == f'attachment; filename="following.{form}"'
        reading = read(seen.text)
        assert (len(reading.lines), reading.problems) == (7, [])
        ending = "/n1" if form is Format.OPML else "n1@"
        assert ending in reading.lines[0].address


async def test_only_stewards_take_it_away(hub: Hub, network: Network) -> None:
    """Others are not told that it is there."""
    ward = await hub("ward.test")
    await ward.add_person("colm")
    colm = await at_browser(network, ward, "colm")
    assert (await colm.ask("GET", "/stewards/subscriptions/export.csv")).status == 404
