"""Words, what is asked for, and choices: the same however they are written."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.search.rules.asking import TERMS, Term, terms
from server.search.rules.cards import Thing, number, published_at, windows
from server.search.rules.filter import Filter
from server.search.rules.words import LONGEST, NO_WORD, REPEATS, WORDS, kept, stem, words

TOKENS_BREAK = set(" \t\n\"'()\\&|!<>,#$@;*+/?[]{}^`")


@given(st.text())
def test_words_are_their_own_words(text: str) -> None:
    """Whatever script: folded once they stay as they are, and hold nothing that engines read."""
    found = words(text)
    assert [one[:LONGEST] for one in words(" ".join(found))] == found
    for one in found:
        assert one
        assert not TOKENS_BREAK & set(one)
        assert NO_WORD not in one


@given(st.text(), st.text())
def test_a_text_holds_the_words_of_its_parts(one: str, other: str) -> None:
    """In their order: a phrase is found where it was said."""
    assert words(f"{one}\n{other}") == words(one) + words(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Ward's CLERK", ["the", "wards", "clerk"]),
        ("Mum’s café, naïve", ["mums", "cafe", "naive"]),
        ("day-care at 9.30", ["day", "care", "at", "9", "30"]),
        ("Straße ﬁne İstanbul", ["strasse", "fine", "istanbul"]),
        ("Łódź Ŵy ÎŷÔ", ["łodz", "wy", "iyo"]),
        ("under_score", ["under", "score"]),
        ("Привет мир", ["привет", "мир"]),
    ],
)
def test_words_are_folded(text: str, found: list[str]) -> None:
    """No capitals, no accents, no apostrophes within."""
    assert words(text) == found


def test_forms_of_a_word_have_one_stem() -> None:
    """And no stem is ever taken for a word."""
    assert len({stem(one) for one in ("discharge", "discharges", "discharged")}) == 1
    assert stem("knock") not in words("knock =knock")


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=1_000))
def test_a_word_that_is_said_too_often_leaves_its_place(said: list[str]) -> None:
    """So that phrases behind it are found where they are, and no more than PostgreSQL keeps."""
    found = kept([" ".join(said)])
    assert len(found) == 2 * len(said)
    for place, one in enumerate(said):
        assert found[place] in {one, NO_WORD}
        assert found[len(said) + place] in {stem(one), NO_WORD}
    assert all(found.count(one) <= REPEATS for one in ("a", "b", "c", "=a"))
    assert len(kept(["word "] * (WORDS + 1))) == 2 * WORDS


@given(st.text())
def test_anything_can_be_asked_for(text: str) -> None:
    """Whatever is typed becomes a few terms of words and stems."""
    found = terms(text)
    assert len(found) <= TERMS
    for term in found:
        assert term.tokens
        assert all(one and not TOKENS_BREAK & set(one) for one in term.tokens)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Discharges late", [Term(("=discharg",)), Term(("=late",))]),
        ('"late discharges" home', [Term(("late", "discharges")), Term(("=home",))]),
        ('"never closed', [Term(("never", "closed"))]),
        ("disch*", [Term(("disch",), beginning=True)]),
        ("di*", [Term(("=di",))]),
        ("day-car*", [Term(("=day",)), Term(("car",), beginning=True)]),
        ("late late", [Term(("=late",))]),
        ('"" * "—"', []),
    ],
)
def test_what_is_asked_for(text: str, found: list[Term]) -> None:
    """Words in any form, phrases as they stand, beginnings of three letters or more."""
    assert terms(text) == found


FILTERS = st.builds(
    Filter.read,
    st.dictionaries(
        st.sampled_from(["text", "kind", "topic", "place", "stage", "organisation", "hub", "role",
                         "measured", "page"]),
        st.text(),
    ),
)  # fmt: skip


@given(FILTERS)
def test_a_choice_is_what_its_address_says(chosen: Filter) -> None:
    """There and back, in one form."""
    assert Filter.read(chosen.as_query()) == chosen
    assert all(not TOKENS_BREAK & set(token) for one in chosen.terms for token in one.tokens)
    assert chosen.terms


def test_choices_are_read_as_people_write_them() -> None:
    """With a hash, in capitals, with spaces."""
    asked = {
        "topic": " #Sleep",
        "place": "Low Marsh",
        "hub": "Ward.TEST",
        "organisation": "St Hilda's",
    }
    chosen = Filter.read(asked)
    assert chosen == Filter(
        topic="sleep", place="low-marsh", hub="ward.test", organisation="st-hildas"
    )
    assert chosen.address("/network").startswith("/network?topic=sleep&place=low-marsh")
    assert Filter().address("/network") == "/network"


def test_a_thing_bears_the_marks_that_a_choice_looks_for() -> None:
    """Each choice finds it by what it says of itself."""
    thing = Thing(
        kind="story", author=7, hub="ward.test:8443", published_at=datetime(2027, 1, 2, tzinfo=UTC),
        texts=(), topics=("été",), places=("low-marsh",), organisations=("St Hilda's",),
        role="carer",
    )  # fmt: skip
    for chosen in (
        Filter(), Filter(topic="été"), Filter(place="low-marsh"), Filter(organisation="st-hildas"),
        Filter(kind="story", role="carer", hub="ward.test:8443"),
    ):  # fmt: skip
        assert {token for one in chosen.terms for token in one.tokens} <= set(thing.marks)
    [few, more] = windows(thing.published_at + timedelta(days=40))
    assert set(few) & set(thing.marks)
    assert few == ["y:2027-2", "y:2027-1"] == more[:2]
    assert more[-1] == "y:2026-7"
    [few, _] = windows(thing.published_at - timedelta(days=20), later=True)
    assert few == ["y:2026-12", "y:2027-1"]


EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as hypothesis wants it
MOMENTS = st.datetimes(min_value=EPOCH, timezones=st.just(UTC))


@given(MOMENTS, st.integers(0, 2**40))
@example(datetime(2515, 1, 1, 0, 0, 0, 999999, tzinfo=UTC), 0)  # no float is that fine
def test_things_are_numbered_in_time(at: datetime, row: int) -> None:
    """What was published in a later second has a larger number, whatever its row."""
    assert published_at(number(at, row)) == at.replace(microsecond=0)
    if at.year < 9999:
        assert number(at + timedelta(seconds=1), 0) > number(at, row)
