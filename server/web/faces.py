"""What a hub looks and sounds like on its pages. The feature `hub` fulfils it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from server.web.colours import DEFAULT_BRIGHT, DEFAULT_DEEP


class Face(Protocol):
    """The hub as its pages show it.

    Read anew for each page, so it may change while the node runs.
    """

    @property
    def name(self) -> str:
        """What the hub is called."""
        ...

    @property
    def tagline(self) -> str:
        """One line under the name; may be empty."""
        ...

    @property
    def words(self) -> str:
        """The welcome: what this hub is, in two sentences; may be empty."""
        ...

    @property
    def footer(self) -> str:
        """Who looks after it, for the foot of each page; may be empty."""
        ...

    @property
    def hub(self) -> str:
        """The deep colour, `#rrggbb`, 7:1 or more on white."""
        ...

    @property
    def hub_2(self) -> str:
        """The bright colour, `#rrggbb`, 7:1 or more under the ink `#241c08`."""
        ...

    @property
    def logo_url(self) -> str | None:
        """A picture of our own to stand for the hub, square; None for the woven patch."""
        ...

    @property
    def handle(self) -> str | None:
        """The handle to follow it by, `@hello@hub.example`; None until it is set up."""
        ...

    @property
    def links(self) -> Sequence[tuple[str, str]]:
        """More links for the foot, as (words, address)."""
        ...

    @property
    def language(self) -> str:
        """The language of the pages, as in BCP 47."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFace:
    """A face with nothing set but a name: what a new node shows, and what tests use."""

    name: str
    tagline: str = ""
    words: str = ""
    footer: str = ""
    hub: str = DEFAULT_DEEP
    hub_2: str = DEFAULT_BRIGHT
    logo_url: str | None = None
    handle: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    language: str = "en-GB"


_SHOWN = (
    "name", "tagline", "words", "footer", "hub", "hub_2", "logo_url", "handle", "links", "language",
)  # fmt: skip


def look(face: Face) -> tuple[object, ...]:
    """Return all that pages show of a face: equal where they look the same."""
    return tuple(getattr(face, name) for name in _SHOWN)
