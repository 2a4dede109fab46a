"""How channels are called, and which a post belongs to."""

import re

from hypothesis import given
from hypothesis import strategies as st

from server.channels.rules import CHANNELS, belonging, experiment, place, topic
from server.posts.rules import slug

HANDLE = re.compile(r"[a-z0-9_]+([a-z0-9_.-]*[a-z0-9_]+)?")
"""What Mastodon takes as a name."""


def test_each_kind_of_channel_has_its_own_handles() -> None:
    """And its page is its id."""
    assert topic("homecare", "HomeCare").username == "topic.homecare"
    assert place(slug("Low Marsh"), "Low Marsh").username == "place.low-marsh"
    tried = experiment("/experiments/01J9ZB", "A knock")
    assert (tried.path, tried.username) == ("/experiments/01J9ZB/channel", "try.01j9zb")


def test_words_with_other_letters_are_in_punycode() -> None:
    """Others read only ASCII in a handle; the address is escaped."""
    found = place(slug("Ynys Môn"), "Ynys Môn")
    assert found.username == "place.xn--ynys-mn-y0a"
    assert found.path == "/places/ynys-m%C3%B4n"
    assert topic("bücher", "Bücher").username == "topic.xn--bcher-kva"


def test_a_place_is_found_however_it_is_written() -> None:
    """Its name in an address leaves out what is no letter or digit."""
    assert slug(" St. Ives’s  Bay ") == slug("st-ivess bay") == "st-ivess-bay"
    assert slug("--xn--a--") == "xn-a"
    assert slug("…") == ""


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30))
def test_any_word_makes_a_name_that_others_take(word: str) -> None:
    """In ASCII, with inner dots and hyphens only; no other word makes the same."""
    made = place(slug(word) or "x", word).username
    assert HANDLE.fullmatch(made), made
    if made.startswith("place.xn--"):
        read = made.removeprefix("place.xn--").encode().decode("punycode")
        assert read == slug(word)


def test_a_post_has_so_many_topics_at_most_each_once() -> None:
    """In the order that it names them; a name too long for a handle is left out."""
    topics = [("long" * 40, "Long"), *((f"t{n}", f"T{n}") for n in [1, 1, *range(2, 50)])]
    own = [experiment("/experiments/01J9ZB", "A knock")]
    found = belonging(topics, [("leith", "Leith")], own)
    assert [one.title for one in found] == [
        *(f"#T{n}" for n in range(1, CHANNELS)), "Leith", "A knock",
    ]  # fmt: skip
