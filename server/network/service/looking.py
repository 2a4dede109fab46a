"""Who is at an address: their server is asked what it runs and who they are."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from federation import uris
from federation.errors import FederationError
from server.actors import hosts
from server.actors import service as actors
from server.actors.service import UnknownHandleError
from server.actors.tables import Actor
from server.errors import RefusedError
from server.house import House
from server.hub.rules import HUB_PATH
from server.network.rules.wording import software_name
from server.network.service.elsewhere import read_list

SECONDS = 60.0
"""That looking up one address may take in all."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody to follow."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of others that a hub shares."""

    words: str
    """How many it names, and what it calls itself."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Nobody that can be followed, and why, in words for people."""

    reason: str


async def look_up(address: str, us: Actor, *, house: House) -> Found | Listing | Failed:
    """Ask who is at a handle or a web address, and what their server runs. Never inside a
    transaction. At most a handful of requests (of a list in pages: twenty), and a minute.
    """
    try:
        async with asyncio.timeout(SECONDS):
            return await _asked(address, us, house=house)
    except TimeoutError:
        return Failed("Their server took too long to answer.")
    except RefusedError as error:
        return Failed(str(error))
    except FederationError as error:
        return Failed(f"Their server could not be asked: {error}")


async def find(address: str, *, house: House) -> Actor:
    """Return who is at a handle or a web address; at our own first page, it is this hub.

    Raises what `actors.find` does.
    """
    ours = house.uri(HUB_PATH) if address.rstrip("/") == house.address else address
    return await actors.find(ours, house=house)


async def _asked(address: str, us: Actor, *, house: House) -> Found | Listing | Failed:
    try:
        actor = await find(address, house=house)
    except UnknownHandleError as error:
        listing = await _list_at(address, house=house)
        return listing or Failed(await _hint(address, house=house) or str(error))
    if actor.id == us.id:
        return Failed("That is this hub itself.")
    if actor.moved_to is not None:
        return Failed(f"They have moved to {actor.moved_to}. Follow them there.")
    if not actor.local:
        await hosts.look(actor.host, house=house)
    return Found(actor)


async def _list_at(address: str, *, house: House) -> Listing | None:
    """Return the list that is at an address, None where there is none."""
    if not uris.is_web_uri(address) or uris.host_of(address) == house.host:
        return None
    try:
        found = await read_list(address, "", house)
    except FederationError:
        return None
    if found is None or not found.names:
        return None
    number = len(found.names)
    many = "one hub" if number == 1 else f"{number:,} hubs"
    title = f": “{found.title}”" if found.title else ""
    return Listing(f"A list of {many if found.is_whole else f'more than {many}'}{title}.")


async def _hint(address: str, *, house: House) -> str | None:
    """Return what to do about the address of a server that is there, but is nobody to follow."""
    if not address.startswith("http") or urlsplit(address).path.strip("/"):
        return None
    host = uris.host_of(address)
    runs = (await hosts.look(host, house=house)).software
    if runs is None:
        return None
    return (
        f"{host} runs {software_name(runs)}, and does not say whom to follow there. Give a handle,"
        f" such as @name@{host}."
    )
