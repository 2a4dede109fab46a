"""What is done so that people are safe. One verb, one transaction."""

from server.safety.service.blocking import (
    block,
    blocked_by,
    received,
    taken_back,
    unblock,
)
from server.safety.service.exporting import Format, exported
from server.safety.service.reporting import (
    decide,
    pass_on,
    reopen,
    report,
    report_of,
    reports,
    sweep,
    waiting_reports,
)
from server.safety.service.reporting import received as report_received
from server.safety.service.turning_away import (
    Turned,
    let_in_actor,
    let_in_host,
    turn_away,
    turned_away_actors,
    turned_away_hosts,
)

__all__ = [
    "Format",
    "Turned",
    "block",
    "blocked_by",
    "decide",
    "exported",
    "let_in_actor",
    "let_in_host",
    "pass_on",
    "received",
    "reopen",
    "report",
    "report_of",
    "report_received",
    "reports",
    "sweep",
    "taken_back",
    "turn_away",
    "turned_away_actors",
    "turned_away_hosts",
    "unblock",
    "waiting_reports",
]
