"""Where views are, and how their choice is narrowed."""

import pytest

from server.search.rules.filter import Filter
from server.views.rules.saving import free_slug, narrowed, narrower


@pytest.mark.parametrize(
    ("name", "used", "slug"),
    [
        ("Getting home from hospital", set(), "getting-home-from-hospital"),
        ("Getting home", {"getting-home", "getting-home-2"}, "getting-home-3"),
        ("New", set(), "new-2"),
        ("✨", set(), "view"),
        ("Ünterwegs", set(), "ünterwegs"),
        ("a" * 70, set(), "a" * 60),
    ],
)
def test_an_address_is_made_of_the_name_and_is_nobody_elses(
    name: str, used: set[str], slug: str
) -> None:
    """Nor that of a page of ours."""
    assert free_slug(name, used) == slug


def test_a_view_can_be_narrowed_and_not_left() -> None:
    """What it says of itself stays."""
    chosen = Filter(text="discharge", stage="working")
    asked = Filter(text="tablets", stage="stopped", place="saltby", measured=True)
    open_to_ask = narrower(chosen, asked)
    assert open_to_ask == Filter(text="tablets", place="saltby", measured=True)
    assert (
        narrowed(chosen, open_to_ask)
        == narrowed(chosen, asked)
        == Filter(text="discharge tablets", stage="working", place="saltby", measured=True)
    )
    assert narrowed(chosen, Filter()) == chosen
