"""What a signature must cover to count (security cases 7 and 9)."""

from datetime import timedelta

import pytest

from federation.signatures import (
    InsufficientSignatureError,
    StaleSignatureError,
    WrongSignatureError,
    acceptable,
    claims,
    content_digest_value,
    http_date,
)
from tests.federation.signed import (
    BODY,
    LINES,
    NOW,
    RSA,
    USUAL,
    Headers,
    cavage,
    check,
    public,
    rfc9421,
    with_headers,
    without,
)


@pytest.mark.parametrize("algorithm", ['algorithm="rsa-sha256"', 'algorithm="hs2019"', "x=1"])
def test_cavage_reads_rsa_by_every_name_it_has(algorithm: str) -> None:
    """rsa-sha256, hs2019 (of which all peers mean RSA with SHA-256), or no name at all."""
    check(cavage(USUAL, parameters=algorithm), public(RSA))


@pytest.mark.parametrize("algorithm", ["rsa-sha1", "hmac-sha256", "ecdsa-sha256", "none", ""])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    """By either scheme, before any key is looked for."""
    by_cavage = cavage(USUAL, parameters=f'algorithm="{algorithm}"')
    created = int(NOW.timestamp())
    parameters = f';created={created};keyid="{RSA.key_id}";alg="{algorithm}"'
    for message in (by_cavage, rfc9421(LINES, parameters=parameters)):
        with pytest.raises(InsufficientSignatureError):
            check(message, public(RSA))


@pytest.mark.parametrize("name", USUAL.split())
def test_cavage_must_cover_everything_that_is_required(name: str) -> None:
    """Without the target, the host, the time or the digest it proves too little."""
    names = " ".join(kept for kept in USUAL.split() if kept != name)
    with pytest.raises(InsufficientSignatureError):
        check(cavage(names), public(RSA))


@pytest.mark.parametrize("name", LINES)
def test_rfc9421_must_cover_everything_that_is_required(name: str) -> None:
    """Without the method, the target or the digest it proves too little."""
    lines = {kept: value for kept, value in LINES.items() if kept != name}
    with pytest.raises(InsufficientSignatureError):
        check(rfc9421(lines), public(RSA))


@pytest.mark.parametrize(
    "parameters", [f';keyid="{RSA.key_id}"', f";created={int(NOW.timestamp())}", ""]
)
def test_rfc9421_must_tell_its_key_and_time(parameters: str) -> None:
    """`keyid` always, `created` unless the date is covered."""
    with pytest.raises(InsufficientSignatureError):
        check(rfc9421(LINES, parameters=parameters), public(RSA))


def test_rfc9421_may_cover_the_date_instead_of_created() -> None:
    """The date is then what must be of this hour."""
    parameters = f';keyid="{RSA.key_id}"'
    for moment, verdict in ((NOW, None), (NOW - timedelta(hours=2), StaleSignatureError)):
        date = http_date(moment)
        message = rfc9421(LINES | {"date": date}, headers={"Date": date}, parameters=parameters)
        if verdict is None:
            check(message, public(RSA))
        else:
            with pytest.raises(verdict):
                check(message, public(RSA))


PARTS = {"@method": "POST", "content-digest": content_digest_value(BODY)}


@pytest.mark.parametrize(
    "target",
    [
        {"@authority": "hub.example", "@request-target": "/inbox?via=shared&x="},
        {"@authority": "hub.example", "@path": "/inbox", "@query": "?via=shared&x="},
        {"host": "hub.example", "@path": "/inbox", "@query": "?via=shared&x="},
    ],
)
def test_rfc9421_may_cover_the_target_in_parts(target: Headers) -> None:
    """All the parts together are as good as the whole."""
    check(rfc9421(PARTS | target), public(RSA))


@pytest.mark.parametrize(
    "target",
    [
        {"@authority": "hub.example", "@path": "/inbox"},
        {"@path": "/inbox", "@query": "?via=shared&x="},
        {"@authority": "hub.example", "@query": "?via=shared&x="},
        {"@authority": "hub.example"},
        {"@request-target": "/inbox?via=shared&x="},
    ],
)
def test_rfc9421_must_cover_every_part_of_the_target(target: Headers) -> None:
    """Without the query, the host or the path, it could have been meant for elsewhere."""
    with pytest.raises(InsufficientSignatureError):
        check(rfc9421(PARTS | target), public(RSA))


@pytest.mark.parametrize("algorithm", ["rsa-v1_5-sha256", "rsa-pss-sha512"])
def test_rfc9421_reads_both_kinds_of_rsa(algorithm: str) -> None:
    """As `alg` says."""
    created = int(NOW.timestamp())
    parameters = f';created={created};keyid="{RSA.key_id}";alg="{algorithm}"'
    check(rfc9421(LINES, parameters=parameters, algorithm=algorithm), public(RSA))


def test_the_algorithm_must_fit_the_key() -> None:
    """An RSA key makes no Ed25519 signature, whatever `alg` says."""
    created = int(NOW.timestamp())
    parameters = f';created={created};keyid="{RSA.key_id}";alg="ed25519"'
    with pytest.raises(WrongSignatureError):
        check(rfc9421(LINES, parameters=parameters), public(RSA))


@pytest.mark.parametrize(
    "component",
    [
        '"content-digest";sf',
        '"content-digest";key="sha-256"',
        '"host";bs',
        '"host";req',
        '"date";tr',
        '"@path";name="x"',
        '"@query-param";name="x";req',
        '"@query-param"',
        '"@query-params"',
    ],
)
def test_components_that_are_not_read_are_refused(component: str) -> None:
    """A base that we cannot build proves nothing, whatever else is covered."""
    message = rfc9421(LINES)
    stated = (message.value("signature-input") or "").replace("=(", f"=({component} ", 1)
    changed = with_headers(without(message, "signature-input"), {"Signature-Input": stated})
    with pytest.raises(InsufficientSignatureError):
        acceptable(claims(changed), changed, NOW)


@pytest.mark.parametrize("host", ["other.example", "hub.example.other.example", "hub.example:8443"])
def test_a_signature_for_another_host_is_refused(host: str) -> None:
    """What was sent to somebody else is not passed on to us."""
    with pytest.raises(InsufficientSignatureError):
        check(cavage(USUAL, headers={"Host": host}), public(RSA))


@pytest.mark.parametrize("host", ["hub.example", "Hub.Example", "hub.example:443"])
def test_a_host_may_be_written_in_several_ways(host: str) -> None:
    """Letter case and the default port make no other host."""
    check(cavage(USUAL, headers={"Host": host}), public(RSA))
