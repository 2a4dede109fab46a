"""Whatever is changed of what is covered, it is refused; whatever is sent, nothing breaks."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from federation.errors import FederationError, MalformedError, UnauthenticatedError
from federation.keys import SigningKey, VerificationKey, generate_ed25519, generate_rsa
from federation.signatures import Message, Scheme, acceptable, claims, sign, verify

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
OWNER = "https://peer.example/people/ann"
RSA = SigningKey(f"{OWNER}#main-key", generate_rsa())
ED25519 = SigningKey(f"{OWNER}#ed25519-key", generate_ed25519())
SIGNED = {
    Scheme.CAVAGE: ("host", "date", "digest"),
    Scheme.RFC9421: ("content-digest", "signature-input"),
}
WAYS = [(Scheme.CAVAGE, RSA), (Scheme.RFC9421, RSA), (Scheme.RFC9421, ED25519)]
each_way = pytest.mark.parametrize(
    ("scheme", "key"), WAYS, ids=["cavage", "rfc9421-rsa", "rfc9421-ed25519"]
)
REFUSED = (UnauthenticatedError, MalformedError)
URL = "https://hub.example/people/bob/inbox?via=shared&x=%20"


def _signed(scheme: Scheme, key: SigningKey, body: bytes, url: str = URL) -> Message:
    message = Message("POST", url, (("Accept", "*/*"),), body)
    headers = sign(message, key, scheme=scheme, now=NOW)
    return replace(message, headers=(*message.headers, *headers.items()))


def _check(message: Message, key: SigningKey) -> None:
    public = VerificationKey(key.key_id, OWNER, key.private.public_key())
    verify(message, acceptable(claims(message), message, NOW), public, now=NOW)


def _flipped(raw: bytes, bit: int) -> bytes:
    bit %= len(raw) * 8
    changed = bytearray(raw)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def _with(message: Message, name: str, value: str) -> Message:
    return replace(
        message,
        headers=tuple((n, value if n.lower() == name else v) for n, v in message.headers),
    )


bits = st.integers(0, 2**20)
bodies = st.binary(min_size=1, max_size=300)


@each_way
@given(body=bodies)
def test_every_body_can_be_signed_and_verified(
    scheme: Scheme, key: SigningKey, body: bytes
) -> None:
    """Whatever its bytes."""
    _check(_signed(scheme, key, body), key)


@each_way
@given(path=st.from_regex(r"\A/[!$&-;=@A-Z_a-z~?%]{0,40}\Z"))
@example(path="/?")
@example(path="/a??b")
def test_every_target_can_be_signed_and_verified(
    scheme: Scheme, key: SigningKey, path: str
) -> None:
    """Whatever its path and query."""
    _check(_signed(scheme, key, b"{}", f"https://hub.example{path}"), key)


@each_way
@given(body=bodies, bit=bits)
def test_a_body_of_which_any_bit_has_changed_is_refused(
    scheme: Scheme, key: SigningKey, body: bytes, bit: int
) -> None:
    """The digest tells."""
    message = _signed(scheme, key, body)
    with pytest.raises(UnauthenticatedError):
        _check(replace(message, body=_flipped(body, bit)), key)


@each_way
@given(body=bodies, more=st.binary(min_size=1, max_size=8))
def test_a_body_that_grew_is_refused(
    scheme: Scheme, key: SigningKey, body: bytes, more: bytes
) -> None:
    """Before or behind."""
    message = _signed(scheme, key, body)
    for changed in (body + more, more + body):
        assume(changed != body)
        with pytest.raises(UnauthenticatedError):
            _check(replace(message, body=changed), key)


@each_way
@given(bit=bits, data=st.data())
def test_a_covered_header_of_which_any_bit_has_changed_is_refused(
    scheme: Scheme, key: SigningKey, bit: int, data: st.DataObject
) -> None:
    """Host, date, digest, and all that Signature-Input says."""
    message = _signed(scheme, key, b"{}")
    name = data.draw(st.sampled_from(SIGNED[scheme]))
    value = message.value(name) or ""
    changed = _flipped(value.encode("ascii"), bit).decode("latin-1")
    with pytest.raises(REFUSED):
        _check(_with(message, name, changed), key)


@each_way
@given(data=st.data())
def test_a_covered_header_that_is_missing_or_doubled_is_refused(
    scheme: Scheme, key: SigningKey, data: st.DataObject
) -> None:
    """A second line is part of what is covered."""
    message = _signed(scheme, key, b"{}")
    name = data.draw(st.sampled_from(SIGNED[scheme]))
    value = message.value(name) or ""
    kept = tuple(header for header in message.headers if header[0].lower() != name)
    for headers in (kept, (*message.headers, (name, value)), (*message.headers, (name, ""))):
        with pytest.raises(REFUSED):
            _check(replace(message, headers=headers), key)


@each_way
@given(bit=bits)
def test_a_target_of_which_any_bit_has_changed_is_refused(
    scheme: Scheme, key: SigningKey, bit: int
) -> None:
    """Path and query, the host apart, whose letter case means nothing."""
    message = _signed(scheme, key, b"{}")
    origin = "https://hub.example/"
    changed = _flipped(URL[len(origin) :].encode("ascii"), bit).decode("latin-1")
    with pytest.raises(REFUSED):
        _check(replace(message, url=origin + changed), key)


@each_way
@given(method=st.sampled_from(["GET", "PUT", "PATCH", "DELETE", "POSTS", "OPTIONS", ""]))
def test_another_method_is_refused(scheme: Scheme, key: SigningKey, method: str) -> None:
    """What was signed as a POST is nothing else."""
    message = _signed(scheme, key, b"{}")
    with pytest.raises(REFUSED):
        _check(replace(message, method=method), key)


@each_way
@given(bit=bits)
def test_a_signature_of_which_any_bit_has_changed_is_refused(
    scheme: Scheme, key: SigningKey, bit: int
) -> None:
    """Of its bytes; base64 has spare bits that mean nothing."""
    message = _signed(scheme, key, b"{}")
    (claim,) = claims(message)
    before = b64encode(claim.signature).decode()
    after = b64encode(_flipped(claim.signature, bit)).decode()
    value = (message.value("signature") or "").replace(before, after)
    with pytest.raises(REFUSED):
        _check(_with(message, "signature", value), key)


headers = st.lists(
    st.tuples(
        st.sampled_from(["Signature", "Signature-Input", "Digest", "Date", "Host"]),
        st.one_of(
            st.text(max_size=60),
            st.text(alphabet='keyIdsignature="(),;:-0123456789 \t', max_size=60),
            st.from_regex(
                r'\A(keyId="[a-z]*"|signature="[A-Z]*"|headers="[a-z ()]*"|created=\d*|,)+\Z'
            ),
            st.from_regex(r'\A[a-z]+=(\(("@?[a-z-]+" ?)*\)|:[A-Za-z]*=*:)(;[a-z]+=("k"|1|x))*\Z'),
        ),
    ),
    max_size=6,
).map(tuple)


@given(headers=headers, url=st.one_of(st.just(URL), st.text(max_size=40)), body=bodies)
def test_nothing_that_is_sent_breaks_the_verifier(
    headers: tuple[tuple[str, str], ...], url: str, body: bytes
) -> None:
    """Whatever the headers, there is an answer: refused."""
    for key in (RSA, ED25519):
        with pytest.raises(FederationError) as caught:
            _check(Message("POST", url, headers, body), key)
        assert isinstance(caught.value, REFUSED)
