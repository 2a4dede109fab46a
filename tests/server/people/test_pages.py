"""The pages of accounts, as somebody at a browser meets them."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from io import BytesIO

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from server import mail
from server.house import House
from server.hub import pages as hub_pages
from server.hub import service as hub
from server.jobs import Registry, Worker
from server.mail import pages as mail_pages
from server.media.tables import Picture
from server.people import pages, service
from server.people.rules import MailPreference, SignUps
from server.people.service import invitations, resets
from server.people.tables import Person, Session
from server.web import PlainFace, make_app
from tests.server.people.browser import TOKEN, Browser
from tests.server.people.conftest import PASSWORD, WRONG, LetterBox

NEW = "nine quiet lanterns drifting"


class Street:
    """As many browsers as are wanted, at one hub."""

    def __init__(self, house: House, stack: AsyncExitStack) -> None:
        self.house = house
        self._stack = stack
        app = make_app(
            house, routes=[pages.routes, hub_pages.routes, mail_pages.routes],
            face=PlainFace(name="Kelderby Together"), visitors=service.Visitors(house),
        )  # fmt: skip
        self._server = TestServer(app)

    async def browser(self) -> Browser:
        return Browser(await self._stack.enter_async_context(TestClient(self._server)))


@pytest.fixture
async def street(house: House) -> AsyncIterator[Street]:
    house = replace(house, address="http://hub.test")
    await hub.check_address(house=house)
    async with AsyncExitStack() as stack:
        yield Street(house, stack)


@pytest.fixture
async def browser(street: Street) -> Browser:
    return await street.browser()


async def sign_in(browser: Browser, account: str = "ada", password: str = PASSWORD) -> None:
    seen = await browser.send("/sign-in", {"account": account, "password": password})
    assert seen.path == "/home", seen.text


async def test_signing_in_leads_to_where_one_wanted_to_go(ada: Person, browser: Browser) -> None:
    """A page that needs an account leads there and back."""
    asked = await browser.open("/settings/sessions")
    assert asked.path == "/sign-in"
    onward = re.search(r'name="next" value="([^"]+)"', asked.text)
    assert onward is not None
    seen = await browser.send(
        "/sign-in", {"account": "ada", "password": PASSWORD, "next": onward[1]}
    )
    assert (seen.status, seen.path) == (200, "/settings/sessions")
    assert seen.has("this one")


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_signing_in_leads_nowhere_else(ada: Person, browser: Browser, onward: str) -> None:
    """An address that was slipped in is ignored."""
    seen = await browser.send("/sign-in", {"account": "ada", "password": PASSWORD, "next": onward})
    assert seen.path == "/home"


async def test_a_mistake_at_the_door_keeps_the_name_and_tells_nothing(
    ada: Person, browser: Browser
) -> None:
    """The same page for a wrong password and for nobody."""
    told = []
    for account in ("ada", "nobody"):
        seen = await browser.send("/sign-in", {"account": account, "password": WRONG})
        assert seen.status == 422
        assert f'value="{account}"' in seen.text
        assert WRONG not in seen.text
        told.append(re.sub(r'value="[^"]*"', "", seen.text.replace(account, "")))
    assert told[0] == told[1]
    assert browser.session() is None


async def test_too_many_tries_say_how_long_to_wait(ada: Person, browser: Browser) -> None:
    """With 429, and the form again."""
    for _ in range(10):
        await browser.send("/sign-in", {"account": "ada", "password": WRONG})
    seen = await browser.send("/sign-in", {"account": "ada", "password": PASSWORD})
    assert seen.status == 429
    assert int(seen.headers["Retry-After"]) > 0
    assert seen.has("Please wait 15 minutes")
    assert not await Session.all().exists()


async def test_a_session_changes_at_sign_in_and_ends_at_sign_out(
    ada: Person, browser: Browser
) -> None:
    """Its cookie can't be read by scripts nor sent from other sites."""
    await sign_in(browser)
    first = browser.session()
    await browser.send("/sign-in", {"account": "ada", "password": PASSWORD}, page="/settings")
    second = browser.session()
    assert first != second
    assert await Session.all().count() == 1
    cookie = next(it for it in browser.client.session.cookie_jar if it.key.endswith("session"))
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    await browser.send("/sign-out", {}, page="/settings")
    assert browser.session() is None
    assert not await Session.all().exists()


