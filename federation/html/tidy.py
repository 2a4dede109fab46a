"""One linear pass over any HTML: the few tags that are kept, properly nested, never deep.

HTML parsers take quadratic time on some hostile input (deep nesting, formatting that is never
closed, thousands of attributes or entities). What comes out of here is never hard to parse. It is
not yet trusted: it still goes through nh3.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

CLASSES = {
    "a": frozenset({"mention", "hashtag", "u-url"}),
    "span": frozenset({"mention", "h-card", "invisible", "ellipsis"}),
}
"""The class names that Mastodon and its kin give to links and their parts."""
NOFOLLOW = "nofollow noopener ugc"
RELATIONS = frozenset({NOFOLLOW, f"tag {NOFOLLOW}"})

BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote", "pre"})
INLINE = frozenset({"a", "b", "code", "del", "em", "i", "s", "span", "strong", "u"})
ALLOWED = BLOCKS | INLINE | {"br"}

MAX_DEPTH = 24
"""Elements within each other; the tags of deeper ones are dropped, their text stays."""
MAX_ATTRIBUTE = 2_048
"""Characters of an attribute's value; longer ones are dropped."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements that part one thing from the next: here they become paragraphs.
_PARAGRAPHS = _HEADINGS | {
    *("address", "article", "aside", "dd", "details", "div", "dl", "dt", "figcaption", "figure"),
    *("footer", "header", "main", "nav", "section", "summary", "table", "td", "th", "tr"),
}
# Elements whose text is not for people to read.
_SILENT = {
    name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE | re.ASCII)
    for name in (
        *("iframe", "math", "noembed", "noframes", "object", "script", "select", "style", "svg"),
        *("template", "textarea", "title", "xmp"),
    )
}
_ALIASES = {
    **dict.fromkeys(_PARAGRAPHS, "p"),
    **{"strike": "s", "ins": "u", "kbd": "code", "samp": "code", "tt": "code"},
}

_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)", re.ASCII)
_ATTRIBUTE = re.compile(
    r"[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)))?",
    re.ASCII,
)
_END = re.compile(r"[\s/]*+>", re.ASCII)
_LINK = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,6}", re.ASCII)
# Parsers join text in quadratic time; a comment makes them begin anew.
_BREATHER = "<!---->"
_PIECES_IN_A_ROW = 512


def tidy(html: str) -> str:
    """Return the HTML with only allowed tags, each closed, at most `MAX_DEPTH` deep.

    Headings become bold paragraphs, other blocks plain ones. Takes linear time and never raises.
    """
    writer = _Writer()
    at = 0
    while True:
        sign = html.find("<", at)
        if sign < 0:
            writer.text(html[at:])
            return writer.whole()
        if sign > at:
            writer.text(html[at:sign])
        at = _markup(html, sign, writer)


def _markup(html: str, at: int, writer: "_Writer") -> int:
    """Take what begins with the `<` at `at`; return where it ends."""
    name = _NAME.match(html, at)
    if name is None:
        return _no_tag(html, at, writer)
    tag = name[2].lower()
    attributes, end = _attributes(html, name.end())
    if name[1]:
        writer.close(tag)
    elif tag in _SILENT and not html.startswith("/>", end - 2):
        closing = _SILENT[tag].search(html, end)
        return closing.start() if closing else len(html)
    elif end <= len(html):
        writer.open(tag, attributes)
    return end


def _no_tag(html: str, at: int, writer: "_Writer") -> int:
    if html.startswith("<!--", at):
        end, length = html.find("-->", at + 4), 3
    elif html.startswith(("<!", "<?", "</"), at):
        end, length = html.find(">", at), 1
    else:
        writer.text("&lt;")
        return at + 1
    return len(html) if end < 0 else end + length


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """Return the attributes from `at` to the end of the tag, the first of each name, and the end.

    A tag that never ends takes the rest of the text with it, as in a browser.
    """
    found: dict[str, str] = {}
    while (end := _END.match(html, at)) is None:
        match = _ATTRIBUTE.match(html, at)
        if match is None:
            return {}, len(html) + 1
        at = match.end()
        name = match[1].lower()
        if name in _KEPT and name not in found:
            value = match[2] or match[3] or match[4] or ""
            found[name] = value if len(value) <= MAX_ATTRIBUTE else ""
    return found, end.end()


_KEPT = frozenset({"class", "href", "rel", "reversed", "start", "value"})


@dataclass(slots=True)
class _Element:
    tag: str
    begins: int
    """Where in the output its opening tag is."""
    written: int
    """How much text there was before it: if it is still that much at its end, it was empty."""


