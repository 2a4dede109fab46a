"""Signatures that cannot be read, and several on one message (security case 9)."""

from dataclasses import replace

import pytest

from federation.errors import MalformedError
from federation.signatures import (
    InsufficientSignatureError,
    MalformedSignatureError,
    Message,
    Scheme,
    acceptable,
    claims,
    sign,
    verify,
)
from tests.federation.signed import (
    CREATED,
    LINES,
    NOW,
    POST,
    RSA,
    USUAL,
    cavage,
    check,
    public,
    rfc9421,
    signed,
    with_headers,
)

OLD = f'keyId="{RSA.key_id}",algorithm="hs2019",headers="{USUAL}",signature="AAAA"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "keyId",
        'keyId="x"',
        'signature="AAAA"',
        OLD.replace("keyId", "keyid"),
        OLD + ',keyId="https://other.example/key"',
        OLD + ',signature="AAAB"',
        OLD + ',headers="date"',
        OLD + ',created="soon"',
        OLD + f",created={'9' * 40}",
        OLD + ",created=1,created=2",
        OLD + ";",
        OLD.replace("AAAA", "%%%"),
        OLD.replace("AAAA", "AAA"),
        OLD.replace("AAAA", ""),
        OLD.replace("host", "host host"),
        OLD.replace(RSA.key_id, ""),
        OLD.replace(RSA.key_id, 'a"b'),
        f"{OLD}, {OLD}",
        "sig1=:AAAA:",
        "keyId=" + '"' * 8000,
    ],
)
def test_a_malformed_cavage_signature_is_no_signature(text: str) -> None:
    """Duplicate, missing or unreadable parameters: 400."""
    message = with_headers(POST, {"Signature": text})
    with pytest.raises(MalformedSignatureError) as caught:
        claims(message)
    assert isinstance(caught.value, MalformedError)


STATED = f'sig1=("@method" "@target-uri");created={CREATED};keyid="k"'


@pytest.mark.parametrize(
    ("stated", "made"),
    [
        (STATED, ""),
        (STATED, "sig1"),
        (STATED, "sig1=:AAAA"),
        (STATED, "sig1=::"),
        (STATED, "sig1=:AAA%:"),
        (STATED, "sig1=:A:"),
        (STATED, 'sig1="AAAA"'),
        (STATED, "sig1=(:AAAA:)"),
        (STATED, "sig2=:AAAA:"),
        (STATED, "sig1=:AAAA:, sig2=:AAAA:"),
        (STATED, "sig1=:AAAA:, sig1=:AAAA:"),
        (f"{STATED}, sig2=()", "sig1=:AAAA:"),
        (f"{STATED}, {STATED}", "sig1=:AAAA:"),
        (STATED + ";created=1", "sig1=:AAAA:"),
        (STATED + ';keyid="other"', "sig1=:AAAA:"),
        (STATED.replace('"k"', "k"), "sig1=:AAAA:"),
        (STATED.replace(str(CREATED), '"soon"'), "sig1=:AAAA:"),
        (STATED.replace(str(CREATED), "1.5"), "sig1=:AAAA:"),
        (STATED.replace(str(CREATED), "?1"), "sig1=:AAAA:"),
        (STATED + ";expires=x", "sig1=:AAAA:"),
        (STATED + ";alg=ed25519", "sig1=:AAAA:"),
        (STATED.replace("@target-uri", "@method"), "sig1=:AAAA:"),
        (STATED.replace("@target-uri", "Host"), "sig1=:AAAA:"),
        (STATED.replace("@target-uri", "@signature-params"), "sig1=:AAAA:"),
        (STATED.replace('"@target-uri"', "1"), "sig1=:AAAA:"),
        ("sig1=1", "sig1=:AAAA:"),
        ("sig1", "sig1=:AAAA:"),
        ("é", "sig1=:AAAA:"),
        ("(" * 4000, "sig1=:AAAA:"),
        (
            ", ".join(f"s{number}=()" for number in range(9)),
            ", ".join(f"s{number}=:AAAA:" for number in range(9)),
        ),
    ],
)
def test_a_malformed_rfc9421_signature_is_no_signature(stated: str, made: str) -> None:
    """Duplicate, missing, unmatched or unreadable: 400."""
    message = with_headers(POST, {"Signature-Input": stated, "Signature": made})
    with pytest.raises(MalformedSignatureError):
        claims(message)


