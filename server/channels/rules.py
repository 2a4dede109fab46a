"""What channels there can be, how they are called, and which of them a post belongs to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

CHANNELS = 20
"""Topics that pass one post on, at most: the first that it names. Of places there are no more."""
HANDLE_LIMIT = 128
"""Characters of a name in a handle that servers read (`federation.uris`)."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: where it is, what it is called, and what for."""

    path: str
    """Its id, and its page."""
    username: str
    title: str

    @property
    def can_be_named(self) -> bool:
        """Whether its handle is short enough for others to read."""
        return len(self.username) <= HANDLE_LIMIT


def topic(name: str, shown: str) -> Channel:
    """Return the channel of a topic, by its name in lower case and as it is written."""
    return Channel(f"/topics/{quote(name, safe='')}", f"topic.{plain(name)}", f"#{shown}")


def place(name: str, shown: str) -> Channel:
    """Return the channel of a place, by its name in an address and as people call it."""
    return Channel(f"/places/{quote(name, safe='')}", f"place.{plain(name)}", shown)


def experiment(path: str, title: str) -> Channel:
    """Return the channel of an experiment, by the path of its id."""
    return Channel(f"{path}/channel", f"try.{path.rpartition('/')[2].lower()}", title)


def named_in(uri: str) -> tuple[str | None, str]:
    """Return, of the id of a channel, the table that says what belongs to it, by its name there;
    none for an experiment's.
    """
    table, name = (unquote(part) for part in uri.split("/")[-2:])
    return {"topics": "tags", "places": "places"}.get(table), name


def plain(word: str) -> str:
    """Return a word as a handle may have it: in ASCII, Punycode where it has other letters (RFC
    3492). Two words never look alike: no name in an address holds two hyphens in a row.
    """
    return word if word.isascii() else f"xn--{word.encode('punycode').decode()}"


def belonging(
    topics: Iterable[tuple[str, str]], places: Iterable[tuple[str, str]], own: Sequence[Channel]
) -> list[Channel]:
    """Return the channels of a post in the order that they pass it on, after the hub: topics,
    places, then the experiment's own.
    """
    named: dict[str, str] = {}
    for name, shown in topics:
        named.setdefault(name, shown)
    found = [
        *(topic(name, shown) for name, shown in [*named.items()][:CHANNELS]),
        *(place(name, shown) for name, shown in places),
        *own,
    ]
    return [one for one in found if one.can_be_named]
