"""What people are asked about their accounts."""

from server.people import rules
from server.people.rules import MailPreference
from server.web.forms import Area, Choice, Email, File, Form, Hidden, Number, Secret, Text, Tick

NAME_HINT = "Small letters, digits and underscores. It can't be changed later."
PASSWORD_HINT = (
    f"At least {rules.PASSWORD_LEAST} characters. Three or four words that don't belong together "
    "are good."
)


def _own_password() -> Secret:
    """Return the field by which somebody shows again who they are, before what matters."""
    return Secret(
        "Your password",
        hint="So that we know it is you.",
        required="Write your password",
        limit=2_000,
        autocomplete="current-password",
    )


class SignInForm(Form):
    """Who are you?"""

    account = Text(
        "Your name here, or your e-mail address",
        required="Write your name or your e-mail address",
        limit=rules.EMAIL_LIMIT,
        autocomplete="username",
    )
    password = Secret(
        "Password",
        required="Write your password",
        limit=2_000,
        autocomplete="current-password",
    )
    next = Hidden()


class JoinForm(Form):
    """An account for somebody new."""

    display_name = Text(
        "What should people call you?",
        hint="Your own name, or any other.",
        required="Write what people should call you",
        limit=rules.DISPLAY_NAME_LIMIT,
        autocomplete="name",
    )
    name = Text(
        "A short name for your page",
        hint=NAME_HINT,
        required="Choose a short name",
        limit=60,
        autocomplete="username",
    )
    email = Email(
        "E-mail address",
        hint="If you like. For notifications, and for a new password if you forget yours.",
        limit=rules.EMAIL_LIMIT,
        autocomplete="email",
    )
    password = Secret(
        "Password",
        hint=PASSWORD_HINT,
        required="Choose a password",
        limit=2_000,
        autocomplete="new-password",
    )
    agreed = Tick("I have read the rules and the privacy page.", required="Tick this to go on")


class AskResetForm(Form):
    """Whose password was forgotten?"""

    account = Text(
        "Your name here, or your e-mail address",
        required="Write your name or your e-mail address",
        limit=rules.EMAIL_LIMIT,
        autocomplete="username",
    )


class ResetForm(Form):
    """A new password, by a link."""

    password = Secret(
        "New password",
        hint=PASSWORD_HINT,
        required="Choose a password",
        limit=2_000,
        autocomplete="new-password",
    )


class ProfileForm(Form):
    """What people say of themselves."""

    display_name = Text(
        "What people call you",
        required="Write what people should call you",
        limit=rules.DISPLAY_NAME_LIMIT,
        autocomplete="name",
    )
    summary = Area(
        "About you",
        hint="You can use Markdown. Anybody can read it.",
        limit=rules.SUMMARY_LIMIT,
    )
    picture = File("A picture", hint="JPEG, PNG, WebP or GIF, up to 10 MB. It is cut to a square.")
    picture_alt = Text("What the picture shows", hint="For those who can't see it.", limit=1_000)
    picture_remove = Tick("Take my picture away")
    line_1_name = Text("First line: what it is", limit=rules.FIELD_NAME_LIMIT)
    line_1_value = Text("First line: what it says", limit=rules.FIELD_VALUE_LIMIT)
    line_2_name = Text("Second line: what it is", limit=rules.FIELD_NAME_LIMIT)
    line_2_value = Text("Second line: what it says", limit=rules.FIELD_VALUE_LIMIT)
    line_3_name = Text("Third line: what it is", limit=rules.FIELD_NAME_LIMIT)
    line_3_value = Text("Third line: what it says", limit=rules.FIELD_VALUE_LIMIT)
    line_4_name = Text("Fourth line: what it is", limit=rules.FIELD_NAME_LIMIT)
    line_4_value = Text("Fourth line: what it says", limit=rules.FIELD_VALUE_LIMIT)
    manually_approves = Tick("I want to be asked before somebody follows me")
    discoverable = Tick("Other hubs and services may suggest me to people")
    indexable = Tick("What I publish may be found by searching on other hubs and services")

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return the lines as they were typed."""
        numbers = range(1, rules.FIELDS + 1)
        return tuple(
            (str(self.values[f"line_{n}_name"]), str(self.values[f"line_{n}_value"]))
            for n in numbers
        )

    def check(self) -> None:
        """Ask for words with a new picture."""
        if self.picture is not None and not self.picture_alt:
            self.wrong("picture_alt", "Say in a few words what the picture shows")


class MailForm(Form):
    """How often notifications come by e-mail."""

    preference = Choice(
        "How often?",
        (
            (MailPreference.IMMEDIATE, "As it happens"),
            (MailPreference.DAILY, "Once a day"),
            (MailPreference.WEEKLY, "Once a week"),
            (MailPreference.NONE, "Never"),
        ),
        required="Choose how often",
    )


class AddressForm(Form):
    """Another e-mail address."""

    email = Email(
        "E-mail address",
        hint="Leave it empty to have none. You could then not get back in by yourself if you "
        "forgot your password.",
        limit=rules.EMAIL_LIMIT,
        autocomplete="email",
    )
    password = _own_password()


class PasswordForm(Form):
    """Another password."""

    old = Secret(
        "Your present password",
        required="Write your present password",
        limit=2_000,
        autocomplete="current-password",
    )
    new = Secret(
        "New password",
        hint=PASSWORD_HINT,
        required="Choose a new password",
        limit=2_000,
        autocomplete="new-password",
    )


class CloseForm(Form):
    """The account is to end."""

    password = Secret(
        "Your password",
        required="Write your password",
        limit=2_000,
        autocomplete="current-password",
    )
    sure = Tick(
        "I know that this can't be undone.", required="Tick this if you are sure, or go back"
    )


class AliasForm(Form):
    """An account that somebody had before."""

    handle = Text(
        "The handle of your other account",
        hint="It looks like @name@server.example.",
        required="Write the handle of your other account",
        limit=rules.HANDLE_LIMIT,
    )


class AliasRemovedForm(Form):
    """An account that is no longer named."""

    uri = Hidden(limit=2_048)


class MoveForm(Form):
    """Somebody moves elsewhere."""

    handle = Text(
        "The handle of your new account",
        hint="It looks like @name@server.example.",
        required="Write the handle of your new account",
        limit=rules.HANDLE_LIMIT,
    )
    password = _own_password()


class BackForm(Form):
    """A move is taken back."""

    password = _own_password()


class InviteForm(Form):
    """Somebody is to be invited."""

    note = Text(
        "Who is it for?", hint="Only those who look after the hub see this.", limit=rules.NOTE_LIMIT
    )
    uses = Number(
        "For how many people?",
        required="Write for how many people it is",
        least=1,
        most=rules.INVITATION_MOST_USES,
    )


class ReadForm(Form):
    """Notifications were read."""

    up_to = Hidden(limit=20)


class ActForm(Form):
    """A button and nothing else."""
