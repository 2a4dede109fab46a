"""Pictures by the front door: who sees what, and how browsers are told to treat it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from server.house import House
from server.media import pages, service
from server.media.rules import Size
from server.media.service import Showing
from server.media.tables import RemotePicture
from server.web import PlainFace, Visitor, make_app
from tests.server.media.drawing import file_of, halves, opened
from tests.support.peer import Peer

Client = TestClient[web.Request, web.Application]


@dataclass(frozen=True)
class Neighbour:
    """Somebody with an account."""

    id: int
    actor_id: int
    name: str = "ida"
    display_name: str = "Ida Fennimore"
    is_steward: bool = True


@dataclass
class Doorbook:
    """Whose session each token opens."""

    sessions: dict[str, Visitor] = field(
        default_factory=lambda: {"ida": Neighbour(1, 11), "tom": Neighbour(2, 12)}
    )

    async def visitor(self, token: str) -> Visitor | None:
        return self.sessions.get(token)


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    plain = replace(house, address="http://hub.test")
    app = make_app(
        plain, routes=(pages.routes,), face=PlainFace(name="Kelderby"), visitors=Doorbook()
    )
    async with TestClient(TestServer(app)) as client:
        yield client


def as_(name: str) -> dict[str, str]:
    return {"Cookie": f"fettle-hub-test-session={name}"}


async def test_a_picture_for_all_may_be_kept_for_ever(house: House, client: Client) -> None:
    """Other servers' pages may show it; nothing in it can run; it is never an activity."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house, open_to_all=True)
    for size in Size:
        headers = {"Accept": "application/activity+json"}
        answer = await client.get(picture.path(size), headers=headers)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Content-Disposition"] == "inline"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers
        assert await answer.read() == await house.store.get(picture.file(size))


async def test_who_has_a_picture_is_not_sent_it_again(house: House, client: Client) -> None:
    """Its validator never changes."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house, open_to_all=True)
    etag = (await client.get(picture.path())).headers["ETag"]
    again = await client.get(picture.path(), headers={"If-None-Match": etag})
    assert again.status == 304
    assert await again.read() == b""


async def test_a_drafts_picture_is_there_for_its_owner_alone(house: House, client: Client) -> None:
    """To everybody else, stewards too, it does not exist (security case 30)."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house)
    for visitor in ({}, as_("tom"), as_("nobody")):
        headers = {"Accept": "application/json", **visitor}
        answer = await client.get(picture.path(), headers=headers)
        assert answer.status == 404
        assert "no-store" in answer.headers["Cache-Control"]
        missing = await client.get(f"/media/{'0' * 40}/large.jpg", headers=headers)
        assert missing.status == 404
        assert await answer.text() == await missing.text()
    answer = await client.get(picture.path(), headers=as_("ida"))
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_a_validator_opens_nothing(house: House, client: Client) -> None:
    """Whether a private picture is there can't be learnt by asking whether it changed."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house)
    answer = await client.get(picture.path(), headers={"If-None-Match": "*"})
    assert answer.status == 404


async def test_once_a_post_is_published_its_picture_is_public(house: House, client: Client) -> None:
    """Whoever shows it says so."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house)

    async def published(asked: Showing, _: House) -> None:
        asked.allowed = True

    house.hooks.on(Showing, published)
    answer = await client.get(picture.path())
    assert answer.status == 200
    assert answer.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("change", ["large.webp", "huge.jpg", "large.html", "../x"])
async def test_only_what_was_made_is_there(house: House, client: Client, change: str) -> None:
    """No other size, no other type."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house, open_to_all=True)
    answer = await client.get(picture.path().replace("large.jpg", change))
    assert answer.status == 404


async def test_a_picture_from_elsewhere_comes_from_us(
    house: House, client: Client, peer: Peer
) -> None:
    """Fetched once, clean, for the visitor's own browser to keep for a day."""
    body = file_of(halves(2000, 1000), "PNG")
    url = peer.answers("/ada.png", body=body, content_type="image/png")
    for size, measures in ((Size.LARGE, (1600, 800)), (Size.SQUARE, (256, 256))):
        answer = await client.get(service.proxied(url, house=house, size=size))
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "private, max-age=86400"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert opened(await answer.read()).size == measures
    assert len(peer.requests) == 1


async def test_the_longest_address_fits(house: House, client: Client, peer: Peer) -> None:
    """2,048 characters, as long as an address from elsewhere may be."""
    path = "/" + "a" * (2048 - len(peer.origin) - 1)
    url = peer.answers(path, body=file_of(halves()), content_type="image/jpeg")
    assert len(url) == 2048
    assert (await client.get(service.proxied(url, house=house))).status == 200


async def test_an_address_that_we_did_not_sign_is_not_fetched(
    house: House, client: Client, peer: Peer
) -> None:
    """We are no open proxy: nothing is fetched, nothing stored."""
    url = peer.answers("/ada.jpg", body=file_of(halves()), content_type="image/jpeg")
    path = service.proxied(url, house=house)
    for forged in (
        path.replace(".", ".x"),
        path.replace("/proxy/", "/proxy/x"),
        "/proxy/a.b/large",
    ):
        assert (await client.get(forged)).status == 404
    other = replace(house, vault=type(house.vault)(b"o" * 32))
    assert (await client.get(service.proxied(url, house=other))).status == 404
    assert not peer.requests
    assert not await RemotePicture.exists()


async def test_what_cannot_be_had_is_a_404(house: House, client: Client, peer: Peer) -> None:
    """Not an error of ours, and not to be kept."""
    url = peer.answers("/ada.jpg", status=410)
    answer = await client.get(service.proxied(url, house=house))
    assert answer.status == 404
    assert "no-store" in answer.headers["Cache-Control"]
