"""What people fill in to respond, and to thank."""

import re

from server.posts.rules import Visibility
from server.responses.rules import (
    CHANGES,
    SAYS_ENOUGH,
    TEXT_LIMIT,
    WORDS,
    YEARS,
    Response,
    ResponseKind,
)
from server.web.forms import Area, Choice, Form, Link, Text, read_date

OFFERED = tuple((str(kind), WORDS[kind]) for kind in ResponseKind)
SEEN_BY = (
    (str(Visibility.PUBLIC), "Everybody"),
    (str(Visibility.UNLISTED), "Everybody, but not in lists"),
    (str(Visibility.DIRECT), "Only whoever wrote it"),
)


THANKS_SEEN_BY = (
    (str(Visibility.PUBLIC), "Everybody"),
    (str(Visibility.DIRECT), "Only whom I thank"),
)
ACCOUNT = re.compile(r"@.+|https?://.+|[^\s@]+@[^\s@]+", re.IGNORECASE)
"""What names an account rather than saying in words who is meant."""


class ThanksForm(Form):
    """Thanks for what is no post."""

    whom = Text(
        "Whom do you thank?",
        hint="Their handle, like @ida@example.org. Or in words: the night team on ward 4.",
        required="Say whom you thank",
        limit=320,
    )
    thanked_for = Text(
        "What for?",
        hint="It goes on from “Thank you for”: staying until the lift was mended.",
        required="Say in a few words what for",
        limit=200,
    )
    text = Area("A few words to them", hint="If you like.", rows=4, limit=TEXT_LIMIT)
    visibility = Choice("Who may read it?", THANKS_SEEN_BY)

    @property
    def names_an_account(self) -> bool:
        """Whether whoever is thanked is named by an account."""
        return ACCOUNT.fullmatch(self.whom) is not None

    def check(self) -> None:
        """Ask for an account where nobody else is to read it."""
        if self.visibility == Visibility.DIRECT and self.whom and not self.names_an_account:
            self.wrong("whom", "To thank somebody in private, give their handle")


class ResponseForm(Form):
    """A reply, with what it is meant as."""

    text = Area("Write a reply", rows=4, limit=TEXT_LIMIT)
    kind = Choice("What is it?", OFFERED, as_list=True, hint="You can leave this out.")
    change = Area(
        "What changes, or has changed?",
        hint="Only if you chose a change. It is kept as a promise.",
        rows=2,
        limit=2_000,
    )
    when = Text("By when, or when was it?", hint="A date like 28 February 2027, or 2027-02-28.")
    experiment = Link(
        "Where is the experiment?",
        hint="Only if you are trying something: the address of its page.",
        limit=2_000,
    )
    on_behalf_of = Text("On behalf of", hint="A team or place, if you speak for one.", limit=200)
    interests = Area(
        "Is there anything people should know about you?",
        hint="Say so if you are paid for this, or stand to gain. It is shown.",
        rows=2,
        limit=2_000,
    )
    visibility = Choice("Who may read it?", SEEN_BY, as_list=True)

    def check(self) -> None:
        """Ask for words, and for what the change is where there is one."""
        kind = ResponseKind(self.kind) if self.kind else None
        if kind in CHANGES and not self.change:
            self.wrong("change", "Say what the change is")
        elif kind is ResponseKind.STARTED_EXPERIMENT:
            if not self.experiment:
                self.wrong("experiment", "Give the address of the experiment")
        elif kind not in SAYS_ENOUGH and not self.text:
            self.wrong("text", "Write a few words first")
        when = read_date(self.when)
        if self.when and (when is None or when.year not in YEARS):
            self.wrong("when", "Write a date like 28 February 2027")

    def response(self) -> Response:
        """Return what was filled in."""
        kind = ResponseKind(self.kind) if self.kind else None
        return Response(
            text=self.text,
            kind=kind,
            change=self.change if kind in CHANGES else "",
            when=read_date(self.when) if kind in CHANGES else None,
            experiment=self.experiment if kind is ResponseKind.STARTED_EXPERIMENT else "",
            on_behalf_of=self.on_behalf_of,
            interests=self.interests,
        )

    @classmethod
    def of(cls, response: Response) -> "ResponseForm":
        """Return the form that shows a response, to be changed."""
        return cls.filled(
            text=response.text, kind=response.kind or "", change=response.change,
            when=response.when.isoformat() if response.when else "",
            experiment=response.experiment, on_behalf_of=response.on_behalf_of,
            interests=response.interests,
        )  # fmt: skip
