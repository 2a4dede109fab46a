"""Markdown as people write it, as clean HTML."""

import re
from collections.abc import Callable, Iterator
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from federation.html.sanitising import clean

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
_ADDRESS = re.compile(r"https?://[^\s<>\"]++")
_AFTER_ADDRESS = ".,;:!?'*_"


def from_markdown(text: str, *, linked: Callable[[str], str] | None = None) -> str:
    """Return CommonMark as clean HTML. A line's end is one; pictures and HTML are left as text.

    Bare web addresses become links. `linked` gets each stretch of escaped text that is neither code
    nor a link already and returns it as HTML, with links for handles and hashtags, say.
    """
    tokens = _MARKDOWN.parse(text.encode("utf-8", "replace").decode("utf-8"))
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = list(_with_links(token.children, linked or str))
    return clean(str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})))


def _with_links(tokens: list[Token], linked: Callable[[str], str]) -> Iterator[Token]:
    in_links = 0
    for token in tokens:
        in_links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not in_links:
            yield Token("html_inline", "", 0, content=_text(token.content, linked))
        else:
            yield token


def _text(text: str, linked: Callable[[str], str]) -> str:
    parts: list[str] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        address = _without_end(found[0])
        parts.append(linked(escape(text[at : found.start()])))
        parts.append(f'<a href="{escape(address)}">{escape(address)}</a>')
        at = found.start() + len(address)
    parts.append(linked(escape(text[at:])))
    return "".join(parts)


def _without_end(address: str) -> str:
    """Return the address without the full stop or bracket of the sentence it stands in."""
    address = address.rstrip(_AFTER_ADDRESS)
    if address.endswith(")") and "(" not in address:
        address = address.rstrip(")").rstrip(_AFTER_ADDRESS)
    return address
