"""The published JSON Schemas are sound, and what we write keeps to them."""

import json
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from server.experiments import wire as experiments
from server.experiments.rules.cycles import Act
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.measures import (
    ChartKind,
    Direction,
    Frequency,
    Kind,
    Measure,
    Point,
    Reported,
)
from server.experiments.rules.stages import Reason, Stage, first
from server.experiments.rules.updates import Update
from server.experiments.wire.measure import measure_to_wire
from server.posts.rules import Organisation
from server.responses import wire as responses
from server.responses.rules import Response, ResponseKind
from server.stories import wire as stories
from server.stories.rules import AuthorRole, Story
from tests.architecture.sources import ROOT
from tests.server.experiments.test_measure_wire import WHOLE as MEASURE
from tests.server.experiments.written import EXPERIMENT

FOLDER = ROOT / "docs" / "schemas"

WHOLE = Story(
    title="Home by six",
    what_happened="Mum was discharged **late**.",
    what_people_tried="The clerk rang round.",
    what_might_help="A list by the phone.",
    what_was_good="The neighbours.",
    author_role=AuthorRole.RELATIVE,
    feelings=("worried", "relieved"),
    when_approx="2026-10",
    places=("Leeds",),
    organisations=(Organisation(name_then="St Hilda's, ward 7", kind="trust"),),
    topics=("discharge",),
    interests="I volunteer there.",
)


def schema(name: str) -> dict[str, Any]:
    """Return one of our schemas."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def validator(name: str) -> Draft202012Validator:
    """Return the validator of one of our schemas, once it is seen to be one."""
    Draft202012Validator.check_schema(schema(name))
    return Draft202012Validator(schema(name))


@pytest.mark.parametrize("story", [WHOLE, Story(title="Short", what_was_good="All of it.")])
def test_a_story_as_we_write_it_keeps_to_its_schema(story: Story) -> None:
    """With everything filled in, and with only what is required."""
    licence = "https://creativecommons.org/licenses/by/4.0/"
    validator("story").validate(stories.to_wire(story, language="en-GB", licence=licence))


LEAST = Experiment(
    title="t", problem="p", idea="i", stage=Stage.IDEA,
    stages=(first(Stage.IDEA, at=date(2026, 10, 2)),),
)  # fmt: skip


@pytest.mark.parametrize("experiment", [EXPERIMENT, LEAST])
def test_an_experiment_as_we_write_it_keeps_to_its_schema(experiment: Experiment) -> None:
    """With everything filled in, and with only what is required."""
    licence = "https://creativecommons.org/licenses/by/4.0/"
    terms = experiments.to_wire(experiment, language="en-GB", licence=licence)
    validator("experiment").validate(terms)


@pytest.mark.parametrize("measure", [MEASURE, Measure(name="Falls")])
def test_a_measure_as_we_write_it_keeps_to_its_schema(measure: Measure) -> None:
    """With everything filled in, and with only what is required."""
    told = TOLD | {"measures": [measure_to_wire(measure, id=f"{EXAMPLE}/measures/1")]}
    validator("experiment").validate(told)


@pytest.mark.parametrize("stage", [None, *Stage])
def test_an_update_as_we_write_it_keeps_to_its_schema(stage: Stage | None) -> None:
    """With and without a new stage, a cycle and points."""
    point = Reported(measure=f"{EXAMPLE}/1", point=Point(at=date(2026, 11, 16), value=31))
    update = Update(text="**Fewer**", stage=stage, cycle=1, points=(point,))
    validator("update").validate(experiments.update_to_wire(update, experiment=EXAMPLE))
    bare = Update(text="Fewer", stage=stage)
    validator("update").validate(experiments.update_to_wire(bare, experiment=EXAMPLE))


@pytest.mark.parametrize("kind", [None, *ResponseKind])
def test_a_response_as_we_write_it_keeps_to_its_schema(kind: ResponseKind | None) -> None:
    """Of every kind, and of none."""
    response = Response(
        text="We will.",
        kind=kind,
        change="A list by the phone.",
        when=date(2027, 2, 28),
        experiment="https://ward.test/experiments/1",
        on_behalf_of="Ward 7",
        interests="I work there.",
        thanked="The night team",
        thanked_for="staying on",
    )
    validator("response").validate(responses.to_wire(response))


EXAMPLE = "https://ward.test/experiments/1"
TOLD: dict[str, Any] = {
    "title": "t", "problem": "p", "idea": "i", "stage": "idea",
    "stages": [{"stage": "idea", "at": "2026-10-02"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("story", {"title": "Nothing in it"}),
        ("story", {"whatHappened": "No title"}),
        ("story", {"title": "t", "whatHappened": "w", "authorRole": "chief executive"}),
        ("response", {"kind": "change-planned"}),
        ("response", {"kind": "applause"}),
        ("experiment", {"title": "t", "problem": "p", "idea": "i", "stage": "idea"}),
        ("experiment", TOLD | {"stage": "perfect"}),
        ("experiment", TOLD | {"stages": [{"stage": "stopped", "at": "2026-10-02"}]}),
        ("experiment", TOLD | {"measures": [{"name": "Falls"}]}),
        ("experiment", TOLD | {"cycles": [{"number": 0, "question": "q"}]}),
        ("update", {"text": "Of nothing"}),
        ("update", {"experiment": "https://ward.test/x", "text": "t", "points": [{"value": 1}]}),
    ],
)
def test_what_is_wrong_is_refused(name: str, wrong: dict[str, Any]) -> None:
    """The schemas do not let everything pass."""
    assert not validator(name).is_valid(wrong)


def test_every_word_of_the_rules_is_in_the_schema() -> None:
    """A new role or kind is added to the schema in the same change."""
    story, response = schema("story"), schema("response")
    assert story["properties"]["authorRole"]["enum"] == [str(role) for role in AuthorRole]
    assert response["properties"]["kind"]["enum"] == [str(kind) for kind in ResponseKind]
    experiment, update = schema("experiment"), schema("update")
    stages = [str(stage) for stage in Stage]
    assert experiment["$defs"]["stage"]["enum"] == stages
    assert update["properties"]["stage"]["enum"] == stages
    measure = experiment["$defs"]["measure"]["properties"]
    for term, known in (
        ("kind", Kind), ("direction", Direction), ("frequency", Frequency), ("chart", ChartKind),
    ):  # fmt: skip
        assert measure[term]["enum"] == [str(one) for one in known]
    entry, cycle = (experiment["properties"][name]["items"] for name in ("stages", "cycles"))
    assert entry["properties"]["reason"]["enum"] == [str(reason) for reason in Reason]
    assert cycle["properties"]["act"]["enum"] == [str(act) for act in Act]


def test_the_schema_of_experiments_refuses_nothing_it_should_let_pass() -> None:
    """The least that the cases above are made of."""
    validator("experiment").validate(TOLD)
