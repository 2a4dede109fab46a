"""HTML that comes in is harmless, HTML that goes out is plain, and neither ever takes long."""

import gc
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.html import clean, cut, excerpt, from_markdown, text_of

REL = 'rel="nofollow noopener ugc"'
ALLOWED = {
    *("p", "br", "strong", "em", "b", "i", "u", "s", "del", "a", "span", "ul", "ol", "li"),
    *("blockquote", "pre", "code"),
}
ATTRIBUTES = {
    "a": {"href", "class", "rel"},
    "span": {"class"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}


class Inspector(HTMLParser):
    """Fails where a tag, an attribute or an address is there that must not be; minds nesting."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= ATTRIBUTES.get(tag, set())
        if tag == "a":
            found = dict(attrs)
            assert (found.get("href") or "").lower().startswith(("http://", "https://", "mailto:"))
            assert (found["rel"] or "").removeprefix("tag ") == "nofollow noopener ugc"
        if tag != "br":
            self.open.append(tag)
            self.depth = max(self.depth, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def inspect(html: str) -> None:
    """Fail where the HTML is not what we promise."""
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    assert inspector.open == []
    assert inspector.depth <= 24


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("<style>p{}</style>x<title>y</title>", "x"),
        ("<svg><a href='https://a.example/'>y</a></svg>x", "x"),
        ("<iframe src='https://a.example/'>y</iframe>x", "x"),
        ("<script>alert(1)", ""),
        ("<!-- <p>x</p> -->y<!doctype html><?php z ?>", "y"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<p onclick='alert(1)' style='color:red' id=x>x</p>", "<p>x</p>"),
        ("<a href='javascript:alert(1)'>x</a>", "x"),
        ("<a href='JaVaScRiPt:alert(1)'>x</a>", "x"),
        ("<a href=' \x01javascript:alert(1)'>x</a>", "x"),
        ("<a href='java\nscript:alert(1)'>x</a>", "x"),
        ("<a href='&#106;avascript:alert(1)'>x</a>", "x"),
        ("<a href='data:text/html,x'>x</a>", "x"),
        ("<a href='/sign-out'>x</a>", "x"),
        ("<a href='//evil.example/'>x</a>", "x"),
        ("<a href='https:evil'>x</a>", "x"),
        ("<a>x</a>", "x"),
        ('<form action="/x"><input name=a>x</form>', "x"),
        ("<<b>script>alert(1)</b>", "&lt;<b>script&gt;alert(1)</b>"),
        ("<p>a<b>c</p>d", "<p>a<b>c</b></p>d"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("\x00x\ud800y", "x?y"),
        ("<math><mtext><table><mglyph><style><img src onerror=alert(1)>", ""),
        ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", ""),
        ("</p></blockquote>x", "x"),
        ("<p title='a > b'>x</p>", "<p>x</p>"),
        ("<p", ""),
        ("x<a href='https://a.example/", "x"),
    ],
)
def test_nothing_but_the_allowed_passes(dirty: str, expected: str) -> None:
    """Tags, attributes, addresses, comments, broken markup (case 23)."""
    assert clean(dirty) == expected
    inspect(clean(dirty))


def test_links_are_marked() -> None:
    """They give nobody credit; a hashtag still says that it is one."""
    assert clean('<a href="https://a.example/?b=1&c=2" rel="me" target=_blank>x</a>') == (
        f'<a href="https://a.example/?b=1&amp;c=2" {REL}>x</a>'
    )
    assert clean("<a href=mailto:a@b.example>x</a>") == f'<a href="mailto:a@b.example" {REL}>x</a>'
    assert clean("<a href='http://a.example/' class='mention hashtag evil' rel='tag'>#</a>") == (
        '<a href="http://a.example/" class="mention hashtag" rel="tag nofollow noopener ugc">#</a>'
    )


def test_a_post_of_mastodon_passes_as_it_is() -> None:
    """But for what makes no difference to a reader."""
    post = (
        '<p><span class="h-card"><a href="https://a.example/@wren" class="u-url mention" '
        f"{REL}>@<span>wren</span></a></span> one<br>two</p><blockquote><p>three</p></blockquote>"
        '<ol start="3" reversed=""><li value="5">four</li></ol><pre><code>five\n</code></pre>'
        '<p><span class="invisible">https://</span><span class="ellipsis">a.example/b</span></p>'
    )
    assert clean(post) == post


def test_what_parts_things_elsewhere_parts_them_here() -> None:
    """Headings, divisions, table cells: paragraphs; entries without a list too."""
    assert clean("<h2>Aim</h2><div>a</div><div>b</div>") == (
        "<p><strong>Aim</strong></p><p>a</p><p>b</p>"
    )
    assert clean("<table><tr><td>a<td>b</table>") == "<p>a</p><p>b</p>"
    assert clean("<li>a<li>b") == "<p>a</p><p>b</p>"
    assert clean("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>") == (
        "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"
    )
    assert clean("<div><p>a</p></div><p> </p><hr>b") == "<p>a</p>b"
    assert clean("<strike>a</strike><ins>b</ins><kbd>c</kbd>") == "<s>a</s><u>b</u><code>c</code>"


fragments = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<a href='https://a.example/'>", "</a>", "<ul>", "<li>"),
        *("</li>", "</ul>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<br>", "<h1>"),
        *("</h1>", "<div>", "</div>", "<span class='mention'>", "</span>", "<script>", "</script>"),
        *("<svg>", "</svg>", "<table>", "<td>", "<select>", "<option>", "<!--", "-->", "<", ">"),
        *("&", "&amp;", "&lt;", "&#60;", '"', "'", "=", " ", "\n", "x", "<a ", "href=", "/", "<p "),
        *("<math>", "<mtext>", "<template>", "<code>", "</code>", "<img src=x onerror=y>", "\x00"),
    ]
)
dirt = st.lists(fragments | st.text(max_size=5), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(dirt)
def test_any_text_becomes_harmless(html: str) -> None:
    """Well nested, allowed only; cleaning again changes nothing that shows."""
    cleaned = clean(html)
    inspect(cleaned)
    assert without_empty(clean(cleaned)) == without_empty(cleaned)


def without_empty(html: str) -> str:
    """Leave out elements that hold nothing: they show nothing."""
    less = re.sub(r"<([a-z]+)[^<>]*></\1>", "", html)
    return less if less == html else without_empty(less)


def test_cleaning_again_may_drop_what_is_empty() -> None:
    """The first time leaves an empty element where a block began inside it."""
    assert without_empty(clean("<code><p> ")) == without_empty(clean(clean("<code><p> ")))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=200) | dirt, st.integers(0, 60))
def test_nothing_ever_throws(text: str, limit: int) -> None:
    """Also for lone surrogates, control characters and limits of nothing."""
    inspect(from_markdown(text))
    inspect(clean(cut(text, limit, "https://hub.example/stories/1")))
    assert len(excerpt(text, limit)) <= max(limit, 1)
    assert "\n\n\n" not in text_of(text)


HOSTILE: dict[str, Callable[[int], str]] = {
    "nested blocks": lambda n: "<blockquote>" * (n // 12),
    "nested divisions": lambda n: "<div>x" * (n // 6),
    "nested lists": lambda n: "<ul><li>x" * (n // 9),
    "formatting that never ends": lambda n: "<p><b><i>x" * (n // 10),
    "formatting of many kinds": lambda n: "".join(f"<p><font size={i}>" for i in range(n // 16)),
    "formatting, then paragraphs": lambda n: "<b id=1>" * (n // 16) + "<p>x" * (n // 8),
    "links in links": lambda n: "<a href=https://a.example/>x" * (n // 28),
    "ends without beginnings": lambda n: "<div>" * (n // 10) + "</p>" * (n // 8),
    "crossing ends": lambda n: "<b><div>" * (n // 16) + "</b>" * (n // 8),
    "ampersands": lambda n: "&" * n,
    "entities": lambda n: "&amp;" * (n // 5),
    "ampersands between tags": lambda n: "&<x>" * (n // 4),
    "an endless number": lambda n: "&#" + "9" * n,
    "signs": lambda n: "<" * n,
    "tags that never end": lambda n: "<a " * (n // 3),
    "many attributes": lambda n: "<a " + " ".join(f"a{i}=1" for i in range(n // 8)) + ">",
    "open quotes": lambda n: "<a b='<a b=\"" * (n // 12),
    "an endless value": lambda n: "<a href='" + "x" * n,
    "spaces in a tag": lambda n: "<a" + " " * n + "<b",
    "comments that never end": lambda n: "<!--" * (n // 4),
    "scripts that never end": lambda n: "<script>" * (n // 8),
    "scripts that nearly end": lambda n: "<script></scrip" * (n // 15),
    "tables": lambda n: "<table><td>x" * (n // 12),
    "spaces": lambda n: " " * n,
    "lines": lambda n: "<p> \n" * (n // 6),
}


def cost(work: Callable[[str], object], text: str) -> float:
    """Return the CPU seconds of the fastest of several runs, without the garbage collector's."""
    spent: list[float] = []
    for _ in range(2):
        gc.disable()
        start = time.thread_time()
        work(text)
        spent.append(time.thread_time() - start)
        gc.enable()
    return min(spent)


def is_linear(work: Callable[[str], object], attack: Callable[[int], str], size: int) -> bool:
    """Tell whether twice the input takes at most two and a half times the CPU.

    A busy machine may spoil one measurement, but not each of four; what takes quadratic time fails
    them all.
    """
    for _ in range(4):
        once, twice = (cost(work, attack(length)) for length in (size, 2 * size))
        if twice <= max(2.5 * once, 0.004):
            return True
    return False


@pytest.mark.parametrize("attack", HOSTILE)
@pytest.mark.parametrize("work", [clean, text_of], ids=["clean", "text_of"])
def test_hostile_html_takes_linear_time(work: Callable[[str], str], attack: str) -> None:
    """Whatever makes HTML parsers slow (case 24)."""
    assert is_linear(work, HOSTILE[attack], 24_000)


def test_a_mebibyte_of_malice_is_dealt_with() -> None:
    """The last doubling is no worse than the first."""
    assert is_linear(clean, HOSTILE["formatting of many kinds"], 2**19)


@pytest.mark.parametrize(
    "pattern", ["[a](", "*a **a ", "`a", "> ", "- a\n", "<a ", "[", "https://"]
)
def test_hostile_markdown_takes_linear_time(pattern: str) -> None:
    """Whatever makes Markdown parsers slow (case 24)."""
    assert is_linear(from_markdown, lambda size: pattern * (size // len(pattern)), 8_000)


def test_text_is_what_a_reader_reads() -> None:
    """Paragraphs, lines and entries stay apart; entities are what they stand for."""
    html = (
        "<p>Mum  was\n sent&nbsp;home</p><p>one<br>two &lt;3 &amp;amp;</p>"
        "<ul><li>a</li><li>b</li></ul><p>c</p><pre>x\n  y</pre>"
    )
    assert text_of(html) == ("Mum was sent\u00a0home\n\none\ntwo <3 &amp;\n\n- a\n- b\n\nc\n\nx\ny")
    assert text_of("Tom & Jo <3") == "Tom & Jo <3"
    assert text_of("") == ""


def test_an_excerpt_ends_between_words() -> None:
    """On one line, no longer than asked for."""
    assert excerpt("<p>one two</p><p>three</p>", 13) == "one two three"
    assert excerpt("<p>one two</p><p>three</p>", 12) == "one two…"
    assert excerpt("<p>one, two</p>", 6) == "one…"
    assert excerpt("abcdefghij", 5) == "abcd…"


def test_a_long_text_is_cut_at_a_paragraph() -> None:
    """With a link to the rest; a short one is left alone."""
    html = "<p>aaaa</p><ul><li>bbbb</li><li>cccc</li></ul><p>dddd</p>"
    link = "https://hub.example/stories/1?a&b"
    more = '<p><a href="https://hub.example/stories/1?a&amp;b">Read on</a></p>'
    assert cut(html, 16, link) == html
    assert cut(html, 15, link) == f"<p>aaaa</p><ul><li>bbbb</li><li>cccc</li></ul>{more}"
    assert cut(html, 11, link) == f"<p>aaaa</p>{more}"
    assert cut("<p>one two three</p>", 9, link) == f"<p>one two…</p>{more}"


def test_markdown_becomes_simple_html() -> None:
    """Headings are bold paragraphs, a line's end is one, rules are left out."""
    assert from_markdown("# A\n\nb *c* **d**\ne\n\n---\n\n- f\n- g\n\n> h\n\n1. `i`") == (
        "<p><strong>A</strong></p>\n<p>b <em>c</em> <strong>d</strong><br>\ne</p>\n\n"
        "<ul>\n<li>f</li>\n<li>g</li>\n</ul>\n<blockquote>\n<p>h</p>\n</blockquote>\n"
        "<ol>\n<li><code>i</code></li>\n</ol>\n"
    )


def test_html_and_pictures_in_markdown_are_text() -> None:
    """Nobody smuggles markup in."""
    assert from_markdown("<b>x</b> <script>y</script>") == (
        "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;y&lt;/script&gt;</p>\n"
    )
    assert "<img" not in from_markdown("![x](https://a.example/b.png)")
    assert from_markdown("[x](javascript:alert(1))") == "<p>[x](javascript:alert(1))</p>\n"
    assert from_markdown("[x](/sign-out)") == "<p>x</p>\n"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("see https://a.example/b_c.", "https://a.example/b_c"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("http://a.example/?b=1&c=2!", "http://a.example/?b=1&amp;c=2"),
    ],
)
def test_bare_addresses_become_links(written: str, address: str) -> None:
    """Without what ends the sentence."""
    assert f'<a href="{address}" {REL}>{address}</a>' in from_markdown(written)


def test_handles_and_hashtags_are_linked_where_they_are_text() -> None:
    """Not in code, not within links; what is passed is escaped already."""
    seen: list[str] = []

    def linked(text: str) -> str:
        seen.append(text)
        return text.replace("#a", '<a href="https://hub.example/topics/a" rel="tag">#a</a>')

    html = from_markdown("#a & `#a` [#a](https://b.example/) https://c.example/#a", linked=linked)
    assert html.count('rel="tag ') == 1
    assert seen[0] == "#a &amp; "
    assert "<code>#a</code>" in html
