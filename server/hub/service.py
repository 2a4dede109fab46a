"""What is done with the hub as a whole. One verb, one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from federation import html
from federation.vocab.types import ActorType
from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.errors import ConfigurationError, NotFoundError, RefusedError
from server.house import House
from server.hub import words
from server.hub.rules import DEFAULT_HANDLE, HUB_PATH, NODE_PATH, Page, node_username
from server.hub.tables import HubSettings
from server.media import service as media
from server.people import service as people
from server.people.rules import FieldRefusedError, SignUps, checked_name
from server.people.tables import Person

ROW = 1
NONCE = 32
"""Bytes."""
COLUMNS = {Page.CONTACT: "contact_words"}
"""Where a page is kept whose name means something else in the table."""

FACE = "face"
"""What is said to have changed, to every process, when the hub's look does."""


class AlreadySetUpError(RefusedError):
    """This hub is set up already. Sign in to change how it looks and what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a hub looks and what it says of itself."""

    name: str
    tagline: str = ""
    words: str = ""
    footer: str = ""
    crisis: str = ""
    contact: str = ""
    colour_hub: str = ""
    colour_hub_2: str = ""
    shows_neighbours: bool = True
    """Whether it tells other hubs whom it follows and knows."""
    discoverable: bool = True
    """Whether it wants to be found by others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteward:
    """Whoever sets the hub up."""

    name: str
    password: str
    display_name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that was kept, to stand for the hub: `url` is a path of this node."""

    picture_id: int
    url: str


async def settings() -> HubSettings:
    """Return the one row. Raises NotFoundError before the first start."""
    row = await HubSettings.get_or_none(id=ROW)
    if row is None:
        raise NotFoundError
    return row


async def check_address(*, house: House) -> None:
    """Write the public address into the database at the first start; later, see that it is still
    the same.

    Raises ConfigurationError: every id that this database has given out begins with its address.
    """
    row = await HubSettings.get_or_none(id=ROW)
    if row is None:
        row = await _first_row(house)
    if row.address != house.address:
        raise ConfigurationError(
            setting="address",
            reason=f"this database belongs to {row.address}, and the setting says {house.address}. "
            "Everything published so far is known elsewhere by that address, so it can't change "
            f"afterwards. Set it back to {row.address}, or start with an empty database.",
        )


async def _first_row(house: House) -> HubSettings:
    nonce = house.vault.hash_token(house.random.randbytes(NONCE).hex())
    try:
        return await HubSettings.create(id=ROW, address=house.address, setup_nonce=nonce)
    except IntegrityError:  # another process was quicker
        return await settings()


async def ensure_node_actor(*, house: House) -> Actor:
    """Return the node's own actor, which signs what is fetched; make it at the first start."""
    actor = await actors.at_path(NODE_PATH, house=house)
    if actor is not None:
        return actor
    username = node_username(house.host)
    try:
        return await actors.create_local(
            path=NODE_PATH, type=ActorType.APPLICATION, username=username, name=house.host,
            pairs=await actors.new_pairs(), house=house,
        )  # fmt: skip
    except IntegrityError:  # another process was quicker
        actor = await actors.at_path(NODE_PATH, house=house)
        if actor is None:
            raise
        return actor


async def hub_actor(*, house: House) -> Actor | None:
    """Return the hub's actor, None before the set-up."""
    return await actors.at_path(HUB_PATH, house=house)


async def is_set_up() -> bool:
    """Say whether somebody has set this hub up."""
    return await HubSettings.exists(id=ROW, set_up_at__isnull=False)


async def setup_link(*, house: House) -> str | None:
    """Return the link that sets this hub up, the same one until that is done; None afterwards.

    It is derived from the row and the node's key, so the database alone opens nothing.
    """
    row = await settings()
    if row.set_up_at is not None:
        return None
    token = house.vault.tag(row.setup_nonce, purpose="setup")
    return house.uri(f"/setup/{token}")


async def check_setup_token(token: str, *, house: House) -> None:
    """Raise NotFoundError unless the token sets this hub up (compared in constant time)."""
    row = await settings()
    right = house.vault.same_tag(row.setup_nonce, token, purpose="setup")
    if row.set_up_at is not None or not right:
        raise NotFoundError


