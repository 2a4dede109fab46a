"""Bytes to a document: bounded, and never an error but ours (security case 22)."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import MalformedError, TooLargeError
from federation.vocab import load_json


def nested(levels: int) -> bytes:
    """Return a document of so many levels."""
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b'{"a":1,}',
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":' + b"1" * 10_000 + b"}",
        b'{"a":-' + b"9" * 10_000 + b"}",
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":"\\u0000"}',
        b'{"a":"\\\\\\u0000"}',
        b'{"\\u0000":1}',
        b'{"a":"\x00"}',
        b'{"a":"\xc0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":1}x',
        '{"a":1}'.encode("utf-16"),
        b"[" * 100_000,
        nested(65),
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
        b'{"a":[' + b"0," * 100_001 + b"0]}",
    ],
)
def test_nonsense_is_malformed(raw: bytes) -> None:
    """No other error, whatever the bytes."""
    with pytest.raises(MalformedError):
        load_json(raw)


def test_too_many_bytes_are_too_large() -> None:
    """One mebibyte is taken, one byte more is not."""
    filler = b'{"a":"' + b"x" * (1024 * 1024 - 8) + b'"}'
    assert len(load_json(filler)) == 1
    with pytest.raises(TooLargeError):
        load_json(filler + b" ")
    with pytest.raises(TooLargeError):
        load_json(b'{"a":1}', limit=6)


def test_sixty_four_levels_are_read() -> None:
    """And many values, where there is room for them."""
    assert load_json(nested(64))
    assert len(load_json(b'{"a":' + orjson.dumps(list(range(99_999))) + b"}")["a"]) == 99_999  # type: ignore[arg-type]


def test_a_text_about_nul_is_no_nul() -> None:
    """An escaped backslash before `u0000` is six harmless characters."""
    assert load_json(b'{"a":"\\\\u0000"}') == {"a": "\\u0000"}


def test_a_byte_order_mark_is_passed_over() -> None:
    """Some blogs send one."""
    assert load_json(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


def test_numbers_beyond_an_integer_stay_numbers() -> None:
    """They become doubles."""
    assert load_json(b'{"a":18446744073709551616}') == {"a": 2.0**64}


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Nothing but MalformedError."""
    for attempt in (raw, b'{"a":"' + raw + b'"}', b'{"a":' + raw + b"}"):
        try:
            load_json(attempt)
        except MalformedError:
            continue
