"""A measure with its numbers, as one of `measures` in `fettle:experiment`, both ways."""

import math

from federation import uris, vocab
from server.experiments.rules.measures import (
    LARGEST,
    LINE_LIMIT,
    MEASURES,
    NAME_LIMIT,
    NOTE_LIMIT,
    POINTS,
    REBASES,
    TEXT_LIMIT,
    ChartKind,
    Direction,
    Frequency,
    Kind,
    Measure,
    Point,
    Rebase,
    ordered,
)
from server.posts.terms import day, number, objects, text, word


def measure_to_wire(measure: Measure, *, id: str) -> vocab.JsonObject:  # noqa: A002 - its term
    """Return the terms that other hubs read; `id` is the measure's, and never changes."""
    terms: vocab.JsonObject = {
        "id": id,
        "name": measure.name,
        "kind": str(measure.kind),
        "direction": str(measure.direction),
        "chart": str(measure.chart),
    }
    optional: vocab.JsonObject = {
        "definition": measure.definition or None,
        "unit": measure.unit or None,
        "target": _short(measure.target),
        "frequency": measure.frequency and str(measure.frequency),
        "baseline": measure.baseline,
        "rebase": [{"at": one.at.isoformat(), "why": one.why} for one in measure.rebases] or None,
        "countsPeople": measure.counts_people or None,
        "points": [point_to_wire(point) for point in measure.points] or None,
    }
    return terms | {term: value for term, value in optional.items() if value is not None}


def point_to_wire(point: Point) -> vocab.JsonObject:
    """Return one number."""
    terms: vocab.JsonObject = {"at": point.at.isoformat(), "value": _short(point.value)}
    optional: vocab.JsonObject = {
        "n": _short(point.n),
        "note": point.note or None,
        "cycle": point.cycle,
        "excluded": point.excluded or None,
    }
    return terms | {term: value for term, value in optional.items() if value is not None}


def measures_from_wire(terms: vocab.JsonObject) -> dict[str, Measure]:
    """Read a peer's measures by their ids, as many as there may be; one that has no id or no name
    is left out, and so is a number that can't be drawn.
    """
    found: dict[str, Measure] = {}
    for one in objects(terms, "measures", MEASURES):
        at, name = one.get("id"), text(one, "name", NAME_LIMIT)
        if isinstance(at, str) and uris.is_web_uri(at) and name.strip():
            found.setdefault(at, measure_from_wire(one))
    return found


def point_from_wire(terms: vocab.JsonObject) -> Point | None:
    """Read one number, None where there is none that can be drawn."""
    at, value, n = day(terms, "at"), _number(terms, "value"), _number(terms, "n")
    if at is None or value is None:
        return None
    return Point(
        at=at,
        value=value,
        n=n if n is not None and n > 0 else None,
        note=text(terms, "note", NOTE_LIMIT),
        cycle=number(terms, "cycle", 10**6),
        excluded=text(terms, "excluded", NOTE_LIMIT),
    )


def measure_from_wire(terms: vocab.JsonObject) -> Measure:
    """Read one measure, whatever its id."""
    baseline = number(terms, "baseline", POINTS)
    return Measure(
        name=text(terms, "name", NAME_LIMIT),
        kind=word(terms, "kind", Kind) or Kind.OUTCOME,
        definition=text(terms, "definition", TEXT_LIMIT),
        unit=text(terms, "unit", LINE_LIMIT),
        direction=word(terms, "direction", Direction) or Direction.NEUTRAL,
        target=_number(terms, "target"),
        frequency=word(terms, "frequency", Frequency),
        chart=word(terms, "chart", ChartKind) or ChartKind.XMR,
        baseline=baseline if baseline and baseline > 1 else None,
        rebases=tuple(
            Rebase(at=at, why=text(one, "why", NOTE_LIMIT))
            for one in objects(terms, "rebase", REBASES)
            if (at := day(one, "at"))
        ),
        points=_points(terms),
        counts_people=terms.get("countsPeople") is True,
    )


def _points(terms: vocab.JsonObject) -> tuple[Point, ...]:
    """Return the numbers by date; of two of the same day the first counts."""
    by_day: dict[str, Point] = {}
    for one in objects(terms, "points", POINTS):
        point = point_from_wire(one)
        if point is not None:
            by_day.setdefault(point.at.isoformat(), point)
    return ordered(by_day.values())


def _number(terms: vocab.JsonObject, name: str) -> float | None:
    value = terms.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= LARGEST and not math.isnan(value) else None


def _short(value: float | None) -> float | int | None:
    """Return a whole number as one: 42, not 42.0."""
    return int(value) if value is not None and value == int(value) else value
