"""What a name, a password and an e-mail address may be, and how long things last. Pure."""

import ipaddress
import re
from datetime import datetime, timedelta
from enum import StrEnum

from server.errors import RefusedError

NAME_LIMIT = 30
DISPLAY_NAME_LIMIT = 80
SUMMARY_LIMIT = 2_000
"""Characters of a summary as written."""
FIELDS = 4
"""Lines of a profile."""
FIELD_NAME_LIMIT = 60
FIELD_VALUE_LIMIT = 300
HANDLE_LIMIT = 320
ALIASES = 10
"""Earlier accounts that one account may name."""
EMAIL_LIMIT = 254
"""RFC 5321 §4.5.3.1.3, without the angle brackets."""
PASSWORD_LEAST = 12
PASSWORD_MOST = 500
"""Characters; Argon2 would take more, but reading them costs."""
NOTE_LIMIT = 200

SESSION_IDLE = timedelta(days=30)
"""A session that nobody uses for so long ends."""
SESSION_LONGEST = timedelta(days=180)
"""No session lasts longer, however much it is used."""
SESSION_TOUCH = timedelta(minutes=5)
"""How exactly `last used` is written down."""
RESET_LASTS = timedelta(hours=2)
INVITATION_LASTS = timedelta(days=14)
INVITATION_MOST_USES = 100
NOTIFICATIONS_KEPT = timedelta(days=180)

NAME = re.compile(r"[a-z0-9](?:[a-z0-9_]*[a-z0-9])?")
EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+")
_RESERVED = """
about abuse account accounts actor admin administrator all anonymous anybody everybody everyone
fettle help here home host hostmaster hub info inbox mail mailer_daemon me moderator moderators
nobody noreply no_reply null people place postmaster privacy public register relay root rules
security server settings setup staff steward stewards stories story support system team tell topic
try undefined webmaster www
"""
RESERVED = frozenset(_RESERVED.split())
"""Names that would be taken for the hub's own voice, or that its channels begin with."""
_COMMON = """
password1234 passwordpassword password12345 password123456 1234567890123 123456789012 123123123123
qwertyuiop12 qwertyuiop123 qwertyuiopasdf 1q2w3e4r5t6y letmeinletmein iloveyouiloveyou
adminadminadmin welcomewelcome changemechangeme abcdefghijkl correcthorsebatterystaple
"""
COMMON = frozenset(_COMMON.split())
"""The long ones among those that are tried first everywhere."""


class SignUps(StrEnum):
    """Who may make an account here."""

    CLOSED = "closed"
    INVITATION = "invitation"
    OPEN = "open"


