"""The signatures published in RFC 9421 come out as they are printed there.

Keys are those of appendix B.1, the messages those of appendix B.2, §3.2, §4.3, B.3 and B.4.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from federation.keys import VerificationKey, load_public_pem
from federation.signatures import Claim, Message, check_body, check_key, claims, components
from federation.signatures.errors import WrongSignatureError
from federation.signatures.times import check_times

RSA = """-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----"""
RSA_PSS = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----"""
P256 = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----"""
ED25519 = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----"""
ED25519_PRIVATE = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----"""
SECRET = b64decode(
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)

REQUEST_DIGEST = (
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BN"
    "NyealdVLvRwEmTHWXvJwew==:"
)
ANSWER_DIGEST = (
    "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWd"
    "XymyU0rjJuahq4l5aGgfLQ==:"
)
REQUEST = Message(
    "POST",
    "https://example.com/foo?param=Value&Pet=dog",
    (
        ("Host", "example.com"),
        ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("Content-Type", "application/json"),
        ("Content-Digest", REQUEST_DIGEST),
        ("Content-Length", "18"),
    ),
    b'{"hello": "world"}',
)
ANSWER = Message(
    "POST",
    "https://example.com/foo?param=Value&Pet=dog",
    (
        ("Date", "Tue, 20 Apr 2021 02:07:56 GMT"),
        ("Content-Type", "application/json"),
        ("Content-Digest", ANSWER_DIGEST),
        ("Content-Length", "23"),
    ),
    b'{"message": "good dog"}',
    status=200,
)
DATE = '"date": Tue, 20 Apr 2021 02:07:55 GMT'
CREATED = ";created=1618884473;keyid="


def _signed(message: Message, stated: str, made: str) -> tuple[Message, Claim]:
    headers = (*message.headers, ("Signature-Input", stated), ("Signature", made))
    signed = replace(message, headers=headers)
    (claim,) = claims(signed)
    return signed, claim


def _base(message: Message, claim: Claim) -> list[str]:
    return components.base_of(claim.covered, claim.params, message).decode().split("\n")


def _key(pem: str, claim: Claim) -> VerificationKey:
    return VerificationKey(claim.key_id, "https://example.com/", load_public_pem(pem))


B21: tuple[str, str, list[str]] = (
    f'sig-b21=(){CREATED}"test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    (
        "sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it+"
        "+wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72"
        "rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QE"
        "VPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:"
    ),
    [],
)
B22 = (
    (
        'sig-b22=("@authority" "content-digest" "@query-param";name="Pet")'
        f'{CREATED}"test-key-rsa-pss";tag="header-example"'
    ),
    (
        "sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDf"
        "KtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEu"
        "EfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZf"
        "B4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:"
    ),
    [
        '"@authority": example.com',
        f'"content-digest": {REQUEST_DIGEST}',
        '"@query-param";name="Pet": dog',
    ],
)
B23 = (
    (
        'sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" '
        f'"content-length"){CREATED}"test-key-rsa-pss"'
    ),
    (
        "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeG"
        "t683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNm"
        "vKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5"
        "f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:"
    ),
    [
        DATE,
        '"@method": POST',
        '"@path": /foo',
        '"@query": ?param=Value&Pet=dog',
        '"@authority": example.com',
        '"content-type": application/json',
        f'"content-digest": {REQUEST_DIGEST}',
        '"content-length": 18',
    ],
)
SECTION_32 = (
    (
        'sig1=("@method" "@authority" "@path" "content-digest" "content-length" "content-type")'
        f'{CREATED}"test-key-rsa-pss"'
    ),
    (
        "sig1=:HIbjHC5rS0BYaa9v4QfD4193TORw7u9edguPh0AW3dMq9WImrlFrCGUDih47vAxi4L2YRZ3XMJc1uOKk/J0Z"
        "mZ+wcta4nKIgBkKq0rM9hs3CQyxXGxHLMCy8uqK488o+9jrptQ+xFPHK7a9sRL1IXNaagCNN3ZxJsYapFj+JXbmaI5"
        "rtAdSfSvzPuBCh+ARHBmWuNo1UzVVdHXrl8ePL4cccqlazIJdC4QEjrF+Sn4IxBQzTZsL9y9TP5FsZYzHvDqbInkTN"
        "igBcE9cKOYNFCn4D/WM7F6TNuZO9EgtzepLWcjTymlHzK7aXq6Am6sfOrpIC49yXjj3ae6HRalVc/g==:"
    ),
    [
        '"@method": POST',
        '"@authority": example.com',
        '"@path": /foo',
        f'"content-digest": {REQUEST_DIGEST}',
        '"content-length": 18',
        '"content-type": application/json',
    ],
)


@pytest.mark.parametrize(
    ("stated", "made", "lines"),
    [B21, B22, B23, SECTION_32],
    ids=["B.2.1 minimal", "B.2.2 selective", "B.2.3 full coverage", "3.2"],
)
def test_the_published_rsa_pss_signatures_verify(stated: str, made: str, lines: list[str]) -> None:
    """Their base is as printed, their key made them, and another message is not theirs."""
    signed, claim = _signed(REQUEST, stated, made)
    params = stated.partition("=")[2]
    assert _base(signed, claim) == [*lines, f'"@signature-params": {params}']

    claim = replace(claim, algorithm="rsa-pss-sha512")
    check_key(signed, claim, _key(RSA_PSS, claim))
    check_body(signed, claim)
    other = replace(claim, params=claim.params + ";x")
    with pytest.raises(WrongSignatureError):
        check_key(signed, other, _key(RSA_PSS, claim))


def test_the_published_ecdsa_signature_of_an_answer_verifies() -> None:
    """B.2.4: the base of an answer, with its status."""
    signed, claim = _signed(
        ANSWER,
        'sig-b24=("@status" "content-type" "content-digest" "content-length")'
        f'{CREATED}"test-key-ecc-p256"',
        "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj"
        "+32oiasw==:",
    )
    base = _base(signed, claim)
    assert base[0] == '"@status": 200'
    check_body(signed, claim)
    _check_p256(claim.signature, "\n".join(base).encode())


def _check_p256(signature: bytes, base: bytes) -> None:
    key = load_pem_public_key(P256)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    key.verify(encode_dss_signature(r, s), base, ec.ECDSA(SHA256()))


def test_the_published_hmac_comes_out() -> None:
    """B.2.5: the same bytes, as an HMAC is deterministic."""
    signed, claim = _signed(
        REQUEST,
        f'sig-b25=("date" "@authority" "content-type"){CREATED}"test-shared-secret"',
        "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
    )
    base = components.base_of(claim.covered, claim.params, signed)
    assert hmac.digest(SECRET, base, hashlib.sha256) == claim.signature


B26_STATED = (
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
    f'{CREATED}"test-key-ed25519"'
)
B26_MADE = (
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
)


def test_the_published_ed25519_signature_verifies_and_comes_out() -> None:
    """B.2.6: our base, signed with the published private key, gives the published signature."""
    signed, claim = _signed(REQUEST, B26_STATED, f"sig-b26=:{B26_MADE}:")
    check_key(signed, claim, _key(ED25519, claim))
    private = load_pem_private_key(ED25519_PRIVATE, None)
    assert isinstance(private, Ed25519PrivateKey)
    base = components.base_of(claim.covered, claim.params, signed)
    assert b64encode(private.sign(base)).decode() == B26_MADE


def test_the_published_signatures_of_a_proxy_verify() -> None:
    """§4.3: two signatures on one message, the second by the proxy with rsa-v1_5-sha256."""
    fields = '"@method" "@authority" "@path" "content-digest" "content-type" "content-length"'
    stated = (
        f'sig1=({fields});created=1618884475;keyid="test-key-ecc-p256", '
        f'proxy_sig=({fields} "forwarded");created=1618884480;keyid="test-key-rsa"'
        ';alg="rsa-v1_5-sha256";expires=1618884540'
    )
    made = (
        "sig1=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb//4Ijpzp+kve2w4NIyqeAuM7jTDX+sNalzA8ESSa"
        "HD3A==:, proxy_sig=:S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+"
        "CM5g92iHgxtRPz+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9"
        "vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtfl"
        "zvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrsws"
        "E1w5o0LV/g==:"
    )
    headers = (*REQUEST.headers, ("Signature-Input", stated), ("Signature", made))
    sent = replace(REQUEST, headers=headers)
    first, _ = claims(sent)
    _check_p256(first.signature, components.base_of(first.covered, first.params, sent))

    passed_on = replace(
        sent,
        url="https://origin.host.internal.example/foo?param=Value&Pet=dog",
        headers=(*headers, ("Forwarded", "for=192.0.2.123;host=example.com;proto=https")),
    )
    _, second = claims(passed_on)
    check_key(passed_on, second, _key(RSA, second))
    check_times(second, replace(passed_on), now=datetime.fromtimestamp(1618884500, UTC))


def _transformed(method: str, url: str, *accepted: str) -> Message:
    return Message(
        method,
        url,
        (
            ("Date", "Fri, 15 Jul 2022 14:24:55 GMT"),
            *(("Accept", value) for value in accepted),
            (
                "Signature-Input",
                f'transform=("@method" "@path" "@authority" "accept"){CREATED}"test-key-ed25519"',
            ),
            (
                "Signature",
                (
                    "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QM"
                    "FFQ6cpLt2m0pmj3NDA==:"
                ),
            ),
        ),
        b"",
    )


DEMO = "https://example.org/demo?name1=Value1&Name2=value2"


@pytest.mark.parametrize(
    "message",
    [
        _transformed("GET", DEMO, "application/json", "*/*"),
        _transformed("GET", f"{DEMO}&param=added", "application/json", "*/*"),
        _transformed("GET", DEMO, "application/json, */*"),
        _transformed("GET", "HTTPS://Example.ORG:443/demo", " application/json ", "*/*"),
    ],
    ids=["original", "query not covered", "lines joined", "host and port written otherwise"],
)
def test_a_signature_survives_what_a_proxy_may_change(message: Message) -> None:
    """B.4: changes that keep the meaning of what is covered."""
    (claim,) = claims(message)
    check_key(message, claim, _key(ED25519, claim))


@pytest.mark.parametrize(
    "message",
    [
        _transformed("POST", DEMO, "application/json", "*/*"),
        _transformed("GET", DEMO.replace(".org", ".com"), "application/json", "*/*"),
        _transformed("GET", DEMO, "*/*", "application/json"),
    ],
    ids=["method", "authority", "order of lines"],
)
def test_a_signature_does_not_survive_what_changes_the_meaning(message: Message) -> None:
    """B.4: changes of what is covered."""
    (claim,) = claims(message)
    with pytest.raises(WrongSignatureError):
        check_key(message, claim, _key(ED25519, claim))
