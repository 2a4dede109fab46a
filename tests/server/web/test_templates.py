"""What holds for every template of every feature."""

import re

import pytest

from server.charts import pictures
from server.web.rendering import TEMPLATES, environment
from server.web.static import FILES

PAGES = sorted(name for name in TEMPLATES if not name.startswith("tests/"))
ELSEWHERE = re.compile(r"<(?:img|link|script|iframe|source)\b[^>]*(?:src|href)=\"(?:https?:)?//")
STYLE = FILES["fettle.css"].body.decode()
OF_PICTURES = {"charts/picture.svg": pictures.STYLE.read_text()}
"""What is no page has a style of its own."""
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
CLASSES = re.compile(r'class="([^"{}]*)"')
HOOKS = {"mine", "h-card", "h-entry"}
"""Classes that are there for others to find, or to take the bullets off a list."""


def source(name: str) -> str:
    """Return a template without its comments."""
    return COMMENT.sub("", TEMPLATES[name])


@pytest.mark.parametrize("name", PAGES)
def test_it_compiles(name: str) -> None:
    """A slip of syntax is found before anybody asks for the page."""
    environment().get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_it_holds_no_style_no_script_and_nothing_from_elsewhere(name: str) -> None:
    """The security policy would stop them."""
    text = source(name)
    assert not re.search(r"\sstyle=|<style\b|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=\"\{\{ static\()", text)
    assert not ELSEWHERE.search(text)


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_is_sent_carries_the_token(name: str) -> None:
    """The macros bring it; a form written by hand has to."""
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source(name), re.DOTALL):
        assert "csrf()" in form


@pytest.mark.parametrize("name", PAGES)
def test_no_form_stands_in_a_paragraph(name: str) -> None:
    """A browser closes the paragraph before it, and the buttons fall out of their row."""
    for paragraph in re.findall(r"<p\b[^>]*>.*?</p>", source(name), re.DOTALL):
        assert "<form" not in paragraph
        assert "forms.press(" not in paragraph


@pytest.mark.parametrize("name", PAGES)
def test_its_classes_are_in_the_style_sheet(name: str) -> None:
    """A class that means nothing is a slip, or a look that was never made."""
    used = {word for match in CLASSES.findall(source(name)) for word in match.split()}
    style = OF_PICTURES.get(name, STYLE)
    unknown = {word for word in used - HOOKS if not re.search(rf"\.{re.escape(word)}\b", style)}
    assert unknown == set()


@pytest.mark.parametrize("name", PAGES)
def test_its_words_can_be_translated(name: str) -> None:
    """Words between tags stand in `_()` or in `trans`, in every page that people see."""
    if name == "macros/patterns.html" or not name.endswith(".html"):
        pytest.skip("for developers, or no page")
    text = re.sub(r"\{% trans.*?endtrans %\}", "", source(name), flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(title|code)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    text = re.sub(r'[\w-]+="[^"]*"', "", text)
    words = re.findall(r"(?<![/=\w-])[A-Za-z]{3,}(?![/=\w-])[^<>\n]*", text)
    assert words == []
