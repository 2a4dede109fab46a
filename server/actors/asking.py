"""Who asks: a GET that is signed says so. The blocked are refused, and in secure mode whoever does
not prove who they are.
"""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from federation import inbox, uris
from federation.errors import FederationError
from federation.signatures import Claim, Message, claims
from server.actors.blocks import Blocks
from server.actors.directory import Directory
from server.web import keys

OPEN = frozenset({"/actor"})
"""What is served to anybody, whatever they sign it with: to verify that we would have to ask them
in turn, and two such nodes would wait for each other.
"""


def asking(directory: Directory, blocks: Blocks) -> Middleware:
    """Return a middleware that looks who signed a GET.

    A claim to be blocked is believed at once: whoever makes it falsely harms nobody but themselves.
    The signature is verified only in secure mode, where it is needed: a post that is shared is
    asked for by a thousand servers in the same second, each with another key.
    """

    @web.middleware
    async def ask(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method in {"GET", "HEAD"} and "Signature" in request.headers:
            message = _message(request)
            for claim in _claims(message):
                await _refuse_blocked(claim, directory, blocks)
            if request.app[keys.SETTINGS].secure and request.path not in OPEN:
                await _prove(request, message, directory)
        return await handler(request)

    return ask


def _message(request: web.Request) -> Message:
    url = request.app[keys.HOUSE].address + request.rel_url.raw_path_qs
    return Message(request.method, url, tuple(request.headers.items()), b"")


def _claims(message: Message) -> tuple[Claim, ...]:
    try:
        return claims(message)
    except FederationError:
        return ()  # as good as unsigned


async def _refuse_blocked(claim: Claim, directory: Directory, blocks: Blocks) -> None:
    key = await directory.known(claim.key_id)
    actor = claim.key_id.partition("#")[0] if key is None else key.owner
    if uris.is_web_uri(actor):
        await blocks.refuse(uris.host_of(actor), actor)


async def _prove(request: web.Request, message: Message, directory: Directory) -> None:
    """Note who asks, if that is proven; whoever is served only then finds out by that."""
    try:
        asker = await inbox.signed_by(message, keys=directory, clock=request.app[keys.CLOCK])
    except FederationError:
        return
    request[keys.ASKER] = asker