async def test_a_form_from_elsewhere_does_nothing(ada: Person, browser: Browser) -> None:
    """Without our token nobody is signed in or out."""
    async with browser.client.post(
        "/sign-in", data={"account": "ada", "password": PASSWORD}
    ) as answer:
        assert answer.status == 403
    await sign_in(browser)
    async with browser.client.post("/sign-out", data={"csrf": "made.up"}) as answer:
        assert answer.status == 403
    assert await Session.all().count() == 1


async def test_joining_by_invitation(ada: Person, street: Street, browser: Browser) -> None:
    """A link made by a steward, shown once, lets one person in and signs them in."""
    await sign_in(browser)
    made = await browser.send("/stewards/invitations", {"note": "For Bob", "uses": "1"})
    found = re.search(r"<code>(http://hub\.test(/join/[^<]+))</code>", made.text)
    assert found is not None
    assert found[2] not in (await browser.open("/stewards/invitations")).text
    newcomer = await street.browser()
    fields = {"display_name": "Bob", "name": "bob", "email": "", "password": PASSWORD}
    assert (await newcomer.send(found[2], fields)).status == 422
    seen = await newcomer.send(found[2], {**fields, "agreed": "yes"})
    assert seen.path == "/home"
    assert newcomer.session()
    later = await (await street.browser()).open(found[2])
    assert later.status == 404
    assert later.has("This invitation has been used, or is too old.")


async def test_a_hub_says_how_one_can_join(ada: Person, browser: Browser) -> None:
    """By invitation, not at all, or here."""
    assert (await browser.open("/join")).has("You can join by invitation.")
    await service.set_sign_ups(SignUps.CLOSED)
    assert (await browser.open("/join")).has("Nobody new can join just now.")
    await service.set_sign_ups(SignUps.OPEN)
    fields = {"display_name": "Bob", "name": "Ada", "password": PASSWORD, "agreed": "yes"}
    seen = await browser.send("/join", fields)
    assert seen.status == 422
    assert seen.has("The name ada is taken.")
    assert 'value="Bob"' in seen.text


async def test_a_forgotten_password_is_answered_alike_for_everybody(
    ada: Person, browser: Browser
) -> None:
    """Whether there is such an account or not."""
    known = await browser.send("/reset", {"account": "ada"})
    unknown = await browser.send("/reset", {"account": "nobody"})
    assert known.text == unknown.text
    assert known.has("a letter is on its way")


async def test_a_link_lets_one_choose_a_password_once(
    ada: Person, street: Street, browser: Browser
) -> None:
    """A weak one is explained; afterwards the link is over."""
    path = (await resets.link(ada.id, house=street.house)).removeprefix("http://hub.test")
    seen = await browser.send(path, {"password": "short"})
    assert seen.status == 422
    assert seen.has("Use at least 12 characters.")
    assert (await browser.send(path, {"password": NEW})).path == "/home"
    over = await browser.open(path)
    assert over.status == 409
    assert over.has("This link has been used, or is too old.")


@pytest.mark.parametrize(
    "path",
    [
        "/settings", "/settings/profile", "/settings/e-mail", "/settings/password",
        "/settings/sessions", "/settings/close", "/notifications", "/stewards/invitations",
        "/stewards/people", "/stewards/settings", "/stewards/settings/words",
    ],
)  # fmt: skip
async def test_private_pages_are_shown_to_those_they_are_for(
    ada: Person, street: Street, path: str
) -> None:
    """Others are led to sign in; only stewards find a desk; no cache keeps anything."""
    stranger, steward, member = [await street.browser() for _ in range(3)]
    await service.add_person(name="bob", password=PASSWORD, house=street.house)
    await sign_in(steward)
    await sign_in(member, "bob")
    assert (await stranger.open(path)).path == "/sign-in"
    seen = await steward.open(path)
    assert (seen.status, seen.path) == (200, path)
    assert "private" in seen.headers["Cache-Control"]
    assert (await member.open(path)).status == (404 if path.startswith("/stewards") else 200)


