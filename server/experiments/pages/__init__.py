"""The pages of experiments."""

from server.experiments.pages import asking, going_on, reading, sharing

routes = (sharing.routes, reading.routes, going_on.routes, asking.routes)