class MailPreference(StrEnum):
    """How often notifications come by e-mail."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


DIGEST_EVERY = {
    MailPreference.DAILY: timedelta(days=1),
    MailPreference.WEEKLY: timedelta(days=7),
}


class Kind(StrEnum):
    """What people are told of; features above may add words of their own."""

    RESPONSE = "response"
    THANKS = "thanks"
    MENTION = "mention"
    FOLLOWER = "follower"
    REQUEST = "request"
    MOVED = "moved"


SAID = {
    Kind.RESPONSE: "responded to what you wrote",
    Kind.THANKS: "thanked you",
    Kind.MENTION: "mentioned you",
    Kind.FOLLOWER: "follows you now",
    Kind.REQUEST: "asks to follow you",
    Kind.MOVED: "has moved",
}
"""What goes on from the name of whoever did it."""


def said(kind: str) -> str:
    """Return the words of a kind; a plain sentence for one that a feature above has added."""
    return SAID[Kind(kind)] if kind in set(Kind) else "did something that concerns you"


class Limit(StrEnum):
    """What is counted, so that nobody can try it for ever."""

    SIGN_IN_ACCOUNT = "sign-in-account"
    SIGN_IN_ADDRESS = "sign-in-address"
    RESET_ACCOUNT = "reset-account"
    RESET_ADDRESS = "reset-address"
    JOIN_ADDRESS = "join-address"
    PASSWORD_PERSON = "password-person"  # noqa: S105 (the name of a limit)
    THANK_PERSON = "thank-person"
    CONFIRM_PERSON = "confirm-person"


ALLOWED = {
    Limit.SIGN_IN_ACCOUNT: (10, timedelta(minutes=15)),
    Limit.SIGN_IN_ADDRESS: (60, timedelta(minutes=15)),
    Limit.RESET_ACCOUNT: (3, timedelta(hours=1)),
    Limit.RESET_ADDRESS: (20, timedelta(hours=1)),
    Limit.JOIN_ADDRESS: (20, timedelta(hours=1)),
    Limit.PASSWORD_PERSON: (10, timedelta(minutes=15)),
    Limit.THANK_PERSON: (20, timedelta(days=1)),
    Limit.CONFIRM_PERSON: (5, timedelta(days=1)),
}
"""How many tries there are, and in what time."""


class FieldRefusedError(RefusedError):
    """{reason}"""

    def __init__(self, field: str, reason: str) -> None:
        """Say which field of a form is meant, and in a whole sentence what to do."""
        self.field = field
        super().__init__(reason=reason)


def checked_name(text: str) -> str:
    """Return the name in lower case. Raises FieldRefusedError("name") where it can't be one.

    Names are what Mastodon takes without escaping: a to z, digits and inner underscores. A dot is
    left to channels (`topic.x`), so that no person can look like one.
    """
    name = text.strip().removeprefix("@").lower()
    if not name:
        raise FieldRefusedError(field="name", reason="Choose a name for your account.")
    if len(name) > NAME_LIMIT:
        raise FieldRefusedError(
            field="name", reason=f"Choose a name of at most {NAME_LIMIT} letters."
        )
    if not NAME.fullmatch(name):
        raise FieldRefusedError(
            field="name",
            reason="Use only the letters a to z, digits and inner underscores.",
        )
    if name in RESERVED:
        raise FieldRefusedError(
            field="name", reason=f"The name {name} is kept for the hub. Choose another one."
        )
    return name


def checked_email(text: str) -> str | None:
    """Return the address in lower case, None where there is none.

    Raises FieldRefusedError("email").
    """
    email = text.strip().lower()
    if not email:
        return None
    if len(email) > EMAIL_LIMIT or not EMAIL.fullmatch(email) or not email.isprintable():
        raise FieldRefusedError(
            field="email",
            reason="Write the e-mail address like this: name@example.org, or leave it empty.",
        )
    return email


def checked_display_name(text: str) -> str:
    """Return the name without white space around it. Raises FieldRefusedError("display_name")."""
    name = " ".join(text.split())
    if len(name) > DISPLAY_NAME_LIMIT:
        raise FieldRefusedError(
            field="display_name",
            reason=f"Use at most {DISPLAY_NAME_LIMIT} characters for your name.",
        )
    return name


def check_password(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Raise FieldRefusedError("password") where it is too short, too long, or easily guessed.

    `about` is what anybody knows of the person: it may be a part of the password, but not most of
    it.
    """
    reason = _weakness(password, about)
    if reason is not None:
        raise FieldRefusedError(field="password", reason=reason)


def _weakness(password: str, about: tuple[str, ...]) -> str | None:
    if len(password) < PASSWORD_LEAST:
        return (
            f"Use at least {PASSWORD_LEAST} characters. "
            "Three or four words that don't belong together are good."
        )
    if len(password) > PASSWORD_MOST:
        return f"Use at most {PASSWORD_MOST} characters."
    folded = re.sub(r"\s", "", password.casefold())
    if folded in COMMON or len(set(folded)) < 5:
        return "That password is one of the first that somebody would guess. Choose another one."
    rest = folded
    for known in about:
        for part in known.casefold().split():
            rest = rest.replace(part, "") if len(part) > 2 else rest
    if len(rest) < PASSWORD_LEAST // 2:
        return "That password is mostly your own name. Choose one that others can't guess."
    return None


def session_ends(started: datetime, used: datetime) -> datetime:
    """Return when a session ends that was started and last used at these times."""
    return min(started + SESSION_LONGEST, used + SESSION_IDLE)


def network_of(address: str) -> str:
    """Return the neighbourhood of an IP address: enough to recognise one's own, too little to find
    a person by.

    A /24 for IPv4 and a /48 for IPv6; an empty text for what is no address.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    bits = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network((ip, bits), strict=False))


def countable(address: str) -> str:
    """Return what tries from an address are counted by: IPv6 by its /64, which one household has
    to itself.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    return str(ipaddress.ip_network((ip, 64), strict=False))


BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Macintosh", "a Mac"), ("CrOS", "a Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
"""The first that is found counts: nearly all of them name several."""


def browser_words(user_agent: str) -> str:
    """Return what to call the browser that signed in: "Firefox on Android"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
