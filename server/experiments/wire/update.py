"""An update as `fettle:update`, both ways."""

from collections.abc import Iterable

from federation import uris, vocab
from server.experiments.rules.measures import MEASURES, POINTS, Reported
from server.experiments.rules.stages import Stage
from server.experiments.rules.updates import Update
from server.experiments.wire.measure import point_from_wire, point_to_wire
from server.posts.terms import number, objects, text, word


def update_to_wire(update: Update, *, experiment: str) -> vocab.JsonObject:
    """Return the terms that other hubs read; `experiment` is the id of what it belongs to."""
    terms: vocab.JsonObject = {"experiment": experiment, "text": update.text}
    optional: vocab.JsonObject = {
        "stage": update.stage and str(update.stage),
        "cycle": update.cycle,
        "points": reported_to_wire(update.points),
    }
    return terms | {term: value for term, value in optional.items() if value}


def update_from_wire(terms: vocab.JsonObject) -> Update:
    """Read a peer's update. Which experiment it belongs to, its Note says by what it answers."""
    return Update(
        text=text(terms, "text"),
        stage=word(terms, "stage", Stage),
        cycle=number(terms, "cycle", 10**6),
        points=reported_from_wire(terms),
    )


def reported_to_wire(points: Iterable[Reported]) -> list[vocab.Json]:
    """Return the numbers that came with an entry."""
    return [{"measure": one.measure, **point_to_wire(one.point)} for one in points]


def reported_from_wire(terms: vocab.JsonObject) -> tuple[Reported, ...]:
    """Read the numbers that came with an entry; one of no measure, or that can't be drawn, is left
    out.
    """
    found = []
    for one in objects(terms, "points", MEASURES * POINTS):
        measure, point = one.get("measure"), point_from_wire(one)
        if isinstance(measure, str) and uris.is_web_uri(measure) and point is not None:
            found.append(Reported(measure=measure, point=point))
    return tuple(found)
