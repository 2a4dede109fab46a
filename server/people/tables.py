"""The tables of accounts: people, sessions, invitations, password resets, notifications."""

from datetime import datetime

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.people.rules import MailPreference, SignUps


class Person(Model):
    """Somebody with an account here. The row outlives the account, so that no name is given out
    twice.
    """

    id = fields.BigIntField(primary_key=True)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "node.Actor", related_name="person", on_delete=fields.RESTRICT
    )
    actor_id: int
    name = fields.CharField(max_length=30, unique=True)
    """In lower case; the last part of the actor's id."""
    email = fields.CharField(max_length=254, unique=True, null=True)
    """In lower case; null where none was given, or the account is closed."""
    email_confirmed = fields.BooleanField(default=False)
    """Whether a link that was sent to it was followed."""
    password_hash = fields.CharField(max_length=255, null=True)
    """Argon2id, with its parameters; null where the account can't be signed in to."""
    is_steward = fields.BooleanField(default=False)
    mail_preference = fields.CharEnumField(
        MailPreference, max_length=16, default=MailPreference.IMMEDIATE
    )
    summary_source = fields.TextField(default="")
    """Markdown, as written; the actor holds the HTML."""
    fields_source = fields.TextField(default="[]")
    """Lines of the profile as written, [[name, value], ...]."""
    picture_id = fields.BigIntField(null=True)
    """The profile's picture (media.Picture)."""
    picture_alt = fields.CharField(max_length=1500, default="")
    hides_thanks = fields.BooleanField(default=False)
    """Whether thanks to them are in no list."""
    created_at = fields.DatetimeField()
    digest_at = fields.DatetimeField(null=True)
    """When notifications last left together by e-mail."""
    deactivated_at = fields.DatetimeField(null=True)
    """Since when nobody can sign in: a steward's doing, or the account is closed."""
    closed_at = fields.DatetimeField(null=True)
    """When the person closed the account; it doesn't open again."""

    class Meta:
        """Found by name or by e-mail address."""

        table = "people"


class Session(Model):
    """A browser that somebody is signed in with."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "node.Person", related_name="sessions", on_delete=fields.CASCADE
    )
    person_id: int
    created_at = fields.DatetimeField()
    used_at = fields.DatetimeField()
    """To within a few minutes."""
    expires_at = fields.DatetimeField()
    browser = fields.CharField(max_length=100, default="")
    """In words."""
    network = fields.CharField(max_length=64, default="")
    """The neighbourhood it was started from, never the whole address."""

    class Meta:
        """Old ones are swept."""

        table = "sessions"
        indexes = (("expires_at",),)


class Invitation(Model):
    """A link that lets somebody join."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    made_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "node.Person", related_name="invitations", on_delete=fields.CASCADE
    )
    made_by_id: int
    note = fields.CharField(max_length=200, default="")
    uses_left = fields.IntField()
    used = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        """Few at a time."""

        table = "invitations"


class PasswordReset(Model):
    """A link that lets somebody choose a new password, once."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "node.Person", related_name="resets", on_delete=fields.CASCADE
    )
    person_id: int
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        """Old ones are swept."""

        table = "password_resets"
        indexes = (("expires_at",),)


class Notification(Model):
    """Something that a person is told of."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "node.Person", related_name="notifications", on_delete=fields.CASCADE
    )
    person_id: int
    kind = fields.CharField(max_length=32)
    actor: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="caused", null=True, on_delete=fields.CASCADE
    )
    actor_id: int | None
    """Who did it."""
    post_id = fields.BigIntField(null=True, db_index=True)
    """What it is about (posts.Post)."""
    text = fields.CharField(max_length=500)
    """One plain sentence without the name of who did it: "thanked you for …"."""
    created_at = fields.DatetimeField()
    read_at: datetime | None = fields.DatetimeField(null=True)
    mailed_at = fields.DatetimeField(null=True)

    class Meta:
        """Read newest first."""

        table = "notifications"
        indexes = (
            ("person_id", "id"),
            ("person_id", "read_at"),
            ("person_id", "mailed_at"),
            ("created_at",),
        )


class Admission(Model):
    """Who may join this hub: one row."""

    id = fields.IntField(primary_key=True)
    sign_ups = fields.CharEnumField(SignUps, max_length=16, default=SignUps.INVITATION)

    class Meta:
        """Its id is 1; without the row it is by invitation."""

        table = "admission"


class Attempt(Model):
    """How often something was tried lately, by somebody or from somewhere."""

    key = fields.CharField(max_length=64, primary_key=True)
    """A tag made with the node's key: no name and no address can be read from it."""
    tries = fields.IntField()
    until_ms = fields.BigIntField()
    """When counting begins anew (milliseconds since the epoch)."""

    class Meta:
        """Counted in the database, so that every process counts together and a restart forgets
        nothing.
        """

        table = "attempts"
        indexes = (("until_ms",),)
