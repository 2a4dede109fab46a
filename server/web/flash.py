"""One sentence, said on the next page:

`Thank you. Your story is out.` Signed, so that nobody can put words in our mouth.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error

from aiohttp import web

from server.web import keys

_PURPOSE = "said"
_LONGEST = 500
_SECONDS = 120


def say(request: web.Request, response: web.StreamResponse, words: str) -> None:
    """Have `words` shown at the top of the next page."""
    packed = urlsafe_b64encode(words[:_LONGEST].encode()).decode().rstrip("=")
    tag = request.app[keys.HOUSE].vault.tag(packed, purpose=_PURPOSE)
    request.app[keys.COOKIES].set(response, "said", f"{packed}.{tag}", seconds=_SECONDS)


def read(request: web.Request) -> str | None:
    """Return what is to be said, None where there is nothing or it is not from us."""
    cookie = request.app[keys.COOKIES].read(request, "said")
    if cookie is None:
        return None
    packed, _, tag = cookie.partition(".")
    if not request.app[keys.HOUSE].vault.same_tag(packed, tag, purpose=_PURPOSE):
        return None
    try:
        return urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except (NotBase64Error, UnicodeDecodeError):
        return None


def drop(request: web.Request, response: web.StreamResponse) -> None:
    """Say it once only."""
    request.app[keys.COOKIES].drop(response, "said")