async def set_up(
    look: Look, *, handle: str = DEFAULT_HANDLE, steward: FirstSteward, house: House,
    sign_ups: SignUps = SignUps.INVITATION,
) -> Person:  # fmt: skip
    """Make the hub's actor and the first account, who looks after it: all of it or nothing.

    Raises AlreadySetUpError; FieldRefusedError, which names the field (`handle`, or one of the
    steward's).
    """
    if await is_set_up():
        raise AlreadySetUpError
    handle = await checked_handle(handle, steward_name=steward.name, house=house)
    newcomer = await people.prepared(
        name=steward.name, display_name=steward.display_name, email=steward.email,
        password=steward.password, house=house,
    )  # fmt: skip
    pairs = await actors.new_pairs()
    async with db.transaction():
        now = house.clock.now()
        if not await HubSettings.filter(id=ROW, set_up_at=None).update(set_up_at=now):
            raise AlreadySetUpError
        hub = await actors.create_local(
            path=HUB_PATH, type=ActorType.ORGANIZATION, username=handle, name=look.name,
            pairs=pairs, house=house,
        )  # fmt: skip
        await _write(look, hub, house=house)
        await people.set_sign_ups(sign_ups)
        return await people.enrol(newcomer, steward=True, house=house)


async def checked_handle(text: str, *, steward_name: str, house: House) -> str:
    """Return the hub's name in its handle, in lower case. Raises FieldRefusedError("handle")."""
    handle = text.strip().removeprefix("@").lower()
    if handle != DEFAULT_HANDLE:
        try:
            handle = checked_name(handle)
        except FieldRefusedError as error:
            raise FieldRefusedError(field="handle", reason=str(error)) from error
    if handle == steward_name.strip().lower():
        raise FieldRefusedError(field="handle", reason="The hub and you can't have the same name.")
    if await actors.local(handle, house=house) is not None:
        raise FieldRefusedError(
            field="handle", reason=f"The name {handle} is taken. Choose another one."
        )
    return handle


async def save_look(look: Look, *, logo: Logo | None = None, house: House) -> None:
    """Change how the hub looks and what it says of itself; `logo` None leaves it. Followers
    elsewhere are told.

    Raises NotFoundError before the set-up.
    """
    async with db.transaction():
        hub = await hub_actor(house=house)
        if hub is None:
            raise NotFoundError
        if logo is not None:
            former = (await settings()).logo_id
            await HubSettings.filter(id=ROW).update(logo_id=logo.picture_id, logo_url=logo.url)
            if former is not None:
                await media.delete(former, house=house)
            hub.icon_url = logo.url
        hub.fetched_at = house.clock.now()
        await _write(look, hub, house=house)
        await people.announce_change(hub, house=house)


async def _write(look: Look, hub: Actor, *, house: House) -> None:
    await house.changed(FACE)
    await HubSettings.filter(id=ROW).update(
        name=look.name, tagline=look.tagline, words=look.words, footer=look.footer,
        crisis=look.crisis, contact=look.contact, colour_hub=look.colour_hub,
        colour_hub_2=look.colour_hub_2, shows_neighbours=look.shows_neighbours,
    )  # fmt: skip
    hub.name, hub.discoverable = look.name, look.discoverable
    said = [text for text in (look.tagline, look.words) if text]
    hub.summary = html.from_markdown("\n\n".join(said)) if said else ""
    await hub.save()


async def save_pages(texts: Mapping[Page, str], *, house: House) -> None:
    """Keep the longer words. Text left as it comes with Fettle isn't kept, so that it stays up to
    date.
    """
    row = await settings()
    facts = await facts_of(row, house=house)
    changed = {
        COLUMNS.get(page, str(page)): ""
        if text.strip() == words.usual(page, facts).strip()
        else text
        for page, text in texts.items()
    }
    await HubSettings.filter(id=ROW).update(**changed)


async def page_text(page: Page, *, house: House) -> str:
    """Return a page's Markdown: the hub's own, or what comes with Fettle."""
    row = await settings()
    own: str = getattr(row, COLUMNS.get(page, str(page)))
    return own or words.usual(page, await facts_of(row, house=house))


async def facts_of(row: HubSettings, *, house: House) -> words.Facts:
    """Return what the usual words speak of."""
    hub = await hub_actor(house=house)
    return words.Facts(
        name=row.name or house.host, host=house.host, contact=row.contact,
        handle=hub.handle if hub is not None else f"@{DEFAULT_HANDLE}@{house.host}",
    )  # fmt: skip
