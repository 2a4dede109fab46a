"""An experiment as `fettle:experiment`, both ways."""

from federation import uris, vocab
from server.experiments.rules.cycles import CYCLES, TEXTS, Act, Cycle
from server.experiments.rules.experiment import INSPIRED_BY, Aim, Experiment
from server.experiments.rules.measures import Numbered
from server.experiments.rules.stages import CHANGES, Reason, Stage, StageEntry
from server.experiments.wire.adaptation import adaptation_from_wire, adaptation_to_wire
from server.experiments.wire.measure import measure_to_wire, measures_from_wire
from server.posts.terms import (
    SHORT,
    day,
    number,
    objects,
    organisations,
    organisations_to_wire,
    text,
    texts,
    word,
)

WORDS = {
    "problem": "problem",
    "idea": "idea",
    "livedExperience": "lived_experience",
    "setting": "setting",
    "cost": "cost",
    "equity": "equity",
    "learning": "learning",
    "helpWanted": "help_wanted",
    "interests": "interests",
}
AIM = {"what": "what", "howMuch": "how_much", "by": "by", "forWhom": "for_whom"}
CYCLE = {("comparedWithPrediction" if name == "compared_with_prediction" else name): name
         for name in TEXTS}  # fmt: skip


def to_wire(
    experiment: Experiment, *, language: str, licence: str, adaptations: str = ""
) -> vocab.JsonObject:
    """Return the terms that other hubs read; `adaptations` is where those are listed that go back
    to it.
    """
    terms: vocab.JsonObject = {"title": experiment.title}
    terms |= {term: found for term, name in WORDS.items() if (found := getattr(experiment, name))}
    aim: vocab.JsonObject = {
        term: found for term, name in AIM.items() if (found := getattr(experiment.aim, name))
    }
    optional: vocab.JsonObject = {
        "who": experiment.who,
        "inspiredBy": list(experiment.inspired_by),
        "aim": aim,
        "places": list(experiment.places),
        "organisations": organisations_to_wire(experiment.organisations),
        "topics": list(experiment.topics),
        "stage": experiment.stage and str(experiment.stage),
        "stages": [_stage(one) for one in experiment.stages],
        "cycles": [_cycle(one) for one in experiment.cycles],
        "measures": [measure_to_wire(one.measure, id=one.uri) for one in experiment.measures],
        "adaptedFrom": adaptation_to_wire(how) if (how := experiment.adapted_from) else None,
        "adaptations": adaptations,
    }
    terms |= {term: value for term, value in optional.items() if value}
    return terms | {"language": language, "licence": licence}


def _stage(entry: StageEntry) -> vocab.JsonObject:
    terms: vocab.JsonObject = {"stage": str(entry.stage), "at": entry.at.isoformat()}
    optional = {"why": entry.why, "reason": entry.reason or "", "learned": entry.learned}
    return terms | {term: str(value) for term, value in optional.items() if value}


def _cycle(cycle: Cycle) -> vocab.JsonObject:
    terms: vocab.JsonObject = {"number": cycle.number}
    terms |= {term: found for term, name in CYCLE.items() if (found := getattr(cycle, name))}
    optional = {
        "act": str(cycle.act or ""),
        "started": cycle.started.isoformat() if cycle.started else "",
        "ended": cycle.ended.isoformat() if cycle.ended else "",
    }
    return terms | {term: value for term, value in optional.items() if value}


def from_wire(terms: vocab.JsonObject) -> Experiment:
    """Read a peer's experiment."""
    stages = tuple(
        found for one in objects(terms, "stages", CHANGES) if (found := _read_stage(one))
    )
    aim = terms.get("aim")
    aim = aim if isinstance(aim, dict) else {}
    return Experiment(
        title=text(terms, "title", SHORT),
        **{name: text(terms, term) for term, name in WORDS.items()},
        who=text(terms, "who", SHORT),
        inspired_by=_inspired_by(terms),
        aim=Aim(**{name: text(aim, term, SHORT) for term, name in AIM.items()}),
        places=texts(terms, "places"),
        organisations=organisations(terms),
        topics=texts(terms, "topics"),
        stage=word(terms, "stage", Stage) or (stages[-1].stage if stages else None),
        stages=stages,
        cycles=_read_cycles(terms),
        measures=tuple(
            Numbered(number=at, uri=uri, measure=measure)
            for at, (uri, measure) in enumerate(measures_from_wire(terms).items(), 1)
        ),
        adapted_from=adaptation_from_wire(terms.get("adaptedFrom")),
    )


def _inspired_by(terms: vocab.JsonObject) -> tuple[str, ...]:
    value = terms.get("inspiredBy")
    found = [one for one in value if uris.is_web_uri(one)] if isinstance(value, list) else []
    return tuple(dict.fromkeys(str(one) for one in found))[:INSPIRED_BY]


def _read_stage(terms: vocab.JsonObject) -> StageEntry | None:
    stage, at = word(terms, "stage", Stage), day(terms, "at")
    if stage is None or at is None:
        return None
    stopped = stage is Stage.STOPPED
    return StageEntry(
        stage=stage,
        at=at,
        why=text(terms, "why"),
        reason=word(terms, "reason", Reason) if stopped else None,
        learned=text(terms, "learned") if stopped else "",
    )


def _read_cycles(terms: vocab.JsonObject) -> tuple[Cycle, ...]:
    """Return the cycles by their numbers; of two with the same number the first counts."""
    found: dict[int, Cycle] = {}
    for one in objects(terms, "cycles", CYCLES):
        at = number(one, "number", 10**6)
        if at is not None:
            found.setdefault(at, _read_cycle(one, at))
    return tuple(found[at] for at in sorted(found))


def _read_cycle(terms: vocab.JsonObject, at: int) -> Cycle:
    return Cycle(
        number=at,
        **{name: text(terms, term) for term, name in CYCLE.items()},
        act=word(terms, "act", Act),
        started=day(terms, "started"),
        ended=day(terms, "ended"),
    )
