"""The pages of experiments."""

from server.experiments.pages import (
    adapting,
    asking,
    entries,
    going_on,
    keyed,
    lineage,
    measuring,
    numbers,
    reading,
    retelling,
    sharing,
)

routes = (
    sharing.routes,
    reading.routes,
    going_on.routes,
    entries.routes,
    measuring.routes,
    numbers.routes,
    keyed.routes,
    asking.routes,
    adapting.routes,
    lineage.routes,
    retelling.routes,
)