class _Writer:
    """Puts tags and texts one after another so that they nest."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[_Element] = []
        self._texts = 0
        self._words = 0
        self._pieces = 0

    def whole(self) -> str:
        """Close what is open and return everything."""
        self._close_down_to(0)
        return "".join(self._out)

    def text(self, text: str) -> None:
        """Add a text; it may hold entities but no `<`."""
        if self._out and self._out[-1] == "<pre>":
            text = text.lstrip("\r\n")
        if not text:
            return
        self._texts += 1
        if not text.isspace():
            self._words += 1
        self._pieces += 1 + text.count("&")
        if self._pieces > _PIECES_IN_A_ROW:
            text = _with_breathers(text)
            self._pieces = 0
        self._out.append(text)

    def open(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element, or do what is done here in its place."""
        known = _ALIASES.get(tag, tag)
        if known == "br":
            self._texts += 1
            self._words += 1
            self._add("<br>")
        elif known in BLOCKS:
            self._begin_block(known, attributes)
            if tag in _HEADINGS:
                self._begin("strong", "")
        elif known == "hr":
            self._end_paragraph()
        elif known in INLINE:
            self._begin_inline(known, attributes)

    def close(self, tag: str) -> None:
        """End the nearest such element, if there is one, and with it what was begun within."""
        tag = _ALIASES.get(tag, tag)
        if tag == "p":
            self._end_paragraph()
        elif tag in BLOCKS:
            self._end_within(tag, frozenset())
        elif tag in INLINE:
            self._end_within(tag, BLOCKS)

    def _begin_block(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._place("pre", frozenset()) is not None:
            return
        if tag == "li":
            place = self._place_of_list()
            if place is None:
                tag = "p"
            else:
                self._close_down_to(place + 1)
        self._end_paragraph()
        self._begin(tag, _numbers(tag, attributes))

    def _begin_inline(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "a":
            if not _LINK.match(attributes.get("href", "").strip()):
                return
            self._end_within("a", BLOCKS)
            if self._place("a", frozenset()) is not None:
                return
            around = _link(attributes), _relation(attributes)
        else:
            around = "", ""
        self._begin(tag, around[0] + _classes(tag, attributes) + around[1])

    def _begin(self, tag: str, attributes: str) -> None:
        if len(self._open) < MAX_DEPTH:
            written = self._words if tag in BLOCKS else self._texts
            self._open.append(_Element(tag, len(self._out), written))
            self._add(f"<{tag}{attributes}>")

    def _end_paragraph(self) -> None:
        self._end_within("p", BLOCKS - {"p"})

    def _end_within(self, tag: str, walls: frozenset[str]) -> None:
        place = self._place(tag, walls)
        if place is not None:
            self._close_down_to(place)

    def _place(self, tag: str, walls: frozenset[str]) -> int | None:
        """Return where the innermost open `tag` is, not looking beyond any of `walls`."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag == tag:
                return place
            if self._open[place].tag in walls:
                return None
        return None

    def _place_of_list(self) -> int | None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag in {"ul", "ol"}:
                return place
            if self._open[place].tag == "blockquote":
                return None
        return None

    def _close_down_to(self, place: int) -> None:
        while len(self._open) > place:
            element = self._open.pop()
            if element.written == (self._words if element.tag in BLOCKS else self._texts):
                del self._out[element.begins :]
            else:
                self._add(f"</{element.tag}>")

    def _add(self, markup: str) -> None:
        self._pieces = 0
        self._out.append(markup)


def _with_breathers(text: str) -> str:
    pieces = text.split("&")
    rows = [
        "&".join(pieces[at : at + _PIECES_IN_A_ROW])
        for at in range(0, len(pieces), _PIECES_IN_A_ROW)
    ]
    return _BREATHER + f"{_BREATHER}&".join(rows)


def _link(attributes: Mapping[str, str]) -> str:
    href = attributes.get("href", "").strip()
    return f' href="{_quoted(href)}"'


def _classes(tag: str, attributes: Mapping[str, str]) -> str:
    names = [name for name in attributes.get("class", "").split() if name in CLASSES.get(tag, ())]
    return f' class="{" ".join(dict.fromkeys(names))}"' if names else ""


def _relation(attributes: Mapping[str, str]) -> str:
    is_tag = "tag" in attributes.get("rel", "").lower().split()
    return f' rel="{"tag " if is_tag else ""}{NOFOLLOW}"'


def _numbers(tag: str, attributes: Mapping[str, str]) -> str:
    found = ""
    for name in {"ol": ("start",), "li": ("value",)}.get(tag, ()):
        value = attributes.get(name, "").strip()
        if _WHOLE_NUMBER.fullmatch(value):
            found += f' {name}="{value}"'
    if tag == "ol" and "reversed" in attributes:
        found += ' reversed=""'
    return found


def _quoted(value: str) -> str:
    return value.replace('"', "&quot;")
