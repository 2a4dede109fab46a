"""What stewards fill in to follow many."""

from server.errors import RefusedError
from server.network.formats import reading
from server.network.formats.reading import Reading
from server.network.rules.sharing import TITLE_LIMIT, WORDS_LIMIT
from server.web.forms import Area, Choice, File, Form, Text

ROOM = 200_000
"""Characters that may be pasted: 2,000 lines of a hundred."""


NOBODY = "There is no handle and no address in it"


class SubscribeForm(Form):
    """A list, pasted or as a file."""

    addresses = Area(
        "Paste a list",
        hint="One in each line: a handle such as @hello@hub.example, or the address of a page.",
        rows=6,
        limit=ROOM,
    )
    file = File(
        "Or choose a file",
        hint="Plain text, a table as Mastodon exports it (CSV), or an outline (OPML).",
        accept=(".csv", ".opml", ".txt", ".xml", "text/csv", "text/plain", "text/x-opml"),
        limit=reading.MOST_BYTES,
    )
    read_list: Reading

    def check(self) -> None:
        """Read the list. What is wrong with a single line is no mistake of the form."""
        self.read_list = Reading()
        where = "file" if self.file else "addresses"
        if not self.addresses and not self.file:
            if not self.errors:
                self.wrong("addresses", "Paste a list, or choose a file")
            return
        if self.addresses and self.file:
            self.wrong("file", "Paste a list or choose a file, not both")
            return
        try:
            text = reading.decoded(self.file.data) if self.file else self.addresses
            self.read_list = reading.read(text)
        except RefusedError as error:
            self.wrong(where, str(error))
            return
        if not self.read_list.lines:
            self.wrong(where, NOBODY)

    @property
    def title(self) -> str:
        """What to call the list."""
        number = len(self.read_list.lines)
        pasted = f"{number:,} addresses, pasted" if number != 1 else "One address, pasted"
        return (self.file.filename if self.file else "") or pasted


class TakeUpForm(Form):
    """A list elsewhere."""

    uri = Text(
        "The address of a list that another hub shares",
        hint="It looks like https://hub.example/lists/hubs-in-the-north.",
        required="Give the address of a list",
        limit=2_000,
    )


class ListForm(Form):
    """What a list of hubs is called, and what it is for."""

    title = Text(
        "What is the list called?",
        hint="For example “Hubs in the north”.",
        required="Give the list a name",
        limit=TITLE_LIMIT,
    )
    words = Area(
        "What is it for?",
        hint="Who is in it, who looks after it, and how to be put into it.",
        rows=3,
        limit=WORDS_LIMIT,
    )


class AddForm(Form):
    """Hubs to put into a list."""

    addresses = Area(
        "Whom to put into the list",
        hint="Up to 50, one in each line: a handle such as @hello@hub.example, or an address.",
        rows=3,
        required="Give at least one handle or address",
        limit=20_000,
    )
    read_list: Reading

    def check(self) -> None:
        """Read whom it names; a line that names nobody is a mistake."""
        self.read_list = Reading()
        if self.errors:
            return
        try:
            self.read_list = reading.read(self.addresses)
        except RefusedError as error:
            self.wrong("addresses", str(error))
        for one in self.read_list.problems:
            self.wrong("addresses", f"Line {one.number}: {one.reason}")


class GatherForm(Form):
    """A list of this hub, to put those into whom another list has reached."""

    slug = Choice("Into which list?", required="Choose a list", as_list=True)
