"""What a saved view says, where it is, and how its choice is narrowed. Pure."""

from collections.abc import Container
from dataclasses import dataclass
from itertools import count

from server.errors import RefusedError
from server.posts.rules import slug
from server.search.rules.filter import Filter

NAME_LIMIT = 100
ABOUT_LIMIT = 1_000
"""Characters of the words about a view."""
SLUG_LIMIT = 60
"""Characters of its name in an address."""
VIEWS = 50
"""Views that one person keeps."""
TAKEN = frozenset({"new"})
"""Names in an address that mean something else."""


class TooManyViewsError(RefusedError):
    """You have saved as many views as one person can. Delete one that you no longer need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a view says of itself, and what it shows."""

    name: str
    about: str
    chosen: Filter
    is_public: bool
    """Whether it is for everybody; else only for those who are signed in here."""


def free_slug(name: str, used: Container[str]) -> str:
    """Return where a view of that name can be: `getting-home`, or `getting-home-2` where there is
    one.
    """
    plain = slug(name)[:SLUG_LIMIT].strip("-") or "view"
    numbered = (plain if n == 1 else f"{plain}-{n}" for n in count(1))
    return next(one for one in numbered if one not in used and one not in TAKEN)


def narrower(chosen: Filter, asked: Filter) -> Filter:
    """Return what of that which somebody asks for a view leaves open: it shows nothing that was not
    chosen for it.
    """
    told = asked.as_query()
    return Filter.read({
        name: value for name, value in told.items() if name == "text" or not getattr(chosen, name)
    })  # fmt: skip


def narrowed(chosen: Filter, asked: Filter) -> Filter:
    """Return what of a choice somebody asked to see: more words than it has, and what it leaves
    open.
    """
    words = " ".join(filter(None, [chosen.text, asked.text]))
    return Filter.read(asked.as_query() | chosen.as_query() | {"text": words})
