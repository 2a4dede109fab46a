"""What stewards are asked on the pages that gather."""

from server.delivery.service import REASON
from server.web.forms import Form, Text, Tick


class GiveUpForm(Form):
    """Why what waits for a server is given up."""

    reason = Text(
        "Why do you give it up?",
        hint="It is kept, and shown to whoever looks here and to the writers of what was waiting.",
        required="Say why in a few words",
        limit=REASON,
    )
    withdrawals = Tick(
        "Also what its writer has taken back",
        hint="Their copy then stays there. Without this tick we go on asking them to take it away.",
    )
