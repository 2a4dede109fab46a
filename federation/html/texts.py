"""HTML as plain text, whole or in part."""

import re
from html import escape

from federation.html.sanitising import clean

# Only for what `clean` returned: every `<` there begins a tag, so each match succeeds at once.
_TAG = re.compile(r'<(/?[a-z]+)(?:[^<>"]*+"[^"]*+")*[^<>"]*+>')
_BREAKS = {
    **{"br": "\n", "li": "\n- ", "p": "\n\n", "/p": "\n\n", "pre": "\n\n", "/pre": "\n\n"},
    **{"blockquote": "\n\n", "/blockquote": "\n\n", "ul": "\n\n", "/ul": "\n\n"},
    **{"ol": "\n\n", "/ol": "\n\n"},
}
_SPACES = re.compile(r"[ \t\n\r\f]++")
_EMPTY_LINES = re.compile(r"\n{3,}+")
_READ_ON = "Read on"


def text_of(html: str) -> str:
    """Return what a reader would read: paragraphs apart by an empty line, list entries by lines.

    Takes any text, plain ones too; never raises; takes linear time.
    """
    return _text(clean(html)) if html else ""


def excerpt(html: str, limit: int) -> str:
    """Return the beginning of the text on one line, at most `limit` characters with ellipsis."""
    text = " ".join(text_of(html).split())
    if len(text) <= limit:
        return text
    whole, space, _ = text[:limit].rpartition(" ")
    kept = whole if space and len(whole) > limit // 2 else text[: max(limit - 1, 0)]
    return kept.rstrip(" .,;:-") + "…"


def cut(html: str, limit: int, link: str) -> str:
    """Return clean HTML of at most about `limit` characters of text, cut at a paragraph.

    Where something is left out, a last paragraph "Read on" leads to `link`. What is short enough
    comes back whole.
    """
    html = clean(html)
    end = _last_break(html, limit)
    if end is None:
        return html
    head = html[:end]
    if not head.strip():
        head = f"<p>{escape(excerpt(html, limit))}</p>"
    return f'{head}<p><a href="{escape(link)}">{_READ_ON}</a></p>'


def _last_break(html: str, limit: int) -> int | None:
    """Return where the last whole block ends that fits into `limit`; None where all fits."""
    length = depth = end = at = 0
    for tag in _TAG.finditer(html):
        length += tag.start() - at
        at = tag.end()
        if length > limit:
            return end
        if tag[1] != "br":
            depth += -1 if tag[1].startswith("/") else 1
        if depth == 0:
            end = at
    return None if length + len(html) - at <= limit else end


def _text(cleaned: str) -> str:
    parts: list[str] = []
    at = preformatted = 0
    for tag in _TAG.finditer(cleaned):
        text = cleaned[at : tag.start()]
        parts.append(text if preformatted else _SPACES.sub(" ", text))
        parts.append(_BREAKS.get(tag[1], ""))
        preformatted += {"pre": 1, "/pre": -1}.get(tag[1], 0)
        at = tag.end()
    parts.append(_SPACES.sub(" ", cleaned[at:]))
    lines = "".join(parts).split("\n")
    text = _EMPTY_LINES.sub("\n\n", "\n".join(line.strip(" ") for line in lines))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u00a0")
    return text.replace("&amp;", "&").strip()