async def test_a_profile_is_changed_in_the_browser(ada: Person, browser: Browser) -> None:
    """And shown again as it was typed."""
    await sign_in(browser)
    fields = {"display_name": "Ada L.", "summary": "I *mend*.", "line_1_name": "Where"}
    seen = await browser.send("/settings/profile", fields)
    assert seen.status == 422
    assert seen.has("Line 1 needs both")
    assert "I *mend*." in seen.text
    seen = await browser.send("/settings/profile", {**fields, "line_1_value": "Leeds"})
    assert seen.has("Your profile is saved.")
    assert 'value="Leeds"' in seen.text


async def test_a_profile_picture_needs_words_and_replaces_the_one_before(
    ada: Person, browser: Browser
) -> None:
    """It is there for everybody to see, and can be taken away."""
    await sign_in(browser)
    with BytesIO() as file:
        Image.new("RGB", (64, 48), "peru").save(file, "PNG")
        data = file.getvalue()

    async def send(**fields: str) -> tuple[int, str]:
        token = TOKEN.search((await browser.open("/settings/profile")).text)
        assert token is not None
        form = FormData({"csrf": token[1], "display_name": "Ada", **fields})
        if "picture_remove" not in fields:
            form.add_field("picture", data, filename="a.png", content_type="image/png")
        async with browser.client.post("/settings/profile", data=form) as answer:
            return answer.status, await answer.text()

    status, text = await send()
    assert status == 422
    assert "Say in a few words what the picture shows" in text
    await send(picture_alt="A brown field")
    first = await Picture.get()
    assert first.open_to_all
    await send(picture_alt="The same field")
    second = await Picture.get()
    assert second.id != first.id
    row = await Person.get(id=ada.id).prefetch_related("actor")
    assert (row.picture_id, row.picture_alt) == (second.id, "The same field")
    assert row.actor.icon_url == second.path("square")
    await send(picture_remove="yes")
    assert not await Picture.all().exists()


async def test_dangerous_acts_ask_for_the_password(ada: Person, browser: Browser) -> None:
    """Another address, another password, the end."""
    await sign_in(browser)
    for path, page, fields in (
        (
            "/settings/e-mail/address",
            "/settings/e-mail",
            {"email": "x@example.org", "password": WRONG},
        ),
        ("/settings/password", None, {"old": WRONG, "new": NEW}),
        ("/settings/close", None, {"password": WRONG, "sure": "yes"}),
    ):
        seen = await browser.send(path, fields, page=page)
        assert seen.status == 422
        assert seen.has("That isn't your password.")
    row = await Person.get(id=ada.id)
    assert (row.email, row.closed_at) == ("ada@example.org", None)
    seen = await browser.send("/settings/password", {"old": PASSWORD, "new": NEW})
    assert seen.has("Your password is changed.")


async def test_notifications_are_listed_and_marked_as_read(
    ada: Person, street: Street, browser: Browser
) -> None:
    """An empty list says what belongs there."""
    await sign_in(browser)
    assert (await browser.open("/notifications")).has("Nothing yet")
    bob = await service.add_person(name="bob", password=PASSWORD, house=street.house)
    actor = (await service.by_id(bob.id)).actor
    await service.notify(ada.actor_id, kind="thanks", actor=actor, post_id=None, house=street.house)
    seen = await browser.open("/notifications")
    assert seen.has("bob thanked you")
    assert seen.has("Ada Low 1 new")
    found = re.search(r'name="up_to" value="(\d+)"', seen.text)
    assert found is not None
    seen = await browser.send("/notifications/read", {"up_to": found[1]}, page="/notifications")
    assert "Mark all as read" not in seen.text


