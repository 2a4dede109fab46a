"""Written by `make migration`."""

# ruff: noqa: I001, RUF012
from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Actor",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("uri", fields.CharField(unique=True, max_length=2048)),
                ("host", fields.CharField(db_index=True, max_length=255)),
                ("local", fields.BooleanField(default=False)),
                ("type", fields.CharField(max_length=16)),
                ("username", fields.CharField(default="", max_length=255)),
                ("name", fields.CharField(default="", max_length=500)),
                ("summary", fields.TextField(default="", unique=False)),
                ("url", fields.CharField(max_length=2048)),
                ("inbox", fields.CharField(max_length=2048)),
                ("shared_inbox", fields.CharField(null=True, max_length=2048)),
                ("outbox", fields.CharField(null=True, max_length=2048)),
                ("followers", fields.CharField(null=True, max_length=2048)),
                ("following", fields.CharField(null=True, max_length=2048)),
                ("featured", fields.CharField(null=True, max_length=2048)),
                ("icon_url", fields.CharField(null=True, max_length=2048)),
                ("fields_json", fields.TextField(default="[]", unique=False)),
                ("manually_approves", fields.BooleanField(default=False)),
                ("discoverable", fields.BooleanField(default=True)),
                ("indexable", fields.BooleanField(default=True)),
                ("moved_to", fields.CharField(null=True, max_length=2048)),
                ("also_known_as", fields.TextField(default="[]", unique=False)),
                ("blocked", fields.BooleanField(default=False, db_index=True)),
                ("block_reason", fields.CharField(default="", max_length=500)),
                ("blocked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("gone", fields.BooleanField(default=False)),
                ("keys_of_id", fields.BigIntField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("fetched_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "actors",
                "app": "node",
                "indexes": [
                    Index(fields=["username", "host"]),
                    Index(fields=["followers"]),
                    Index(fields=["icon_url"]),
                    Index(fields=["inbox"]),
                    Index(fields=["shared_inbox"]),
                    Index(fields=["type", "id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ActorKey",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("key_id", fields.CharField(unique=True, max_length=2048)),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="keys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("public", fields.TextField(unique=False)),
                ("sealed", fields.BinaryField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "actor_keys",
                "app": "node",
                "indexes": [Index(fields=["actor_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Admission",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("sign_ups", fields.CharField(default="invitation", max_length=16)),
            ],
            options={"table": "admission", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Attempt",
            fields=[
                (
                    "key",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("tries", fields.IntField()),
                ("until_ms", fields.BigIntField()),
            ],
            options={
                "table": "attempts",
                "app": "node",
                "indexes": [Index(fields=["until_ms"])],
                "pk_attr": "key",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("title", fields.CharField(max_length=200)),
                ("by", fields.CharField(max_length=200)),
                ("wish", fields.CharField(max_length=8)),
                ("paused", fields.BooleanField(default=False)),
                ("problems", fields.TextField(default="[]", unique=False)),
                ("problem_count", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "subscription_batches",
                "app": "node",
                "indexes": [Index(fields=["changed_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Beat",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("at_ms", fields.BigIntField()),
            ],
            options={"table": "network_beat", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "blocker",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="blocker_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="blocks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "blocked",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="blocked_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="blocked_by",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("uri", fields.CharField(db_index=True, max_length=2048)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "blocks",
                "app": "node",
                "unique_together": (("blocker", "blocked"),),
                "indexes": [Index(fields=["blocked_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Catalogue",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "actor",
                    fields.OneToOneField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="catalogue",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lane", fields.SmallIntField()),
                ("standing", fields.CharField(max_length=16)),
                ("followed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_ms", fields.BigIntField(null=True)),
                ("cursor", fields.CharField(null=True, max_length=2048)),
                ("position", fields.IntField(default=0)),
                ("newest", fields.TextField(default="[]", unique=False)),
                ("known", fields.TextField(default="[]", unique=False)),
                ("seen", fields.IntField(default=0)),
                ("taken", fields.IntField(default=0)),
                ("total", fields.IntField(null=True)),
                ("oldest_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("heard_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "finished_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("failures", fields.IntField(default=0)),
                ("problem", fields.CharField(default="", max_length=500)),
                ("met_ms", fields.BigIntField(default=0)),
            ],
            options={
                "table": "catalogues",
                "app": "node",
                "indexes": [Index(fields=["lane", "due_ms"]), Index(fields=["met_ms"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Dismissed",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "actor",
                    fields.OneToOneField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("by", fields.CharField(max_length=200)),
                ("at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "dismissed_hubs", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "batch",
                    fields.ForeignKeyField(
                        "node.Batch",
                        source_field="batch_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("line", fields.IntField()),
                ("address", fields.CharField(max_length=2048)),
                ("lane", fields.SmallIntField()),
                ("waiting", fields.BooleanField(default=True)),
                ("tries", fields.SmallIntField(default=0)),
                ("state", fields.CharField(default="looking", max_length=16)),
                ("reason", fields.CharField(default="", max_length=500)),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("follow_id", fields.BigIntField(null=True)),
                (
                    "unlisted_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "subscription_entries",
                "app": "node",
                "unique_together": (("batch", "address"),),
                "indexes": [
                    Index(fields=["batch_id", "state", "id"]),
                    Index(fields=["lane", "waiting", "tries", "id"]),
                    Index(fields=["actor_id"]),
                    Index(fields=["unlisted_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "follower",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="follower_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="follows",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "followed",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="followed_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="followed_by",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("state", fields.CharField(max_length=16)),
                ("uri", fields.CharField(max_length=2048)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "answered_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "asked_again_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "follows",
                "app": "node",
                "unique_together": (("follower", "followed"),),
                "indexes": [
                    Index(fields=["followed_id", "state", "id"]),
                    Index(fields=["follower_id", "state", "id"]),
                    Index(fields=["uri"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Host",
            fields=[
                (
                    "host",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=255),
                ),
                ("software", fields.CharField(null=True, max_length=64)),
                ("version", fields.CharField(null=True, max_length=64)),
                ("kinds", fields.CharField(default="", max_length=255)),
                ("checked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("heard_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("blocked", fields.BooleanField(default=False, db_index=True)),
                ("block_reason", fields.CharField(default="", max_length=500)),
                ("blocked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("turned_away", fields.BooleanField(default=False, db_index=True)),
            ],
            options={"table": "hosts", "app": "node", "pk_attr": "host"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HubList",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("slug", fields.CharField(unique=True, max_length=64)),
                ("title", fields.CharField(max_length=120)),
                ("words", fields.TextField(default="", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "hub_lists", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HubSettings",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("address", fields.CharField(max_length=255)),
                ("setup_nonce", fields.CharField(max_length=64)),
                ("set_up_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("name", fields.CharField(default="", max_length=80)),
                ("tagline", fields.CharField(default="", max_length=140)),
                ("words", fields.TextField(default="", unique=False)),
                ("footer", fields.CharField(default="", max_length=400)),
                ("crisis", fields.TextField(default="", unique=False)),
                ("shows_neighbours", fields.BooleanField(default=True)),
                ("colour_hub", fields.CharField(default="", max_length=7)),
                ("colour_hub_2", fields.CharField(default="", max_length=7)),
                ("logo_id", fields.BigIntField(null=True)),
                ("logo_url", fields.CharField(null=True, max_length=255)),
                ("contact", fields.CharField(default="", max_length=254)),
                ("about", fields.TextField(default="", unique=False)),
                ("privacy", fields.TextField(default="", unique=False)),
                ("rules", fields.TextField(default="", unique=False)),
                ("accessibility", fields.TextField(default="", unique=False)),
                ("contact_words", fields.TextField(default="", unique=False)),
            ],
            options={"table": "hub_settings", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("kind", fields.CharField(max_length=64)),
                ("payload", fields.TextField(unique=False)),
                ("key", fields.CharField(null=True, max_length=255)),
                ("waiting_key", fields.CharField(null=True, unique=True, max_length=255)),
                ("order_key", fields.CharField(null=True, max_length=64)),
                ("due_ms", fields.BigIntField(null=True, db_index=True)),
                ("attempts", fields.IntField(default=0)),
                ("leased_by", fields.CharField(null=True, max_length=128)),
                ("dead_ms", fields.BigIntField(null=True)),
                ("last_error", fields.TextField(null=True, unique=False)),
                ("created_ms", fields.BigIntField()),
            ],
            options={
                "table": "jobs",
                "app": "node",
                "indexes": [Index(fields=["order_key", "due_ms"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="KnownInbox",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("url", fields.CharField(unique=True, max_length=2048)),
                ("host", fields.CharField(max_length=255)),
            ],
            options={"table": "inboxes", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Lane",
            fields=[
                (
                    "host",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=255),
                ),
                ("due_ms", fields.BigIntField(null=True)),
                ("failures", fields.IntField(default=0)),
                ("failing_since_ms", fields.BigIntField(null=True)),
                ("answering", fields.BooleanField(default=False)),
                ("unreachable_since_ms", fields.BigIntField(null=True)),
                ("leased_by", fields.CharField(null=True, max_length=64)),
                ("lease_until_ms", fields.BigIntField(default=0)),
                ("last_error", fields.CharField(null=True, max_length=500)),
                ("last_success_ms", fields.BigIntField(null=True)),
                ("tried_ms", fields.BigIntField(default=0)),
            ],
            options={
                "table": "lanes",
                "app": "node",
                "indexes": [Index(fields=["due_ms"]), Index(fields=["failing_since_ms", "host"])],
                "pk_attr": "host",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ListedHub",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "list",
                    fields.ForeignKeyField(
                        "node.HubList",
                        source_field="list_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="hubs",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "listed_hubs",
                "app": "node",
                "unique_together": (("list", "actor"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OutgoingActivity",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("uri", fields.CharField(unique=True, max_length=2048)),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="activities",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("type", fields.CharField(max_length=16)),
                ("object_uri", fields.CharField(max_length=2048)),
                ("order_key", fields.CharField(max_length=2048)),
                ("barrier", fields.BooleanField(default=False)),
                ("body", fields.BinaryField()),
                ("public", fields.BooleanField()),
                ("created_ms", fields.BigIntField()),
            ],
            options={
                "table": "activities",
                "app": "node",
                "indexes": [Index(fields=["object_uri"]), Index(fields=["actor_id", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "activity",
                    fields.ForeignKeyField(
                        "node.OutgoingActivity",
                        source_field="activity_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deliveries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "inbox",
                    fields.ForeignKeyField(
                        "node.KnownInbox",
                        source_field="inbox_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deliveries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("host", fields.CharField(max_length=255)),
                ("state", fields.CharField(default="waiting", max_length=16)),
                ("lasting", fields.BooleanField(default=False)),
                ("not_before_ms", fields.BigIntField()),
                ("expires_ms", fields.BigIntField()),
                ("attempts", fields.IntField(default=0)),
                ("error", fields.CharField(null=True, max_length=500)),
                ("done_ms", fields.BigIntField(null=True)),
            ],
            options={
                "table": "deliveries",
                "app": "node",
                "indexes": [
                    Index(fields=["host", "state", "activity_id"]),
                    Index(fields=["activity_id", "host"]),
                    Index(fields=["state", "done_ms"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OutboxEntry",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="outbox_entries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "activity",
                    fields.ForeignKeyField(
                        "node.OutgoingActivity",
                        source_field="activity_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="outbox_entries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("thing", fields.BooleanField()),
            ],
            options={
                "table": "outbox_entries",
                "app": "node",
                "unique_together": (("actor", "activity"),),
                "indexes": [Index(fields=["actor_id", "thing"]), Index(fields=["activity_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "actor",
                    fields.OneToOneField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="person",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(unique=True, max_length=30)),
                ("email", fields.CharField(null=True, unique=True, max_length=254)),
                ("email_confirmed", fields.BooleanField(default=False)),
                ("password_hash", fields.CharField(null=True, max_length=255)),
                ("is_steward", fields.BooleanField(default=False)),
                ("mail_preference", fields.CharField(default="immediate", max_length=16)),
                ("summary_source", fields.TextField(default="", unique=False)),
                ("fields_source", fields.TextField(default="[]", unique=False)),
                ("picture_id", fields.BigIntField(null=True)),
                ("picture_alt", fields.CharField(default="", max_length=1500)),
                ("hides_thanks", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("digest_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "deactivated_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "people", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "made_by",
                    fields.ForeignKeyField(
                        "node.Person",
                        source_field="made_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("note", fields.CharField(default="", max_length=200)),
                ("uses_left", fields.IntField()),
                ("used", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "invitations", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "node.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="notifications",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=32)),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="caused",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("post_id", fields.BigIntField(null=True, db_index=True)),
                ("text", fields.CharField(max_length=500)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("read_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("mailed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notifications",
                "app": "node",
                "indexes": [
                    Index(fields=["person_id", "id"]),
                    Index(fields=["person_id", "read_at"]),
                    Index(fields=["person_id", "mailed_at"]),
                    Index(fields=["created_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PasswordReset",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "node.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="resets",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "password_resets",
                "app": "node",
                "indexes": [Index(fields=["expires_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("key", fields.CharField(unique=True, max_length=64)),
                ("owner_id", fields.BigIntField(null=True, db_index=True)),
                ("open_to_all", fields.BooleanField(default=False)),
                ("media_type", fields.CharField(max_length=64)),
                ("width", fields.IntField()),
                ("height", fields.IntField()),
                ("blurhash", fields.CharField(max_length=128)),
                ("size_bytes", fields.BigIntField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "pictures",
                "app": "node",
                "indexes": [Index(fields=["created_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("uri", fields.CharField(null=True, unique=True, max_length=2048)),
                ("url", fields.CharField(null=True, max_length=2048)),
                ("kind", fields.CharField(max_length=16)),
                ("facet", fields.CharField(default="", max_length=32)),
                (
                    "author",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("written_by_id", fields.BigIntField(null=True)),
                ("local", fields.BooleanField()),
                ("state", fields.CharField(max_length=16)),
                ("visibility", fields.CharField(max_length=16)),
                ("title", fields.CharField(default="", max_length=500)),
                ("html", fields.TextField(default="", unique=False)),
                ("language", fields.CharField(default="en-GB", max_length=35)),
                ("content_warning", fields.CharField(default="", max_length=500)),
                ("sensitive", fields.BooleanField(default=False)),
                ("licence", fields.CharField(default="", max_length=500)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "published_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("updated_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "untold_since",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1)),
                ("in_reply_to", fields.CharField(null=True, max_length=2048)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("root_id", fields.BigIntField(null=True)),
                ("conversation", fields.CharField(null=True, max_length=2048)),
                ("document", fields.BinaryField(null=True)),
            ],
            options={
                "table": "posts",
                "app": "node",
                "indexes": [
                    Index(fields=["author_id", "state", "published_at"]),
                    Index(fields=["kind", "local", "state", "visibility", "published_at"]),
                    Index(fields=["kind", "facet", "local", "state", "visibility", "published_at"]),
                    Index(fields=["state", "published_at"]),
                    Index(fields=["root_id", "state", "published_at"]),
                    Index(fields=["parent_id"]),
                    Index(fields=["in_reply_to"]),
                    Index(fields=["conversation"]),
                    Index(fields=["written_by_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AdaptationRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.OneToOneField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="adaptation",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("original_uri", fields.CharField(db_index=True, max_length=2048)),
                ("original_host", fields.CharField(max_length=255)),
                ("terms", fields.TextField(unique=False)),
                ("snapshot", fields.TextField(default="", unique=False)),
                ("listed", fields.BooleanField(default=False)),
            ],
            options={"table": "experiment_adaptations", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "picture",
                    fields.ForeignKeyField(
                        "node.Picture",
                        source_field="picture_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("remote_url", fields.CharField(null=True, max_length=2048)),
                ("alt", fields.CharField(default="", max_length=1500)),
                ("width", fields.IntField(null=True)),
                ("height", fields.IntField(null=True)),
                ("blurhash", fields.CharField(null=True, max_length=128)),
            ],
            options={
                "table": "attachments",
                "app": "node",
                "unique_together": (("post", "position"),),
                "indexes": [Index(fields=["picture_id"]), Index(fields=["remote_url"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Boost",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="boosts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="boosts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("uri", fields.CharField(db_index=True, max_length=2048)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "boosts",
                "app": "node",
                "unique_together": (("post", "actor"),),
                "indexes": [
                    Index(fields=["actor_id", "created_at"]),
                    Index(fields=["created_at", "post_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("number", fields.BigIntField(unique=True)),
                (
                    "post",
                    fields.OneToOneField(
                        "node.Post",
                        source_field="post_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="card",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("author_id", fields.BigIntField()),
                ("marks", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "cards",
                "app": "node",
                "indexes": [Index(fields=["author_id", "post_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "said",
                    fields.OneToOneField(
                        "node.Post",
                        source_field="said_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="citation",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("cited_id", fields.BigIntField(db_index=True)),
                ("uri", fields.CharField(max_length=2048)),
                ("title", fields.CharField(default="", max_length=500)),
                ("people", fields.CharField(default="", max_length=500)),
                ("hub", fields.CharField(max_length=255)),
                (
                    "published_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("snapshot", fields.TextField(default="", unique=False)),
                ("cited_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "citations", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CycleRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cycles",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                ("question", fields.TextField(default="", unique=False)),
                ("prediction", fields.TextField(default="", unique=False)),
                ("plan", fields.TextField(default="", unique=False)),
                ("observed", fields.TextField(default="", unique=False)),
                ("surprises", fields.TextField(default="", unique=False)),
                ("compared_with_prediction", fields.TextField(default="", unique=False)),
                ("learned", fields.TextField(default="", unique=False)),
                ("act", fields.CharField(default="", max_length=16)),
                ("started", fields.DateField(null=True)),
                ("ended", fields.DateField(null=True)),
            ],
            options={
                "table": "experiment_cycles",
                "app": "node",
                "unique_together": (("post", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EditorRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="editors",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "node.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="edits",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "accepted_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "experiment_editors",
                "app": "node",
                "unique_together": (("post", "person"),),
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ExperimentRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.OneToOneField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="experiment",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("title", fields.CharField(default="", max_length=500)),
                ("problem", fields.TextField(default="", unique=False)),
                ("idea", fields.TextField(default="", unique=False)),
                ("inspired_by", fields.TextField(default="[]", unique=False)),
                ("aim_what", fields.CharField(default="", max_length=500)),
                ("aim_how_much", fields.CharField(default="", max_length=500)),
                ("aim_by", fields.CharField(default="", max_length=500)),
                ("aim_for_whom", fields.CharField(default="", max_length=500)),
                ("who", fields.CharField(default="", max_length=500)),
                ("lived_experience", fields.TextField(default="", unique=False)),
                ("setting", fields.TextField(default="", unique=False)),
                ("cost", fields.TextField(default="", unique=False)),
                ("equity", fields.TextField(default="", unique=False)),
                ("learning", fields.TextField(default="", unique=False)),
                ("help_wanted", fields.TextField(default="", unique=False)),
                ("interests", fields.TextField(default="", unique=False)),
                ("places", fields.TextField(default="[]", unique=False)),
                ("organisations", fields.TextField(default="[]", unique=False)),
                ("topics", fields.TextField(default="[]", unique=False)),
                ("stage", fields.CharField(default="", db_index=True, max_length=16)),
                ("measures_made", fields.IntField(default=0)),
                ("traced_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("measured", fields.BooleanField(default=False, db_index=True)),
            ],
            options={"table": "experiments", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="links",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("relation", fields.CharField(max_length=16)),
                ("target_uri", fields.CharField(max_length=2048)),
            ],
            options={
                "table": "links",
                "app": "node",
                "unique_together": (("post", "relation", "target_uri"),),
                "indexes": [Index(fields=["target_uri", "post_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MeasureKeyRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="measure_keys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                ("key_hash", fields.CharField(max_length=64)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "node.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="measure_keys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "measure_keys",
                "app": "node",
                "unique_together": (("post", "number"),),
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MeasureRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="measures",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                ("uri", fields.CharField(max_length=2048)),
                ("name", fields.CharField(default="", max_length=150)),
                ("terms", fields.TextField(unique=False)),
                ("measured", fields.BooleanField(default=False)),
            ],
            options={
                "table": "experiment_measures",
                "app": "node",
                "unique_together": (("post", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="mentions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="mentioned_in",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "mentions",
                "app": "node",
                "unique_together": (("post", "actor"),),
                "indexes": [Index(fields=["actor_id", "post_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Pin",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pins",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pins",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "pins",
                "app": "node",
                "unique_together": (("actor", "post"),),
                "indexes": [Index(fields=["post_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="placed",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=100)),
                ("shown", fields.CharField(max_length=100)),
                ("published_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "places",
                "app": "node",
                "unique_together": (("post", "name"),),
                "indexes": [Index(fields=["name", "published_at", "post_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="QueueDrop",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("host", fields.CharField(max_length=255)),
                ("at_ms", fields.BigIntField()),
                ("by", fields.CharField(max_length=255)),
                ("reason", fields.CharField(max_length=500)),
                ("number", fields.IntField()),
            ],
            options={
                "table": "queue_drops",
                "app": "node",
                "indexes": [Index(fields=["host", "id"]), Index(fields=["at_ms"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="quotes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="quotes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("quote_uri", fields.CharField(max_length=2048)),
                ("uri", fields.CharField(unique=True, max_length=255)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "quotes",
                "app": "node",
                "indexes": [Index(fields=["post_id"]), Index(fields=["quote_uri"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Received",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("activity_uri", fields.CharField(max_length=2048)),
                ("host", fields.CharField(max_length=255)),
                ("key_id", fields.CharField(max_length=2048)),
                ("type", fields.CharField(max_length=32)),
                ("body", fields.BinaryField()),
                ("received_ms", fields.BigIntField()),
                ("processed_ms", fields.BigIntField(null=True)),
                ("undoes", fields.CharField(null=True, max_length=2048)),
                ("second_hand", fields.BooleanField(default=False)),
            ],
            options={
                "table": "received",
                "app": "node",
                "unique_together": (("actor_uri", "activity_uri"),),
                "indexes": [
                    Index(fields=["received_ms"]),
                    Index(fields=["actor_uri", "undoes"]),
                    Index(fields=["processed_ms", "host"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RemotePicture",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("url_hash", fields.CharField(unique=True, max_length=64)),
                ("url", fields.CharField(max_length=2048)),
                ("key", fields.CharField(null=True, max_length=64)),
                ("media_type", fields.CharField(null=True, max_length=64)),
                ("size_bytes", fields.BigIntField(default=0)),
                ("failures", fields.IntField(default=0)),
                ("retry_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("fetched_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "remote_pictures",
                "app": "node",
                "indexes": [Index(fields=["used_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "reporter",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="reporter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reports_made",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "subject",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="subject_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reports_of",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("post_ids", fields.TextField(default="[]", unique=False)),
                ("reason", fields.TextField(default="", unique=False)),
                ("state", fields.CharField(default="open", max_length=16)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "passed_on_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("decision", fields.CharField(default="", max_length=1000)),
                ("decided_by_id", fields.BigIntField(null=True)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reports",
                "app": "node",
                "indexes": [
                    Index(fields=["state", "id"]),
                    Index(fields=["reporter_id", "subject_id", "state"]),
                    Index(fields=["decided_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ResponseRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.OneToOneField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="response",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("text", fields.TextField(default="", unique=False)),
                ("kind", fields.CharField(default="", max_length=32)),
                ("change", fields.TextField(default="", unique=False)),
                ("when", fields.DateField(null=True)),
                ("promised_for", fields.DateField(null=True)),
                ("asked", fields.BooleanField(default=False)),
                ("by_steward", fields.BooleanField(default=False)),
                ("experiment", fields.CharField(default="", max_length=2048)),
                ("on_behalf_of", fields.CharField(default="", max_length=500)),
                ("interests", fields.TextField(default="", unique=False)),
                ("thanked", fields.CharField(default="", max_length=2048)),
                ("thanked_for", fields.CharField(default="", max_length=500)),
            ],
            options={
                "table": "responses",
                "app": "node",
                "indexes": [
                    Index(fields=["promised_for", "id"]),
                    Index(fields=["asked", "promised_for"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="revisions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("version", fields.IntField()),
                ("title", fields.CharField(default="", max_length=500)),
                ("html", fields.TextField(unique=False)),
                ("source", fields.TextField(unique=False)),
                ("why", fields.CharField(default="", max_length=500)),
                ("written_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "revisions",
                "app": "node",
                "unique_together": (("post", "version"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("slug", fields.CharField(unique=True, max_length=100)),
                ("name", fields.CharField(max_length=100)),
                ("about", fields.CharField(default="", max_length=1000)),
                ("query", fields.TextField(default="", unique=False)),
                ("is_public", fields.BooleanField(default=True)),
                (
                    "made_by",
                    fields.ForeignKeyField(
                        "node.Person",
                        source_field="made_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="views",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "saved_views",
                "app": "node",
                "indexes": [Index(fields=["is_public", "id"]), Index(fields=["made_by_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Schedule",
            fields=[
                (
                    "kind",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("next_ms", fields.BigIntField()),
            ],
            options={"table": "job_schedules", "app": "node", "pk_attr": "kind"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Sent",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sent",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "inbox",
                    fields.ForeignKeyField(
                        "node.KnownInbox",
                        source_field="inbox_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sent",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "sent",
                "app": "node",
                "unique_together": (("post", "inbox"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "node.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("browser", fields.CharField(default="", max_length=100)),
                ("network", fields.CharField(default="", max_length=64)),
            ],
            options={
                "table": "sessions",
                "app": "node",
                "indexes": [Index(fields=["expires_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Sighting",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("host", fields.CharField(max_length=255)),
                ("via", fields.CharField(max_length=255)),
                ("how", fields.CharField(max_length=16)),
                ("uri", fields.CharField(default="", max_length=2048)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sightings",
                "app": "node",
                "unique_together": (("host", "via", "how"),),
                "indexes": [Index(fields=["via", "how"]), Index(fields=["seen_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StageRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="stages",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField()),
                ("stage", fields.CharField(max_length=16)),
                ("at", fields.DateField()),
                ("why", fields.TextField(default="", unique=False)),
                ("reason", fields.CharField(default="", max_length=32)),
                ("learned", fields.TextField(default="", unique=False)),
                ("vanished", fields.BooleanField(default=False)),
            ],
            options={
                "table": "experiment_stages",
                "app": "node",
                "unique_together": (("post", "position"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StoryRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.OneToOneField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="story",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("title", fields.CharField(default="", max_length=500)),
                ("what_happened", fields.TextField(default="", unique=False)),
                ("what_people_tried", fields.TextField(default="", unique=False)),
                ("what_might_help", fields.TextField(default="", unique=False)),
                ("what_was_good", fields.TextField(default="", unique=False)),
                ("author_role", fields.CharField(default="", max_length=32)),
                ("feelings", fields.TextField(default="[]", unique=False)),
                ("when_approx", fields.CharField(default="", max_length=100)),
                ("places", fields.TextField(default="[]", unique=False)),
                ("organisations", fields.TextField(default="[]", unique=False)),
                ("topics", fields.TextField(default="[]", unique=False)),
                ("interests", fields.TextField(default="", unique=False)),
                ("consent", fields.TextField(default="{}", unique=False)),
                ("inspired", fields.TextField(default="[]", unique=False)),
            ],
            options={"table": "stories", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tags",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=100)),
                ("shown", fields.CharField(max_length=100)),
                ("published_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "tags",
                "app": "node",
                "unique_together": (("post", "name"),),
                "indexes": [Index(fields=["name", "published_at", "post_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TakenList",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("uri", fields.CharField(unique=True, max_length=2048)),
                (
                    "batch",
                    fields.OneToOneField(
                        "node.Batch",
                        source_field="batch_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="taken",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("etag", fields.CharField(default="", max_length=255)),
                ("read_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("again_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("failures", fields.IntField(default=0)),
                ("error", fields.CharField(default="", max_length=500)),
            ],
            options={"table": "taken_lists", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Thanks",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.ForeignKeyField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="thanks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="thanked",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "whom",
                    fields.ForeignKeyField(
                        "node.Actor",
                        source_field="whom_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="was_thanked",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("said_id", fields.BigIntField(null=True, db_index=True)),
                ("uri", fields.CharField(default="", db_index=True, max_length=2048)),
                ("public", fields.BooleanField(default=False)),
                ("hidden", fields.BooleanField(default=False)),
                ("listed", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "thanks",
                "app": "node",
                "unique_together": (("post", "actor"),),
                "indexes": [
                    Index(fields=["listed", "id"]),
                    Index(fields=["whom_id", "id"]),
                    Index(fields=["actor_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("uri", fields.CharField(unique=True, max_length=2048)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("deleted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("known", fields.BooleanField()),
            ],
            options={
                "table": "tombstones",
                "app": "node",
                "indexes": [Index(fields=["deleted_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "card",
                    fields.ForeignKeyField(
                        "node.Card",
                        source_field="card_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="turns",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("mark", fields.CharField(max_length=32)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "card_turns",
                "app": "node",
                "unique_together": (("card", "mark"),),
                "indexes": [Index(fields=["mark", "at"]), Index(fields=["at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UpdateRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "post",
                    fields.OneToOneField(
                        "node.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="update_row",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("text", fields.TextField(default="", unique=False)),
                ("stage", fields.CharField(default="", max_length=16)),
                ("reason", fields.CharField(default="", max_length=32)),
                ("cycle", fields.IntField(null=True)),
                ("points", fields.TextField(default="[]", unique=False)),
            ],
            options={"table": "experiment_updates", "app": "node", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ViewLetter",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "view",
                    fields.ForeignKeyField(
                        "node.SavedView",
                        source_field="view_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "node.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="view_letters",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("period", fields.CharField(max_length=16)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("told_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "telling_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "view_letters",
                "app": "node",
                "unique_together": (("view", "person"),),
                "indexes": [Index(fields=["person_id"]), Index(fields=["due_at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
