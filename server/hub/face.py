"""The hub's face: what its pages show on every request, held in memory and read again when it
changes.
"""

import asyncio
from dataclasses import dataclass, field

import structlog
from markupsafe import Markup

from federation import html
from server import db
from server.actors import service as actors
from server.house import House
from server.hub.rules import HUB_PATH
from server.hub.tables import HubSettings
from server.web.colours import DEFAULT_BRIGHT, DEFAULT_DEEP

log = structlog.get_logger()

NOTHING = Markup()
RETRY = 2.0
"""Seconds until it is read again where the database was away."""


@dataclass(slots=True)
class HubFace:
    """Fulfils `server.web.faces.Face`. `refresh` it at start, and where it was changed, here or by
    another process.
    """

    house: House
    name: str = ""
    tagline: str = ""
    words: str = ""
    footer: str = ""
    crisis: str = ""
    words_html: Markup = NOTHING
    crisis_html: Markup = NOTHING
    """The same as clean HTML, made once."""
    hub: str = DEFAULT_DEEP
    hub_2: str = DEFAULT_BRIGHT
    logo_url: str | None = None
    handle: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    language: str = "en-GB"

    _stale: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def __post_init__(self) -> None:
        """Go by the host until there is a name."""
        self.name = self.name or self.house.host

    async def refresh(self) -> None:
        """Read what was saved."""
        row = await HubSettings.get_or_none(id=1)
        if row is None:
            return
        actor = await actors.at_path(HUB_PATH, house=self.house)
        self.name = row.name or self.house.host
        self.tagline, self.words, self.footer = row.tagline, row.words, row.footer
        self.words_html = _clean(row.words)
        self.crisis, self.crisis_html = row.crisis, _clean(row.crisis)
        self.logo_url = row.logo_url
        self.hub, self.hub_2 = row.colour_hub or DEFAULT_DEEP, row.colour_hub_2 or DEFAULT_BRIGHT
        self.handle = actor.handle if actor is not None else None

    def forget(self, _: str | None = None) -> None:
        """Have it read again: another process, or this one, has changed it."""
        self._stale.set()

    async def keep_fresh(self) -> None:
        """Read it whenever it was changed, until cancelled."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                await self.refresh()
            except db.FAILURES as error:
                log.warning("hub.face_unread", error=type(error).__name__)
                self._stale.set()
                await asyncio.sleep(RETRY)


def _clean(text: str) -> Markup:
    return Markup(html.from_markdown(text)) if text else NOTHING  # noqa: S704 (it is clean)
