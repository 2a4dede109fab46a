"""The tables of saved views, and of who gets letters about them."""

from urllib.parse import parse_qsl, quote, urlencode

from tortoise import fields

from server.db import Model
from server.people.tables import Person
from server.search.rules.filter import Filter
from server.views.rules.periods import Period
from server.views.rules.saving import Saying


class SavedView(Model):
    """A choice among all that is known, with a name."""

    id = fields.BigIntField(primary_key=True)
    slug = fields.CharField(max_length=100, unique=True)
    """Its name in an address; it stays when the view is renamed."""
    name = fields.CharField(max_length=100)
    about = fields.CharField(max_length=1000, default="")
    query = fields.TextField(default="")
    """The choice, as it stands in an address."""
    is_public = fields.BooleanField(default=True)
    """Whether it is for everybody; else only for those who are signed in here."""
    made_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "node.Person", related_name="views", on_delete=fields.CASCADE
    )
    made_by_id: int
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        """Listed the newest first."""

        table = "saved_views"
        indexes = (("is_public", "id"), ("made_by_id",))

    @property
    def chosen(self) -> Filter:
        """What it shows."""
        return Filter.read(dict(parse_qsl(self.query)))

    @property
    def path(self) -> str:
        """Its page, as it stands in an address."""
        return f"/views/{quote(self.slug)}"

    @property
    def saying(self) -> Saying:
        """What it says of itself, and what it shows."""
        return Saying(
            name=self.name, about=self.about, chosen=self.chosen, is_public=self.is_public
        )

    def write(self, saying: Saying) -> None:
        """Take over what a view says; the caller saves."""
        self.name, self.about, self.is_public = saying.name, saying.about, saying.is_public
        self.query = urlencode(saying.chosen.as_query())


class ViewLetter(Model):
    """Somebody gets letters about what is new in a view."""

    id = fields.BigIntField(primary_key=True)
    view: fields.ForeignKeyRelation[SavedView] = fields.ForeignKeyField(
        "node.SavedView", related_name="letters", on_delete=fields.CASCADE
    )
    view_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "node.Person", related_name="view_letters", on_delete=fields.CASCADE
    )
    person_id: int
    period = fields.CharEnumField(Period, max_length=16)
    due_at = fields.DatetimeField()
    """When the next one leaves. Whoever is about to write it moves this on a little, so that no
    other does, and it is due again should they not come to the end.
    """
    told_until = fields.DatetimeField()
    """What came here after that is new."""
    telling_until = fields.DatetimeField(null=True)
    """Up to where the letter tells that is being written, or was when whoever wrote it broke off;
    null where there is none.
    """

    class Meta:
        """One a person and view; taken by when they are due."""

        table = "view_letters"
        unique_together = (("view", "person"),)
        indexes = (("person_id",), ("due_at", "id"))
