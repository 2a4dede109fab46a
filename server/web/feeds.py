"""Feeds: Atom (RFC 4287), and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import orjson
from aiohttp import web

from server.web.negotiation import etag_of, has_already

_NS = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff]|[\ufffe\uffff]")
"""What XML 1.0 §2.2 leaves out; its complement in one set takes 20 times longer to compile."""
register_namespace("", _NS)


class Form(StrEnum):
    """How a feed is written, by its media type."""

    ATOM = "application/atom+xml"
    JSON = "application/feed+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that goes with an entry."""

    url: str
    media_type: str
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in a feed. `html` is sanitised already."""

    uri: str
    url: str
    title: str
    html: str
    published: datetime
    updated: datetime
    author: str
    author_url: str | None = None
    summary: str | None = None
    language: str | None = None
    tags: Sequence[str] = ()
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list as feed readers see it; `url` is its page, `feed_url` itself, from its beginning."""

    title: str
    url: str
    feed_url: str
    updated: datetime
    entries: Sequence[Entry]
    subtitle: str = ""
    author: str | None = None
    icon_url: str | None = None
    page_url: str | None = None
    """This page of the feed, where it is not the first."""
    older_url: str | None = None
    """The next page of the feed (RFC 5005 §3)."""


def atom(feed: Feed) -> bytes:
    """Return the feed as XML in UTF-8. Characters that XML can't hold are left out."""
    root = Element(f"{{{_NS}}}feed")
    _text(root, "id", feed.feed_url)
    _text(root, "title", feed.title)
    if feed.subtitle:
        _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _time(feed.updated))
    if feed.author:
        _author(root, feed.author, None)
    if feed.icon_url:
        _text(root, "icon", feed.icon_url)
    _link(root, "self", feed.page_url or feed.feed_url, "application/atom+xml")
    _link(root, "alternate", feed.url, "text/html")
    if feed.page_url or feed.older_url:
        _link(root, "first", feed.feed_url, "application/atom+xml")
    if feed.older_url:
        _link(root, "next", feed.older_url, "application/atom+xml")
    for entry in feed.entries:
        _entry(root, entry)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON."""
    told: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.url,
        "feed_url": feed.feed_url,
        "icon": feed.icon_url,
        "authors": [{"name": feed.author}] if feed.author else None,
        "next_url": feed.older_url,
        "items": [_item(entry) for entry in feed.entries],
    }
    return orjson.dumps(_said(told))


def _item(entry: Entry) -> dict[str, object]:
    author = {"name": entry.author, "url": entry.author_url}
    pictures = (
        {"url": one.url, "mime_type": one.media_type, "size_in_bytes": one.size}
        for one in entry.pictures
    )
    return _said({
        "id": entry.uri,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "date_published": _time(entry.published),
        "date_modified": _time(entry.updated),
        "authors": [_said(author)],
        "language": entry.language,
        "tags": list(entry.tags),
        "attachments": [_said(one) for one in pictures],
    })  # fmt: skip


def _said(told: Mapping[str, object]) -> dict[str, object]:
    """Return what there is something to say about; a feed has its items, be there none."""
    return {name: value for name, value in told.items() if value or name == "items"}


def feed_response(request: web.Request, feed: Feed, form: Form = Form.ATOM) -> web.Response:
    """Answer with a feed that anybody may read, from any site; 304 where it is known already."""
    body = atom(feed) if form is Form.ATOM else json_feed(feed)
    headers = {
        "ETag": etag_of(body),
        "Cache-Control": "public, max-age=300",
        "Access-Control-Allow-Origin": "*",
    }
    if has_already(request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = f"{form}; charset=utf-8"
    return web.Response(body=body, headers=headers)


def _entry(root: Element, entry: Entry) -> None:
    node = SubElement(root, f"{{{_NS}}}entry")
    if entry.language:
        node.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)
    _text(node, "id", entry.uri)
    _text(node, "title", entry.title)
    _link(node, "alternate", entry.url, "text/html")
    _text(node, "published", _time(entry.published))
    _text(node, "updated", _time(entry.updated))
    _author(node, entry.author, entry.author_url)
    if entry.summary:
        _text(node, "summary", entry.summary)
    _text(node, "content", entry.html).set("type", "html")
    for tag in entry.tags:
        SubElement(node, f"{{{_NS}}}category", {"term": _sound(tag)})
    for picture in entry.pictures:
        link = _link(node, "enclosure", picture.url, picture.media_type)
        if picture.size is not None:
            link.set("length", str(picture.size))


def _author(parent: Element, name: str, url: str | None) -> None:
    author = SubElement(parent, f"{{{_NS}}}author")
    _text(author, "name", name)
    if url:
        _text(author, "uri", url)


def _text(parent: Element, name: str, words: str) -> Element:
    node = SubElement(parent, f"{{{_NS}}}{name}")
    node.text = _sound(words)
    return node


def _link(parent: Element, rel: str, href: str, media_type: str) -> Element:
    return SubElement(
        parent, f"{{{_NS}}}link", {"rel": rel, "href": _sound(href), "type": media_type}
    )


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _sound(words: str) -> str:
    return _NOT_XML.sub("", words)
