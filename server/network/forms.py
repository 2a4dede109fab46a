"""What stewards fill in to follow many."""

from server.errors import RefusedError
from server.network.formats import reading
from server.network.formats.reading import Reading
from server.web.forms import Area, File, Form

ROOM = 200_000
"""Characters that may be pasted: 2,000 lines of a hundred."""


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
            self.wrong(where, "There is no handle and no address in it")

    @property
    def title(self) -> str:
        """What to call the list."""
        number = len(self.read_list.lines)
        pasted = f"{number:,} addresses, pasted" if number != 1 else "One address, pasted"
        return (self.file.filename if self.file else "") or pasted
