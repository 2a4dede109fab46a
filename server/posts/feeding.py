"""Posts as a feed."""

from collections.abc import Sequence

from aiohttp import web

from server.posts.cards import entry
from server.posts.tables import Post
from server.web import Page, cursor, feeds, keys


def feed_of(
    request: web.Request, title: str, path: str, rows: Sequence[Post] | Page[Post], *,
    own: str = "", form: feeds.Form = feeds.Form.ATOM,
) -> web.Response:  # fmt: skip
    """Answer with posts, whose authors and tags have been read with them, as the feed of the page
    at `path`; `own` is the feed's own address, where that is more than the path asked for. A page
    of a list leads on to the next; from before which mark it is stands in its address (`before`).
    """
    house, face = request.app[keys.HOUSE], request.app[keys.FACE]
    shown = rows if isinstance(rows, Page) else Page(rows)
    begun = cursor(request).before if isinstance(rows, Page) else None
    entries, address = [entry(post) for post in shown.items], house.uri(own or request.path)
    return feeds.feed_response(
        request,
        feeds.Feed(
            title=title, subtitle=face.name if title != face.name else face.tagline,
            url=house.uri(path), feed_url=address, entries=entries,
            page_url=f"{address}?before={begun}" if begun else None,
            older_url=f"{address}?before={shown.older}" if shown.older else None,
            updated=max((one.updated for one in entries), default=house.clock.now()),
        ),
        form,
    )  # fmt: skip