async def test_stewards_share_the_work(ada: Person, street: Street, browser: Browser) -> None:
    """And the last one can't leave it."""
    bob = await service.add_person(name="bob", password=PASSWORD, house=street.house)
    await sign_in(browser)
    desk = "/stewards/people"
    alone = await browser.send(f"{desk}/{ada.id}/relieve", {}, page=desk)
    assert alone.status == 409
    assert alone.has("Make somebody else a steward first.")
    assert (await browser.send(f"{desk}/{bob.id}/promote", {}, page=desk)).has(
        "bob now looks after the hub."
    )
    assert (await browser.send(f"{desk}/{bob.id}/explode", {}, page=desk)).status == 404
    await browser.send(f"{desk}/{bob.id}/deactivate", {}, page=desk)
    assert (await Person.get(id=bob.id)).deactivated_at is not None


async def test_an_invitation_is_taken_back(ada: Person, street: Street, browser: Browser) -> None:
    """Its link is none any more."""
    made = await invitations.invite(ada.id, note="For Bob", house=street.house)
    await sign_in(browser)
    path = f"/stewards/invitations/{made.invitation.id}/revoke"
    seen = await browser.send(path, {}, page="/stewards/invitations")
    assert seen.has("The invitation no longer works.")
    assert not seen.has("For Bob")


async def test_a_letter_for_a_new_password_leaves_from_the_page(
    ada: Person, street: Street, browser: Browser, letter_box: LetterBox
) -> None:
    """Not before the page has answered."""
    await browser.send("/reset", {"account": "ada"})
    assert letter_box.letters == []


async def test_letters_end_by_a_press_without_signing_in(
    ada: Person, street: Street, browser: Browser
) -> None:
    """By a person or by their mail program, which sends no cookie and no token of ours; not by what
    only looks at the addresses in letters, and not by an address that was guessed.
    """
    service.register_hooks(street.house.hooks)
    path = mail.way_out("notifications", ada.id, house=street.house).removeprefix("http://hub.test")
    assert (await browser.open(path)).has("press the button")
    assert (await browser.open(path[:-1])).status == 404
    guessed = path.replace(f"/{ada.id}/", f"/{ada.id + 1}/")
    one_click = {"List-Unsubscribe": "One-Click"}
    assert (await browser.client.post(guessed, data=one_click)).status == 404
    assert (await service.by_id(ada.id)).mail_preference is MailPreference.IMMEDIATE
    for _ in range(2):
        answer = await browser.client.post(path, data=one_click)
        assert answer.status == 200
        assert "You get no more letters like that one" in await answer.text()
    assert (await service.by_id(ada.id)).mail_preference is MailPreference.NONE


async def test_an_address_is_confirmed_by_a_letter_that_came_there(
    ada: Person, street: Street, browser: Browser, letter_box: LetterBox
) -> None:
    """The link in it is for that address and that account, and asks before it does anything."""
    registry = Registry()
    service.register_jobs(registry)
    await sign_in(browser)
    page, path = "/settings/e-mail", "/settings/e-mail/confirm"
    assert (await browser.send(path, {}, page=page)).has("A letter is on its way.")
    await Worker(registry, street.house).run_due()
    (letter,) = letter_box.letters
    link = service.confirming_link(await service.by_id(ada.id), house=street.house)
    assert (letter.to, letter.way_out) == ("ada@example.org", "")
    assert link in letter.text
    assert link in letter.html
    link = link.removeprefix("http://hub.test")
    assert (await browser.open(link)).has("Your letters go to ada@example.org.")
    assert not (await service.by_id(ada.id)).email_confirmed
    assert (await browser.send(f"{link[:-1]}!", {}, page=link)).status == 404
    assert (await browser.send(f"{link[:-2]}xx", {}, page=link)).status == 409
    assert (await browser.send(link, {})).has("now we know that it is yours")
    assert (await browser.open(page)).has("You have confirmed that ada@example.org is yours.")
    for email, same in (("ada@example.org", True), ("ada@b.test", False)):
        await service.change_email(ada.id, email=email, password=PASSWORD, house=street.house)
        assert (await service.by_id(ada.id)).email_confirmed is same
    assert (await browser.send(link, {})).has("This link is for another e-mail address")
