"""The whole script: four places, and all that happens at them."""

from server.cli.demo import answers, celebrated, kelderby, lantern, low_marsh, mossrigg, tried
from server.cli.demo.script import Script

SCRIPT = Script(
    places=(kelderby.PLACE, low_marsh.PLACE, mossrigg.PLACE, lantern.PLACE),
    acts=(
        *kelderby.ACTS, *low_marsh.ACTS, *mossrigg.ACTS, *lantern.ACTS, *answers.ACTS, *tried.ACTS,
        *celebrated.ACTS,
    ),
)  # fmt: skip
