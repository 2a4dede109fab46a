"""What whoever looks after the hub is asked."""

from dataclasses import replace
from typing import Any

from server.hub import rules
from server.hub.rules import PAGE_LIMIT, TITLES, Page
from server.hub.service import FirstSteward, Look
from server.people import rules as people_rules
from server.people.forms import NAME_HINT, PASSWORD_HINT
from server.people.rules import SignUps
from server.web import colours
from server.web.colours import DEFAULT_BRIGHT, DEFAULT_DEEP
from server.web.forms import Area, Choice, Colour, Email, File, Form, Secret, Text, Tick

SIGN_UPS = (
    (SignUps.INVITATION, "People who are invited"),
    (SignUps.OPEN, "Anybody"),
    (SignUps.CLOSED, "Nobody just now"),
)


class LookForm(Form):
    """How the hub looks and what it says of itself."""

    name = Text(
        "What is the hub called?",
        hint="Like “Kelderby Together”.",
        required="Give the hub a name",
        limit=rules.NAME_LIMIT,
    )
    tagline = Text(
        "What is it, in one line?",
        hint="Like “How care goes in and around Kelderby”.",
        limit=rules.TAGLINE_LIMIT,
    )
    words = Area(
        "Say welcome in two sentences",
        hint="Who this is for, and what they will find. You can use Markdown.",
        limit=rules.WORDS_LIMIT,
    )
    colour_hub = Colour(
        "A deep colour",
        hint="For links and buttons. White words on it have to be easy to read.",
        required="Choose a deep colour",
    )
    colour_hub_2 = Colour(
        "A bright colour",
        hint="For marks and washes. Dark words on it have to be easy to read.",
        required="Choose a bright colour",
    )
    crisis = Area(
        "Where can people turn in an emergency?",
        hint="Numbers and addresses that you have checked yourself. It is shown to people before "
        "they tell a story. Nothing is shown while this is empty.",
        limit=rules.CRISIS_LIMIT,
    )
    contact = Email(
        "An e-mail address for questions",
        hint="Anybody can read it.",
        limit=people_rules.EMAIL_LIMIT,
    )
    footer = Text(
        "Who looks after the hub?",
        hint="At the foot of each page. Like “Looked after by seven people who live or work in "
        "Kelderby.”",
        limit=rules.FOOTER_LIMIT,
    )
    sign_ups = Choice("Who may join?", SIGN_UPS, required="Choose who may join")

    def check(self) -> None:
        """See that everybody can read the colours, and offer the nearest that they can."""
        deep, bright = self.colour_hub, self.colour_hub_2
        if deep and not colours.deep_enough(deep):
            self.wrong(
                "colour_hub",
                f"White on this colour is hard to read: its contrast is "
                f"{colours.contrast(deep, colours.WHITE):.1f} and has to be {colours.ENOUGH:.0f} "
                f"to 1. A deeper one that works is {colours.deepened(deep)}",
            )
        if bright and not colours.bright_enough(bright):
            self.wrong(
                "colour_hub_2",
                f"Dark words on this colour are hard to read: its contrast is "
                f"{colours.contrast(bright, colours.ON_BRIGHT):.1f} and has to be "
                f"{colours.ENOUGH:.0f} to 1. A brighter one that works is "
                f"{colours.brightened(bright)}",
            )

    def look(self) -> Look:
        """Return what was typed."""
        return Look(
            name=self.name, tagline=self.tagline, words=self.words, footer=self.footer,
            crisis=self.crisis, contact=self.contact, colour_hub=self.colour_hub,
            colour_hub_2=self.colour_hub_2,
        )  # fmt: skip


class SettingsForm(LookForm):
    """The same, once the hub is there."""

    logo = File("A picture for the hub", hint="Square is best. Up to 10 MB.")
    shows_neighbours = Tick(
        "Tell other hubs whom this one follows and knows",
        hint="So that hubs find each other without a register. They learn addresses, nothing else.",
    )
    discoverable = Tick(
        "Let other hubs be told of this one",
        hint="Untick this, and it is proposed to nobody. Whoever has its address can still follow.",
    )

    def look(self) -> Look:
        """Return what was typed and ticked."""
        return replace(
            super().look(), shows_neighbours=self.shows_neighbours, discoverable=self.discoverable
        )


class SetUpForm(LookForm):
    """A new hub and its first account."""

    handle = Text(
        "The hub's short name",
        hint="People follow the hub by it, from here or from Mastodon. It can't be changed later.",
        required="Choose a short name for the hub",
        limit=60,
    )
    display_name = Text(
        "What should people call you?",
        required="Write what people should call you",
        limit=people_rules.DISPLAY_NAME_LIMIT,
        autocomplete="name",
    )
    person = Text(
        "A short name for your own page",
        hint=NAME_HINT,
        required="Choose a short name for yourself",
        limit=60,
        autocomplete="username",
    )
    email = Email(
        "Your e-mail address",
        hint="If you like. Nobody else sees it.",
        limit=people_rules.EMAIL_LIMIT,
        autocomplete="email",
    )
    password = Secret(
        "Choose a password",
        hint=PASSWORD_HINT,
        required="Choose a password",
        limit=2_000,
        autocomplete="new-password",
    )

    def steward(self) -> FirstSteward:
        """Return the first account as it was typed."""
        return FirstSteward(
            name=self.person, display_name=self.display_name, email=self.email,
            password=self.password,
        )  # fmt: skip


BEGINNING: dict[str, Any] = {
    "colour_hub": DEFAULT_DEEP,
    "colour_hub_2": DEFAULT_BRIGHT,
    "handle": rules.DEFAULT_HANDLE,
    "sign_ups": str(SignUps.INVITATION),
}
"""What the set-up page shows to begin with."""


class WordsForm(Form):
    """The longer pages."""

    about = Area(TITLES[Page.ABOUT], limit=PAGE_LIMIT, rows=10)
    rules = Area(TITLES[Page.RULES], limit=PAGE_LIMIT, rows=10)
    privacy = Area(TITLES[Page.PRIVACY], limit=PAGE_LIMIT, rows=10)
    accessibility = Area(TITLES[Page.ACCESSIBILITY], limit=PAGE_LIMIT, rows=10)
    contact = Area(TITLES[Page.CONTACT], limit=PAGE_LIMIT, rows=10)

    def texts(self) -> dict[Page, str]:
        """Return what was typed, by page; emptied ones go back to what comes with Fettle."""
        return {page: str(self.values[str(page)]) for page in Page}
