"""The pages of safety."""

from server.safety.pages import apart, blocks, reporting, reports

routes = (apart.routes, blocks.routes, reporting.routes, reports.routes)
