"""Experiments and their updates as other hubs read them (wire-examples.md), both ways."""

from server.experiments.wire.experiment import from_wire, to_wire
from server.experiments.wire.update import update_from_wire, update_to_wire

__all__ = ["from_wire", "to_wire", "update_from_wire", "update_to_wire"]
