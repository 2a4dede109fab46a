"""Experiments and their updates as other hubs read them (wire-examples.md), both ways."""

from server.experiments.wire.adaptation import adaptation_from_wire, adaptation_to_wire
from server.experiments.wire.experiment import from_wire, to_wire
from server.experiments.wire.measure import (
    measure_from_wire,
    measure_to_wire,
    point_from_wire,
    point_to_wire,
)
from server.experiments.wire.update import (
    reported_from_wire,
    reported_to_wire,
    update_from_wire,
    update_to_wire,
)

__all__ = [
    "adaptation_from_wire",
    "adaptation_to_wire",
    "from_wire",
    "measure_from_wire",
    "measure_to_wire",
    "point_from_wire",
    "point_to_wire",
    "reported_from_wire",
    "reported_to_wire",
    "to_wire",
    "update_from_wire",
    "update_to_wire",
]
