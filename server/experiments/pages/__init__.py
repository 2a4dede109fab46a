"""The pages of experiments."""

from server.experiments.pages import (
    asking,
    going_on,
    measuring,
    numbers,
    reading,
    sharing,
)

routes = (
    sharing.routes,
    reading.routes,
    going_on.routes,
    measuring.routes,
    numbers.routes,
    asking.routes,
)
