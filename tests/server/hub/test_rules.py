"""The pure parts of a hub."""

import pytest

from server.hub import rules, words
from server.hub.rules import Page, Section

FACTS = words.Facts(
    name="St *Hilda's* [ward]", host="hub.test", handle="@hub@hub.test", contact="hello@hub.test"
)


def test_a_page_is_cut_at_its_headings() -> None:
    """Whatever their level, so that the page's outline holds."""
    text = "Hello.\n\n# One #\nfirst\n\n###### Two\n\n\n#no heading\n"
    assert rules.sections(text) == [
        Section("", "Hello."),
        Section("One", "first"),
        Section("Two", "#no heading"),
    ]


def test_an_empty_page_has_no_sections() -> None:
    """Nor has one of white space."""
    assert rules.sections(" \n\n") == []


@pytest.mark.parametrize(
    ("host", "username"),
    [("hub.example", "hub.example"), ("localhost:8000", "localhost"), ("[::1]:80", "[::1]")],
)
def test_the_node_is_called_like_its_host(host: str, username: str) -> None:
    """Without a port."""
    assert rules.node_username(host) == username


@pytest.mark.parametrize("page", Page)
def test_every_page_has_words_from_the_beginning(page: Page) -> None:
    """With nothing left to fill in, and the name as it is, whatever signs are in it."""
    text = words.usual(page, FACTS)
    assert len(text) > 300
    assert "{" not in text
    assert "TODO" not in text
    assert "St *Hilda" not in text


def test_the_privacy_page_tells_what_people_need_to_know() -> None:
    """What is held, how long, cookies, and that copies may stay elsewhere."""
    text = words.usual(Page.PRIVACY, FACTS)
    for fact in ("Cookies", "30 days", "half a year", "Copies may stay there", "erased"):
        assert fact in text


def test_no_word_is_said_that_belongs_to_no_care() -> None:
    """Stories are no complaints, tickets or cases to be resolved."""
    for page in Page:
        text = words.usual(page, FACTS).lower()
        assert "ticket" not in text
        assert "resolved" not in text


def test_without_an_address_the_contact_page_says_so() -> None:
    """And what else can be done."""
    nobody = words.Facts(name="Hub", host="hub.test", handle="@hub@hub.test", contact="")
    text = words.usual(Page.CONTACT, nobody)
    assert "@hub@hub.test" in text
    assert "have not yet said" in text
