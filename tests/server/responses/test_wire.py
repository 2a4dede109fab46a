"""What a response says travels whole, and what makes no sense is left out on the way in."""

from datetime import date
from typing import Any

import pytest

from server.responses import wire
from server.responses.forms import ResponseForm
from server.responses.rules import (
    EmptyResponseError,
    Response,
    ResponseKind,
    UnlikelyDateError,
    UnnamedExperimentError,
)

Kind = ResponseKind
EXPERIMENT = "https://ward.test/experiments/1"


@pytest.mark.parametrize("kind", [None, *Kind])
def test_every_kind_comes_back_as_it_was(kind: ResponseKind | None) -> None:
    """With all that belongs to it."""
    changes = kind in {Kind.CHANGE_PLANNED, Kind.CHANGE_MADE}
    said = Response(
        text="", kind=kind, change="A list." if changes else "",
        when=date(2027, 2, 28) if changes else None,
        experiment=EXPERIMENT if kind is Kind.STARTED_EXPERIMENT else "",
        on_behalf_of="Ward 7", interests="I work there.",
    )  # fmt: skip
    assert wire.from_wire(wire.to_wire(said)) == said


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "manifesto"},
        {"kind": ["thanks"]},
        {"kind": "started-experiment", "experiment": "javascript:alert(1)"},
        {"kind": "started-experiment", "experiment": "https://x.test/" + "a" * 9_000},
        {"kind": "started-experiment", "experiment": {"id": EXPERIMENT}},
        {"kind": "change-planned", "change": {"due": "99999-01-01"}},
        {"kind": "change-planned", "change": {"due": "9999-01-01"}},
        {"kind": "change-made", "change": {"done": "0001-01-01"}},
        {"kind": "change-made", "change": "everything"},
        {"onBehalfOf": 7, "interests": None},
    ],
)
def test_what_makes_no_sense_is_left_out(terms: dict[str, Any]) -> None:
    """Hostile kinds, dates and addresses."""
    read = wire.from_wire(terms)
    assert (read.when, read.experiment, read.change) == (None, "", "")
    assert (read.on_behalf_of, read.interests) == ("", "")
    assert read.kind in (None, *Kind)


def test_a_response_says_what_its_kind_needs() -> None:
    """Words, an address on the web, a likely date."""
    with pytest.raises(EmptyResponseError):
        Response(text=" ", kind=Kind.NO_CHANGE_BECAUSE, change="ignored").check()
    for address in ("", "javascript:alert(1)", "data:text/html,x"):
        with pytest.raises(UnnamedExperimentError):
            Response(text="See.", kind=Kind.STARTED_EXPERIMENT, experiment=address).check()
    with pytest.raises(UnlikelyDateError):
        Response(text="", kind=Kind.CHANGE_MADE, change="It.", when=date(9999, 1, 1)).check()
    Response(text="", kind=Kind.STARTED_EXPERIMENT, experiment=EXPERIMENT).check()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"kind": "change-planned"}, "change"),
        ({"kind": "change-planned", "change": "A list", "when": "1 May 99999"}, "when"),
        ({"kind": "change-planned", "change": "A list", "when": "1 May 9999"}, "when"),
        ({"kind": "no-change-because"}, "text"),
        ({"kind": "started-experiment", "text": "See"}, "experiment"),
        ({"kind": "started-experiment", "experiment": "javascript:alert(1)"}, "experiment"),
    ],
)
def test_the_form_says_what_is_missing(typed: dict[str, Any], wrong: str) -> None:
    """At the field where it is missing."""
    form = ResponseForm.filled(**typed)
    form.take_again()
    assert wrong in form.errors
