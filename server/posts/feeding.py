"""Posts as a feed."""

from collections.abc import Sequence

from aiohttp import web

from server.posts.cards import entry
from server.posts.tables import Post
from server.web import feeds, keys


def feed_of(
    request: web.Request, title: str, path: str, rows: Sequence[Post], *, own: str = "",
    form: feeds.Form = feeds.Form.ATOM,
) -> web.Response:  # fmt: skip
    """Answer with posts, whose authors and tags have been read with them, as the feed of the page
    at `path`; `own` is the feed's own address, where that is more than the path asked for.
    """
    house, face = request.app[keys.HOUSE], request.app[keys.FACE]
    entries = [entry(post) for post in rows]
    return feeds.feed_response(
        request,
        feeds.Feed(
            title=title, subtitle=face.name if title != face.name else face.tagline,
            url=house.uri(path), feed_url=house.uri(own or request.path), entries=entries,
            updated=max((one.updated for one in entries), default=house.clock.now()),
        ),
        form,
    )  # fmt: skip
