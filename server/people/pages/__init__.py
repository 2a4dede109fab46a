"""The pages of accounts."""

from collections.abc import Iterator

from aiohttp import web

from server.people.pages import joining, moving, notices, settings, signing, stewarding
from server.people.pages.notices import POST_LINKS, PostLinks

__all__ = ["POST_LINKS", "PostLinks", "routes"]


class _Together(web.RouteTableDef):
    """The routes of several modules as one table."""

    def __iter__(self) -> Iterator[web.AbstractRouteDef]:
        """Yield them all."""
        for module in (signing, joining, settings, moving, notices, stewarding):
            yield from module.routes


routes = _Together()
