"""Whom somebody follows, as a file that other programs read, and this one."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from federation import uris
from federation.errors import MalformedError
from server.actors.tables import Actor
from server.network.formats import CSV_HEAD, Format, opml
from server.spreadsheets import held_back


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody as a list names them."""

    name: str
    username: str
    host: str
    uri: str

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Return an actor as a list names it."""
        return cls(actor.shown_name, actor.username, actor.host, actor.uri)

    @property
    def address(self) -> str:
        """`name@host`, as Mastodon writes it; the id of whoever has no such name."""
        try:
            handle = uris.parse_handle(f"{self.username}@{self.host}")
        except MalformedError:
            return self.uri
        return f"{handle.name}@{handle.host}"


def head(form: Format, title: str, at: datetime) -> str:
    """Return how a list begins."""
    match form:
        case Format.CSV:
            return _row(CSV_HEAD)
        case Format.OPML:
            return opml.head(title, at)
        case Format.TEXT:
            return f"# {' '.join(title.split())}, {at:%Y-%m-%d}\n"


def line(form: Format, one: Listed) -> str:
    """Return somebody as a line of a list."""
    match form:
        case Format.CSV:
            return _row((held_back(one.address), "true", "false", ""))
        case Format.OPML:
            return opml.outline(one.name, one.uri)
        case Format.TEXT:
            return f"{one.address}\n"


def foot(form: Format) -> str:
    """Return how a list ends."""
    return opml.FOOT if form is Format.OPML else ""


def _row(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
