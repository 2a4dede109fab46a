"""What people fill in to save a view."""

from typing import Any

from server.search.pages.network import SAID
from server.search.rules.asking import ASKED
from server.search.rules.filter import VALUE, Filter
from server.views.rules.periods import Period
from server.views.rules.saving import ABOUT_LIMIT, NAME_LIMIT, Saying
from server.web.forms import Area, Choice, Form, Text, Tick

EVERYBODY, PEOPLE_HERE = "everybody", "people"
SEEN_BY = (
    (EVERYBODY, "Everybody"),
    (PEOPLE_HERE, "Only people with an account here"),
)


def _offered(name: str) -> list[tuple[str, str]]:
    return [(str(value), words) for value, words in SAID[name].items()]


class ViewForm(Form):
    """A view: its name, what it shows, whom it is for."""

    name = Text(
        "What would you call it?",
        hint="Its page and letters bear this name: Getting home from hospital.",
        required="Give the view a name",
        limit=NAME_LIMIT,
    )
    about = Area("What is it for?", hint="If you like, for whoever reads it.", limit=ABOUT_LIMIT)
    text = Text(
        "Words",
        hint="“In quotes” as they stand there; with a star what begins like that: discharge*",
        limit=ASKED,
    )
    kind = Choice("Kind of thing", _offered("kind"), as_list=True, nothing="Any")
    stage = Choice("Where an experiment stands", _offered("stage"), as_list=True, nothing="Any")
    measured = Tick("Only what is measured: the numbers got better")
    topic = Text("Topic", hint="Like discharge", limit=VALUE)
    place = Text("Place", hint="Like Low Marsh", limit=VALUE)
    organisation = Text("Organisation or team", limit=VALUE)
    hub = Text("Hub", hint="Its address, like hub.example", limit=VALUE)
    role = Choice("Who tells a story", _offered("role"), as_list=True, nothing="Any")
    seen_by = Choice("Who may see it?", SEEN_BY, required="Choose who may see it")

    def saying(self) -> Saying:
        """Return what was filled in."""
        names = ("text", "kind", "stage", "topic", "place", "organisation", "hub", "role")
        told = {name: str(self.values[name]) for name in names}
        return Saying(
            name=self.name, about=self.about, is_public=self.seen_by == EVERYBODY,
            chosen=Filter.read(told | ({"measured": "yes"} if self.measured else {})),
        )  # fmt: skip

    @classmethod
    def of(cls, saying: Saying) -> "ViewForm":
        """Return the form filled in with what a view says."""
        chosen: dict[str, Any] = {**saying.chosen.as_query(), "measured": saying.chosen.measured}
        return cls.filled(
            name=saying.name, about=saying.about,
            seen_by=EVERYBODY if saying.is_public else PEOPLE_HERE, **chosen,
        )  # fmt: skip


class LettersForm(Form):
    """How often letters about a view come."""

    NEVER = "never"
    often = Choice(
        "How often?",
        (
            (str(Period.DAILY), "Once a day, in the morning"),
            (str(Period.WEEKLY), "Once a week, on Monday morning"),
            (NEVER, "Never"),
        ),
        required="Choose how often",
    )
