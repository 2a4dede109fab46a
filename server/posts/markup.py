"""Handles and hashtags in what people write."""

import re
from collections.abc import Iterable, Mapping

from markupsafe import escape

from federation import html
from server.actors.tables import Actor

HANDLE = re.compile(
    r"(?<![\w@/.-])@([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@[A-Za-z0-9][A-Za-z0-9.:-]{0,252}[A-Za-z0-9])"
)
"""`@name@hub.example`, not within a word or an address. Each part is bounded, so it runs in linear
time.
"""
HASHTAG = re.compile(r"(?<![\w&/#])#(\w{1,100})")


def handles(texts: Iterable[str]) -> list[str]:
    """Return the handles in texts, each once, without the first `@`, in the order they come."""
    return list(dict.fromkeys(found for text in texts for found in HANDLE.findall(text)))


def hashtags(texts: Iterable[str]) -> list[str]:
    """Return the hashtags in texts as written, each once, without `#`, in the order they come."""
    found = dict.fromkeys(found for text in texts for found in HASHTAG.findall(text))
    return [name for name in found if not name.isdigit()]


def to_html(text: str, *, topics: str, mentioned: Mapping[str, Actor]) -> str:
    """Return what a person wrote in Markdown as clean HTML, with its hashtags and handles as links.

    `topics` is the address that a topic's name is added to; `mentioned` holds the actors found for
    handles (without the first `@`).
    """

    def linked(plain: str) -> str:
        return HANDLE.sub(lambda found: _mention(found, mentioned), _tagged(plain, topics))

    return html.from_markdown(text, linked=linked)


def _tagged(plain: str, topics: str) -> str:
    return HASHTAG.sub(
        lambda found: (
            (
                f'<a href="{escape(topics + found[1].lower())}" class="mention hashtag" rel="tag">'
                f"#<span>{escape(found[1])}</span></a>"
            )
            if not found[1].isdigit()
            else found[0]
        ),
        plain,
    )


def _mention(found: re.Match[str], mentioned: Mapping[str, Actor]) -> str:
    actor = mentioned.get(found[1])
    return found[0] if actor is None else mention(actor)


def mention(actor: Actor) -> str:
    """Return the link that stands for somebody who is spoken to."""
    return (
        f'<a href="{escape(actor.url)}" class="u-url mention">@<span>'
        f"{escape(actor.username)}</span></a>"
    )
