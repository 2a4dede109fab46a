"""What people fill in so that they are left in peace."""

from server.safety.rules import REASON_LIMIT
from server.web.forms import Area, Form, Text


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
        hint="A server such as server.example, or a handle such as @name@server.example.",
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
