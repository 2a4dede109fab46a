"""What people fill in so that they are left in peace, and stewards so that they can be."""

from server.safety.rules import DECISION_LIMIT, REASON_LIMIT, REPORT_LIMIT
from server.web.forms import Area, Form, Text, Tick


class BlockForm(Form):
    """Somebody to have nothing to do with."""

    whom = Text(
        "Whom do you want to block?",
        hint="A handle such as @name@server.example, or the address of their page.",
        required="Write a handle or an address",
        limit=2_000,
    )


class TurnAwayForm(Form):
    """A host or an actor that the hub has nothing to do with."""

    who = Text(
        "A server, or somebody",
        hint="A server such as server.example, with all under it such as people.server.example, or"
        " a handle such as @name@server.example.",
        required="Write a server or a handle",
        limit=2_000,
    )
    reason = Area(
        "Why?",
        hint="Only those who look after the hub see this. Say what happened, for whoever asks"
        " later.",
        rows=2,
        required="Say why, for whoever asks later",
        limit=REASON_LIMIT,
    )


class LetInForm(Form):
    """A button and nothing else."""


class ReportForm(Form):
    """Something that the stewards should look at."""

    reason = Area(
        "What is wrong with it?",
        hint="In your own words. Only those who look after this hub read it.",
        rows=4,
        required="Say in a few words what is wrong",
        limit=REPORT_LIMIT,
    )
    pass_on = Tick(
        "Also tell the server that it comes from. It gets your words, but not your name."
    )


class DecideForm(Form):
    """What was decided."""

    decision = Area(
        "What did you decide?",
        hint="And why. It is kept for three years, for whoever looks after this hub.",
        rows=3,
        required="Say in a few words what you decided",
        limit=DECISION_LIMIT,
    )
