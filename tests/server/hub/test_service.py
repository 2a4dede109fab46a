"""The hub: its address, its set-up, its actors and its words."""

import asyncio
from dataclasses import replace

import pytest

from server.actors.tables import Actor, ActorKey
from server.errors import ConfigurationError, NotFoundError
from server.house import House
from server.hub import service
from server.hub.face import HubFace
from server.hub.rules import Page
from server.hub.service import Logo, Look
from server.hub.tables import HubSettings
from server.people import service as people
from server.people.rules import FieldRefusedError, SignUps
from server.people.tables import Person
from server.vault import Vault
from server.web.colours import DEFAULT_DEEP
from tests.server.hub.conftest import PASSWORD, first_steward

LOOK = Look(
    name="Kelderby Together", tagline="How care goes in Kelderby", words="**Welcome.**",
    colour_hub="#1d4b44", colour_hub_2="#ee9f78", contact="hello@hub.test",
)  # fmt: skip


async def test_the_address_is_written_down_once(house: House) -> None:
    """A second start with the same one is fine."""
    await service.check_address(house=house)
    assert (await service.settings()).address == "https://hub.test:8443"


@pytest.mark.parametrize("address", ["https://hub.test", "http://hub.test:8443", "https://x.test"])
async def test_another_address_is_refused_with_an_explanation(house: House, address: str) -> None:
    """It names the setting, both addresses and what can be done."""
    with pytest.raises(ConfigurationError) as caught:
        await service.check_address(house=replace(house, address=address))
    words = str(caught.value)
    assert caught.value.facts["setting"] == "address"
    assert "https://hub.test:8443" in words
    assert address in words


async def test_the_node_has_an_actor_before_anything_else(house: House) -> None:
    """It signs what is fetched; a second start finds it."""
    first = await service.ensure_node_actor(house=house)
    again = await service.ensure_node_actor(house=house)
    assert first.id == again.id
    assert first.uri == "https://hub.test:8443/actor"
    assert (first.username, first.type) == ("hub.test", "Application")
    assert await ActorKey.filter(actor_id=first.id, kind="rsa").count() == 1


async def test_two_starts_at_once_make_one_node(house: House) -> None:
    """On one database."""
    asked = [service.ensure_node_actor(house=house) for _ in range(2)]
    assert len({actor.id for actor in await asyncio.gather(*asked)}) == 1
    assert await Actor.all().count() == 1


async def test_the_set_up_link_holds_until_it_is_used(house: House) -> None:
    """The same at each start, and nothing in the database opens it without the node's key."""
    link = await service.setup_link(house=house)
    assert link is not None
    assert link == await service.setup_link(house=house)
    token = link.rpartition("/")[2]
    assert token not in str(await HubSettings.all().values())
    await service.check_setup_token(token, house=house)
    for wrong in ("", "x", token[:-1], token + "x"):
        with pytest.raises(NotFoundError):
            await service.check_setup_token(wrong, house=house)
    with pytest.raises(NotFoundError):
        await service.check_setup_token(token, house=replace(house, vault=Vault(b"x" * 32)))
    await service.set_up(LOOK, steward=first_steward(), house=house)
    assert await service.setup_link(house=house) is None
    with pytest.raises(NotFoundError):
        await service.check_setup_token(token, house=house)


async def test_the_set_up_makes_the_hub_and_whoever_looks_after_it(house: House) -> None:
    """An Organization at /hub, and one steward."""
    assert await service.hub_actor(house=house) is None
    ida = await service.set_up(LOOK, handle="@Together", steward=first_steward(), house=house)
    hub = await service.hub_actor(house=house)
    assert hub is not None
    assert hub.uri == "https://hub.test:8443/hub"
    assert (hub.type, hub.handle) == ("Organization", "@together@hub.test:8443")
    assert hub.name == "Kelderby Together"
    assert "<strong>Welcome.</strong>" in hub.summary
    assert ida.is_steward
    assert await people.sign_ups() is SignUps.INVITATION
    assert await service.is_set_up()


async def test_a_hub_is_set_up_once(house: House) -> None:
    """Even if two people press the button at the same time."""
    asked = [
        service.set_up(LOOK, steward=first_steward(name), house=house) for name in ("ida", "bob")
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(it).__name__ for it in answers) == ["AlreadySetUpError", "Person"]
    assert await Person.all().count() == 1


@pytest.mark.parametrize(
    ("handle", "name", "field"),
    [
        ("a b", "ida", "handle"),
        ("ida", "ida", "handle"),
        ("admin", "ida", "handle"),
        ("hub", "", "name"),
        ("hub", "hub", "handle"),
    ],
)
async def test_a_mistake_names_its_field_and_makes_nothing(
    house: House, handle: str, name: str, field: str
) -> None:
    """The link still works afterwards."""
    with pytest.raises(FieldRefusedError) as caught:
        await service.set_up(LOOK, handle=handle, steward=first_steward(name), house=house)
    assert caught.value.field == field
    assert not await Actor.all().exists()
    assert await service.setup_link(house=house) is not None


async def test_nobody_can_take_the_hubs_name(house: House) -> None:
    """One handle, one actor."""
    await service.set_up(LOOK, handle="together", steward=first_steward(), house=house)
    with pytest.raises(FieldRefusedError):
        await people.add_person(name="together", password=PASSWORD, house=house)


async def test_a_new_look_is_on_the_face_and_on_the_actor(house: House) -> None:
    """As soon as it is read again."""
    face = HubFace(house)
    await face.refresh()
    assert (face.name, face.handle, face.hub) == ("hub.test:8443", None, DEFAULT_DEEP)
    await service.set_up(LOOK, steward=first_steward(), house=house)
    await service.save_look(
        replace(LOOK, name="Kelderby"), logo=Logo(3, "/media/l/square.webp"), house=house
    )
    await face.refresh()
    assert (face.name, face.hub, face.hub_2) == ("Kelderby", "#1d4b44", "#ee9f78")
    assert (face.handle, face.logo_url) == ("@hub@hub.test:8443", "/media/l/square.webp")
    hub = await service.hub_actor(house=house)
    assert hub is not None
    assert (hub.name, hub.icon_url) == ("Kelderby", "/media/l/square.webp")


async def test_words_stay_those_of_fettle_until_they_are_changed(house: House) -> None:
    """So that they stay true when the software changes; emptied, they come back."""
    await service.set_up(LOOK, steward=first_steward(), house=house)
    usual = {page: await service.page_text(page, house=house) for page in Page}
    assert "Kelderby Together" in usual[Page.ABOUT]
    await service.save_pages(usual | {Page.CONTACT: "Ring the bell."}, house=house)
    row = await service.settings()
    assert (row.about, row.privacy, row.contact_words) == ("", "", "Ring the bell.")
    assert row.contact == "hello@hub.test"
    assert await service.page_text(Page.CONTACT, house=house) == "Ring the bell."
    await service.save_pages({Page.CONTACT: ""}, house=house)
    assert await service.page_text(Page.CONTACT, house=house) == usual[Page.CONTACT]
