"""Lists of whom to follow: what other programs write is read, and what is no address is told."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.network.formats import Format
from server.network.formats.opml import BrokenOutlineError
from server.network.formats.reading import (
    MOST_BYTES,
    MOST_LINES,
    SHOWN,
    Line,
    TooLargeListError,
    TooLongListError,
    UnreadableListError,
    decoded,
    read,
)
from server.network.formats.writing import Listed, foot, head, line

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
MASTODON = (
    "Account address,Show boosts,Notify on new posts,Languages\n"
    "hub@low-marsh.example,true,false,\n"
    '"ann@there.test",true,false,"en, cy"\n'
    "nobody,true,false,\n"
)
OUTLINE = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Hubs</title></head><body>
<outline text="The north">
  <outline text="Kelderby" type="rss" xmlUrl="https://k.example/feed.atom"
    htmlUrl="https://k.example/"/>
  <outline text="@ann@there.test"/>
  <outline text="Not an address"/>
</outline></body></opml>"""

names = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-+", min_size=1, max_size=12)
hosts = st.sampled_from(["low-marsh.example", "there.test", "hub.example:8443", "xn--bcher-kva.de"])
somebody = st.builds(
    lambda name, user, host: Listed(name, user, host, f"https://{host}/people/{user}"),
    st.text(max_size=20), names, hosts,
)  # fmt: skip


def addresses(text: str) -> list[str]:
    return [one.address for one in read(text).lines]


def test_a_csv_of_mastodon_is_read_by_its_column() -> None:
    """Languages hold commas too, and are no addresses."""
    reading = read(MASTODON)
    assert reading.lines == [Line(2, "@hub@low-marsh.example"), Line(3, "@ann@there.test")]
    [problem] = reading.problems
    assert (problem.number, problem.text) == (4, "nobody")


def test_an_outline_is_read_by_its_pages_and_folders_are_none() -> None:
    """The page says who it is; a feed does not."""
    reading = read(OUTLINE)
    assert reading.lines == [Line(4, "https://k.example/"), Line(6, "@ann@there.test")]
    assert [one.number for one in reading.problems] == [7]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@hub@Low-Marsh.Example", "@hub@low-marsh.example"),
        ("hub@low-marsh.example", "@hub@low-marsh.example"),
        ("acct:hub@low-marsh.example", "@hub@low-marsh.example"),
        ("!nurses@lemmy.example", "@nurses@lemmy.example"),
        ("low-marsh.example", "https://low-marsh.example"),
        ("HTTPS://Low-Marsh.example/hub#top", "https://low-marsh.example/hub"),
        ("<hub@low-marsh.example>", "@hub@low-marsh.example"),
        ("Low Marsh carers: <hub@low-marsh.example>, since May", "@hub@low-marsh.example"),
    ],
)
def test_an_address_is_found_however_it_is_written(text: str, meant: str) -> None:
    """People paste what they have."""
    assert addresses(text) == [meant]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Low Marsh carers", "there is no address in this line"),
        ("nobody", "this is not a whole handle or address"),
        ("ann@", "this is not a whole handle or address"),
        ("https://user:secret@host.example/", "this is not a whole handle or address"),
        ("ftp://host.example/", "this is not a whole handle or address"),
        ("a@b.example\n\n# ours\nA@b.example", "the same as in line 1"),
    ],
)
def test_what_is_no_address_is_told_with_its_line_and_why(text: str, reason: str) -> None:
    """So that it can be put right."""
    [problem] = read(text).problems
    assert problem.reason == reason
    assert problem.number == len(text.splitlines())


def test_a_long_line_is_shown_back_cut() -> None:
    """A page is no place for a megabyte."""
    [problem] = read("x " * 10_000).problems
    assert len(problem.text) == SHOWN


def test_a_list_has_limits() -> None:
    """Each is said as what to do."""
    assert len(read("\n".join(f"a@h{n}.example" for n in range(MOST_LINES))).lines) == MOST_LINES
    with pytest.raises(TooLongListError):
        read("\n".join(f"a@h{n}.example" for n in range(MOST_LINES + 1)))
    for word in ("a@h{}.example", "a{}@"):  # in one line
        with pytest.raises(TooLongListError):
            read(" ".join(word.format(n) for n in range(MOST_LINES + 1)))
    with pytest.raises(TooLargeListError):
        decoded(b"x" * (MOST_BYTES + 1))
    with pytest.raises(UnreadableListError):
        decoded(b"\xff\xfea\x00")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE lolz [<!ENTITY a "aaaa">]><opml><body><outline text="&a;"/></body></opml>',
        "<opml><body><outline text='a@b.example'></body></opml>",
    ],
)
def test_an_outline_that_breaks_the_rules_is_refused(text: str) -> None:
    """Entities that stand for gigabytes among them."""
    with pytest.raises(BrokenOutlineError):
        read(text)


@given(st.text(max_size=400))
def test_every_line_that_holds_something_is_taken_or_refused(text: str) -> None:
    """Nothing that somebody gave vanishes without a word; nothing is taken twice."""
    if "<" in text or "account address" in text.lower():
        return
    reading = read(text)
    told = {one.number for one in reading.lines} | {one.number for one in reading.problems}
    lines = enumerate(text.splitlines(), 1)
    held = {n for n, one in lines if one.strip() and not one.lstrip().startswith("#")}
    assert told == held
    taken = [one.address for one in reading.lines]
    assert len(taken) == len({one.lower() if one[0] == "@" else one for one in taken})


@pytest.mark.parametrize("form", list(Format))
@given(everybody=st.lists(somebody, max_size=8, unique_by=lambda one: (one.username, one.host)))
def test_what_is_written_is_read_again(form: Format, everybody: list[Listed]) -> None:
    """A list goes out and comes back in, whatever the names."""
    text = head(form, "Whom we follow", AT) + "".join(line(form, one) for one in everybody)
    reading = read(text + foot(form))
    meant = [one.uri if form is Format.OPML else f"@{one.username}@{one.host}" for one in everybody]
    assert [one.address for one in reading.lines] == meant
    assert reading.problems == []
