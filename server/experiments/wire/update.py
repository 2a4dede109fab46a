"""An update as `fettle:update`, both ways."""

from collections.abc import Sequence

from federation import vocab
from server.experiments.rules.stages import Stage
from server.experiments.rules.updates import Update
from server.posts.terms import number, text, word


def update_to_wire(
    update: Update, *, experiment: str, points: Sequence[vocab.JsonObject] = ()
) -> vocab.JsonObject:
    """Return the terms that other hubs read; `experiment` is the id of what it belongs to,
    `points` are those that came with it.
    """
    terms: vocab.JsonObject = {"experiment": experiment, "text": update.text}
    optional: vocab.JsonObject = {
        "stage": update.stage and str(update.stage),
        "cycle": update.cycle,
        "points": list(points),
    }
    return terms | {term: value for term, value in optional.items() if value}


def update_from_wire(terms: vocab.JsonObject) -> Update:
    """Read a peer's update. Which experiment it belongs to, its Note says by what it answers."""
    return Update(
        text=text(terms, "text"),
        stage=word(terms, "stage", Stage),
        cycle=number(terms, "cycle", 10**6),
    )
