"""An experiment and an update as other hubs read them, and what odd peers may send."""

from datetime import date
from typing import Any

import pytest

from server.experiments import wire
from server.experiments.markdown import experiment_from_markdown
from server.experiments.rules.cycles import CYCLES
from server.experiments.rules.experiment import INSPIRED_BY, Experiment
from server.experiments.rules.measures import Point, Reported
from server.experiments.rules.stages import CHANGES, Stage
from server.experiments.rules.updates import Update
from server.posts.rules import WARNING_LIMIT
from server.posts.terms import MANY, SHORT, TEXT
from tests.server.experiments.written import EXPERIMENT, MEASURE


def told(experiment: Experiment = EXPERIMENT) -> dict[str, Any]:
    """Return an experiment's terms."""
    return wire.to_wire(experiment, language="en-GB", licence="https://cc.example/")


def test_what_travels_is_read_back_whole() -> None:
    """Every field, every line of the log, every cycle."""
    assert wire.from_wire(told()) == EXPERIMENT


def test_an_update_is_read_back_whole() -> None:
    """But for why it stopped, which the log of stages says."""
    point = Reported(measure=MEASURE.uri, point=Point(at=date(2026, 11, 16), value=31))
    update = Update(text="Fewer", stage=Stage.WORKING, cycle=2, points=(point,))
    terms = wire.update_to_wire(update, experiment="https://a.test/x")
    assert terms["experiment"] == "https://a.test/x"
    assert wire.update_from_wire(terms) == update
    assert terms["points"] == [{"measure": MEASURE.uri, "at": "2026-11-16", "value": 31}]
    assert "points" not in wire.update_to_wire(Update(text="Fewer"), experiment="x")


def test_the_names_are_those_of_the_wire() -> None:
    """As wire-examples.md has them."""
    terms = told()
    assert set(terms) == {
        "title", "problem", "inspiredBy", "aim", "idea", "who", "livedExperience", "setting",
        "cost", "equity", "stage", "stages", "cycles", "measures", "learning", "helpWanted",
        "adaptedFrom", "interests", "places", "organisations", "topics",
        "language", "licence",
    }  # fmt: skip
    assert set(terms["aim"]) == {"what", "howMuch", "by", "forWhom"}
    assert set(terms["cycles"][0]) == {
        "number", "question", "prediction", "plan", "observed", "surprises",
        "comparedWithPrediction", "learned", "act", "started", "ended",
    }  # fmt: skip
    assert terms["stages"][2] == {
        "stage": "stopped", "at": "2026-11-15", "reason": "ran-out",
        "learned": "It needs **two** people.",
    }  # fmt: skip


ODD: list[Any] = [None, 7, True, 1e400, [], {}, ["x"], [{}], [{"stage": 7, "at": []}], "x" * 99_999]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: str(odd)[:20])
@pytest.mark.parametrize("term", [*told(), "fettle:other"])
def test_a_term_of_another_shape_is_left_out(term: str, odd: Any) -> None:
    """Nothing a peer sends breaks the page; what is too long is cut."""
    read = wire.from_wire(told() | {term: odd})
    assert len(read.title) <= SHORT
    assert all(len(text) <= TEXT for text in read.texts)
    assert all(isinstance(one, str) for one in (*read.places, *read.inspired_by))


def test_a_stage_that_does_not_exist_is_none() -> None:
    """The last one of the log that does stands in for it; unknown lines are left out."""
    terms = told() | {"stage": "perfect"}
    assert wire.from_wire(terms).stage is Stage.STOPPED
    stages: list[Any] = [{"stage": "perfect", "at": "2026-10-02"}, {"stage": "idea", "at": "soon"}]
    read = wire.from_wire(terms | {"stages": stages})
    assert (read.stage, read.stages) == (None, ())


def test_a_moment_counts_as_its_day() -> None:
    """Some write the hour too."""
    read = wire.from_wire({"stages": [{"stage": "idea", "at": "2026-10-02T09:00:00Z"}]})
    assert read.stages[0].at.isoformat() == "2026-10-02"


def test_a_list_of_a_peer_is_bounded() -> None:
    """Stages, cycles, stories, places."""
    many: list[Any] = [f"https://a.test/{number}" for number in range(1_000)]
    read = wire.from_wire(
        {
            "stages": [{"stage": "idea", "at": "2026-10-02"}] * 1_000,
            "cycles": [{"number": number + 1, "question": "q"} for number in range(1_000)],
            "inspiredBy": many, "places": many,
        }
    )  # fmt: skip
    assert len(read.stages) == CHANGES
    assert len(read.cycles) == CYCLES
    assert len(read.inspired_by) == INSPIRED_BY
    assert len(read.places) == MANY


def test_only_web_addresses_inspire() -> None:
    """Each once."""
    given: list[Any] = ["javascript:alert(1)", "https://a.test/1", "https://a.test/1", "x", 7, {}]
    assert wire.from_wire({"inspiredBy": given}).inspired_by == ("https://a.test/1",)


def test_of_two_cycles_with_one_number_the_first_counts() -> None:
    """And a number is a number."""
    cycles: list[Any] = [
        {"number": 2, "question": "b"}, {"number": 1, "question": "a"},
        {"number": 2, "question": "c"}, {"number": "3"}, {"number": True}, {"number": -1},
    ]  # fmt: skip
    read = wire.from_wire({"cycles": cycles})
    assert [(one.number, one.question) for one in read.cycles] == [(1, "a"), (2, "b")]


@pytest.mark.parametrize("odd", [None, 7, [], {}, "x" * 99_999])
@pytest.mark.parametrize("term", ["text", "stage", "cycle", "experiment", "points"])
def test_an_odd_update_is_read_as_far_as_it_goes(term: str, odd: Any) -> None:
    """No term of another shape breaks it."""
    read = wire.update_from_wire({"text": "Fewer", term: odd})
    assert len(read.text) <= TEXT
    assert read.stage is None


def test_a_file_is_read_by_its_headings() -> None:
    """The problem follows the title; a heading of no part stays in the text."""
    read = experiment_from_markdown(
        "# The call\n\nNobody looks.\n\n## Why\n\nNo time.\n\n## What we are trying\n\nAt four.\n\n"
        "## WHAT WE HAVE LEARNED\nLook first.\n## Before you read\n"
        f"{'x' * 400}\n## Organisation\n\n"
    )
    assert read.title == "The call"
    assert read.problem == "Nobody looks.\n\n## Why\n\nNo time."
    assert (read.idea, read.learning, read.cost) == ("At four.", "Look first.", "")
    assert (read.warning, read.organisations) == ("x" * WARNING_LIMIT, ())
