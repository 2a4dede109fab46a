"""What may be a name, a password, an address; how long things last."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.people import rules
from server.people.rules import FieldRefusedError

DAY = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["ada", "@Ada ", "a", "mary_ann", "7of9", "a" * 30])
def test_plain_names_are_taken_in_lower_case(text: str) -> None:
    """What Mastodon takes without escaping."""
    assert rules.checked_name(text) == text.strip().removeprefix("@").lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a b",
        "_ada",
        "ada_",
        "topic.x",
        "ada-low",
        "åda",
        "ada/../bob",
        "a" * 31,
        "ada\n\nb",
    ],
)
def test_other_names_are_refused(text: str) -> None:
    """Dots belong to channels, and nothing else can stand in an address unescaped."""
    with pytest.raises(FieldRefusedError) as caught:
        rules.checked_name(text)
    assert caught.value.field == "name"


@pytest.mark.parametrize("name", ["hub", "Admin", "steward", "root"])
def test_names_that_speak_for_the_hub_are_kept_back(name: str) -> None:
    """Nobody may look like its own voice."""
    with pytest.raises(FieldRefusedError):
        rules.checked_name(name)


@given(st.text())
def test_a_name_is_good_or_refused(text: str) -> None:
    """Nothing else happens, whatever is typed."""
    try:
        name = rules.checked_name(text)
    except FieldRefusedError:
        return
    assert rules.NAME.fullmatch(name)


def test_an_e_mail_address_is_folded_and_may_be_missing() -> None:
    """An empty one is none."""
    assert rules.checked_email(" Ada@Example.ORG ") == "ada@example.org"
    assert rules.checked_email("  ") is None


@pytest.mark.parametrize(
    "text",
    ["ada", "a@b@c", "ada@ex ample", "ada@example.org\nBcc: b@c.example", "<a@b>", "a@b,c@d"],
)
def test_what_could_change_a_letters_head_is_no_address(text: str) -> None:
    """No line ends, no second address."""
    with pytest.raises(FieldRefusedError):
        rules.checked_email(text)


@pytest.mark.parametrize(
    "password",
    ["short", "password1234", "Password 1234", "aaaaaaaaaaaaaaaa", "ada-low-ada-low-1", "x" * 501],
)
def test_passwords_that_are_guessed_first_are_refused(password: str) -> None:
    """Too short, too common, too monotonous, the own name, or absurdly long."""
    with pytest.raises(FieldRefusedError) as caught:
        rules.check_password(password, about=("ada", "low"))
    assert caught.value.field == "password"


@pytest.mark.parametrize(
    "password", ["seven bronze kettles", "ada likes bronze kettles", "ÄÖÜäöüßß1234"]
)
def test_words_that_do_not_belong_together_are_a_good_password(password: str) -> None:
    """No digits, capitals or signs are asked for."""
    rules.check_password(password, about=("ada",))


def test_a_session_ends_when_nobody_uses_it_and_never_lasts_longer_than_half_a_year() -> None:
    """Whichever comes first."""
    assert rules.session_ends(DAY, DAY) == DAY + timedelta(days=30)
    late = DAY + timedelta(days=170)
    assert rules.session_ends(DAY, late) == DAY + timedelta(days=180)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("unknown", ""),
    ],
)
def test_only_the_neighbourhood_of_an_address_is_kept(address: str, network: str) -> None:
    """Enough to notice a stranger."""
    assert rules.network_of(address) == network


def test_a_household_is_counted_as_one() -> None:
    """An IPv6 client has a /64 to itself."""
    assert rules.countable("2001:db8::1") == rules.countable("2001:db8::ffff")
    assert rules.countable("192.0.2.1") != rules.countable("192.0.2.2")


ANDROID = "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, "Firefox on Android"),
        (IPHONE, "Safari on an iPhone"),
        (EDGE, "Edge on Windows"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    """Nearly all of them name several."""
    assert rules.browser_words(agent) == words
