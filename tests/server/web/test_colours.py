"""The arithmetic of colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.colours import (
    DEFAULT_BRIGHT,
    DEFAULT_DEEP,
    ON_BRIGHT,
    bright_enough,
    brightened,
    contrast,
    deep_enough,
    deepened,
    is_colour,
)

COLOURS = st.from_regex(r"\A#[0-9a-f]{6}\Z")


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21, a colour on itself 1, and #777 on white the well-known 4.48."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#6a2450", "#6a2450") == 1
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@given(a=COLOURS, b=COLOURS)
def test_contrast_has_no_direction(a: str, b: str) -> None:
    """Which is the ink and which the paper makes no difference."""
    assert contrast(a, b) == contrast(b, a)


def test_the_default_colours_can_be_read() -> None:
    """A hub that sets nothing passes its own check."""
    assert deep_enough(DEFAULT_DEEP)
    assert bright_enough(DEFAULT_BRIGHT)


def test_pale_is_not_deep_and_dark_is_not_bright() -> None:
    """What could not be read is found."""
    assert not deep_enough("#e6a91f")
    assert not bright_enough("#6a2450")


@given(colour=COLOURS)
def test_any_colour_can_be_made_to_pass(colour: str) -> None:
    """The suggestion that is offered always passes, and leaves what passes alone."""
    assert deep_enough(deepened(colour))
    assert bright_enough(brightened(colour))
    assert deepened(colour) == colour or not deep_enough(colour)


@pytest.mark.parametrize("text", ["red", "#fff", "#12345", "#12345g", "", "#1234567", "#123456\n"])
def test_only_six_digits_are_a_colour(text: str) -> None:
    """Nothing else gets into the style sheet."""
    assert not is_colour(text)


def test_the_ink_on_the_bright_colour_is_that_of_the_style_sheet() -> None:
    """The check and the page speak of the same ink."""
    from server.web.static import FILES

    assert f"--on-warm: {ON_BRIGHT}".encode() in FILES["tokens.css"].body