def test_too_many_signature_lines_are_refused() -> None:
    """Each would cost time."""
    message = replace(POST, headers=(("Signature", OLD),) * 9)
    with pytest.raises(MalformedSignatureError):
        claims(message)


def test_the_first_signature_that_covers_everything_counts() -> None:
    """Of several, one that covers too little or is of another time is passed over."""
    weak = rfc9421({"@method": "POST"})
    good = rfc9421(LINES)
    stated = f"{weak.value('signature-input')}, {good.value('signature-input')}"
    stated = stated.replace("sig1", "weak", 1)
    made = f"{weak.value('signature')}, {good.value('signature')}".replace("sig1", "weak", 1)
    message = with_headers(
        POST,
        {"Signature-Input": stated, "Signature": made, "Content-Digest": LINES["content-digest"]},
    )
    found = claims(message)
    assert [claim.label for claim in found] == ["weak", "sig1"]
    assert acceptable(found, message, NOW).label == "sig1"
    check(message, public(RSA))
    with pytest.raises(InsufficientSignatureError):
        acceptable(found[:1], message, NOW)


def test_both_schemes_may_stand_on_one_message() -> None:
    """Each in a header of its own; either is enough."""
    both = replace(POST, headers=(*signed(POST, RSA, Scheme.CAVAGE).headers,))
    both = with_headers(both, sign(POST, RSA, scheme=Scheme.RFC9421, now=NOW))
    both = without_second_host_and_date(both)
    assert {claim.scheme for claim in claims(both)} == {Scheme.CAVAGE, Scheme.RFC9421}
    for claim in claims(both):
        verify(both, claim, public(RSA), now=NOW)


def without_second_host_and_date(message: Message) -> Message:
    """Keep the first of each header that both schemes set."""
    seen: set[str] = set()
    kept = []
    for name, value in message.headers:
        if name not in {"Host", "Date"} or name not in seen:
            kept.append((name, value))
        seen.add(name)
    return replace(message, headers=tuple(kept))


def test_a_line_break_cannot_forge_a_line_of_the_base() -> None:
    """A header with a line break could stand for two."""
    message = cavage(USUAL, headers={"Host": "hub.example"})
    date = message.value("date")
    broken = replace(
        message,
        headers=(
            ("Signature", message.value("signature") or ""),
            ("Host", f"hub.example\ndate: {date}\ndigest: {message.value('digest')}"),
            ("Date", date or ""),
            ("Digest", message.value("digest") or ""),
        ),
    )
    with pytest.raises((MalformedSignatureError, InsufficientSignatureError)):
        check(broken, public(RSA))
    with pytest.raises(MalformedSignatureError):
        check(cavage(USUAL + " x", headers={"X": "a\nb"}), public(RSA))
    with pytest.raises(MalformedSignatureError):
        check(rfc9421(LINES | {"x": "a\nb"}, headers={"X": "a\nb"}), public(RSA))


@pytest.mark.parametrize("url", ["", "/inbox", "https://", "https://u@hub.example/", "hub.example"])
def test_a_target_that_is_no_web_address_is_malformed(url: str) -> None:
    """The server that takes requests in makes it from its own address."""
    with pytest.raises(MalformedError):
        _ = replace(POST, url=url).target


def test_a_name_given_twice_in_the_query_is_not_covered() -> None:
    """RFC 9421 §2.2.8: only a name that is there once."""
    url = "https://hub.example/inbox?a=1&b=x%20y~&a=2"
    message = replace(POST, url=url)
    lines = LINES | {"@target-uri": url}
    for name, value, verdict in (
        ("b", "x%20y%7E", None),
        ("a", "1", InsufficientSignatureError),
        ("c", "", InsufficientSignatureError),
    ):
        component = f'@query-param";name="{name}'
        made = rfc9421(lines | {component: value}, message=message)
        if verdict is None:
            check(made, public(RSA))
        else:
            with pytest.raises(verdict):
                check(made, public(RSA))
