"""What people fill in to follow somebody."""

from server.web.forms import Form, Text


class FollowForm(Form):
    """Whom to follow: a handle or an address."""

    whom = Text(
        "Whom do you want to follow?",
        hint="A handle such as @hello@hub.example, or the address of their page.",
        required="Write a handle or an address",
        limit=2_000,
    )


class OwnServerForm(Form):
    """Where a visitor's own account is."""

    handle = Text(
        "What is your handle?",
        hint="It looks like @name@server.example. We take you to your own server, and forget it.",
        required="Write your handle",
        limit=320,
    )
    whom = Text("Whom to follow", limit=2_000)
