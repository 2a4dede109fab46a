"""The tables of experiments: their words, log of stages, cycles, updates, and who looks after
them.
"""

from collections.abc import Sequence
from datetime import date

import orjson
from tortoise import fields

from server.db import Model
from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.cycles import TEXTS, Act, Cycle
from server.experiments.rules.experiment import Aim, Experiment
from server.experiments.rules.measures import Numbered, Reported
from server.experiments.rules.stages import Reason, Stage, StageEntry
from server.experiments.rules.updates import Update
from server.people.tables import Person
from server.posts.tables import Post
from server.posts.terms import organisations_held, organisations_to_wire

PLAIN = (
    "title", "problem", "idea", "who", "lived_experience", "setting", "cost", "equity", "learning",
    "help_wanted", "interests",
)  # fmt: skip
"""The columns that an experiment's words have under the same name."""


class ExperimentRow(Model):
    """What an experiment adds to its post: ours as it was written, others' as they sent it."""

    id = fields.BigIntField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "node.Post", related_name="experiment", on_delete=fields.CASCADE
    )
    post_id: int
    title = fields.CharField(max_length=500, default="")
    problem = fields.TextField(default="")
    idea = fields.TextField(default="")
    inspired_by = fields.TextField(default="[]")
    """Ids of stories. Of what is published the links say so too (posts.Link)."""
    aim_what = fields.CharField(max_length=500, default="")
    aim_how_much = fields.CharField(max_length=500, default="")
    aim_by = fields.CharField(max_length=500, default="")
    aim_for_whom = fields.CharField(max_length=500, default="")
    who = fields.CharField(max_length=500, default="")
    lived_experience = fields.TextField(default="")
    setting = fields.TextField(default="")
    cost = fields.TextField(default="")
    equity = fields.TextField(default="")
    learning = fields.TextField(default="")
    help_wanted = fields.TextField(default="")
    interests = fields.TextField(default="")
    places = fields.TextField(default="[]")
    organisations = fields.TextField(default="[]")
    topics = fields.TextField(default="[]")
    stage = fields.CharField(max_length=16, default="", db_index=True)
    measures_made = fields.IntField(default=0)
    """How many measures it ever had here: a number is never given twice."""
    traced_at = fields.DatetimeField(null=True)
    """When other hubs were last asked how the idea travelled."""
    measured = fields.BooleanField(default=False, db_index=True)
    """Whether one of its measures is."""

    class Meta:
        """One row an experiment; a list asks for a stage, or for what is measured."""

        table = "experiments"

    def write(self, experiment: Experiment) -> None:
        """Take over the words of an experiment and its stage; the caller saves. The log of stages
        and the cycles have rows of their own.
        """
        for name in PLAIN:
            setattr(self, name, getattr(experiment, name))
        self.inspired_by = _dumped(experiment.inspired_by)
        self.aim_what, self.aim_how_much = experiment.aim.what, experiment.aim.how_much
        self.aim_by, self.aim_for_whom = experiment.aim.by, experiment.aim.for_whom
        self.places, self.topics = _dumped(experiment.places), _dumped(experiment.topics)
        self.organisations = _dumped(organisations_to_wire(experiment.organisations))
        self.stage = experiment.stage or ""

    def experiment(
        self,
        stages: Sequence[StageEntry] = (),
        cycles: Sequence[Cycle] = (),
        measures: Sequence[Numbered] = (),
        adapted_from: Adaptation | None = None,
    ) -> Experiment:
        """Return the row, with what has rows of its own, as the pure thing that the rules speak
        of.
        """
        return Experiment(
            **{name: getattr(self, name) for name in PLAIN},
            inspired_by=tuple(orjson.loads(self.inspired_by)),
            aim=Aim(
                what=self.aim_what, how_much=self.aim_how_much, by=self.aim_by,
                for_whom=self.aim_for_whom,
            ),
            places=tuple(orjson.loads(self.places)), topics=tuple(orjson.loads(self.topics)),
            organisations=organisations_held(self.organisations),
            stage=Stage(self.stage) if self.stage in set(Stage) else None,
            stages=tuple(stages), cycles=tuple(cycles), measures=tuple(measures),
            adapted_from=adapted_from,
        )  # fmt: skip


class StageRow(Model):
    """One line of an experiment's log of stages."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="stages", on_delete=fields.CASCADE
    )
    post_id: int
    position = fields.IntField()
    stage = fields.CharEnumField(Stage, max_length=16)
    at = fields.DateField()
    why = fields.TextField(default="")
    reason = fields.CharField(max_length=32, default="")
    learned = fields.TextField(default="")
    vanished = fields.BooleanField(default=False)
    """Whether its own hub no longer shows it."""

    class Meta:
        """In the order of the log."""

        table = "experiment_stages"
        unique_together = (("post", "position"),)

    @classmethod
    def of(cls, post: Post, position: int, entry: StageEntry) -> "StageRow":
        """Return the row of a line; the caller saves."""
        return cls(
            post_id=post.id, position=position, stage=entry.stage, at=entry.at, why=entry.why,
            reason=entry.reason or "", learned=entry.learned, vanished=entry.vanished,
        )  # fmt: skip

    def entry(self) -> StageEntry:
        """Return the row as the pure thing that the rules speak of."""
        return StageEntry(
            stage=Stage(self.stage), at=self.at, why=self.why,
            reason=Reason(self.reason) if self.reason in set(Reason) else None,
            learned=self.learned, vanished=self.vanished,
        )  # fmt: skip


class CycleRow(Model):
    """One cycle of an experiment."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="cycles", on_delete=fields.CASCADE
    )
    post_id: int
    number = fields.IntField()
    question = fields.TextField(default="")
    prediction = fields.TextField(default="")
    plan = fields.TextField(default="")
    observed = fields.TextField(default="")
    surprises = fields.TextField(default="")
    compared_with_prediction = fields.TextField(default="")
    learned = fields.TextField(default="")
    act = fields.CharField(max_length=16, default="")
    started: date | None = fields.DateField(null=True)
    ended: date | None = fields.DateField(null=True)

    class Meta:
        """Numbered within its experiment."""

        table = "experiment_cycles"
        unique_together = (("post", "number"),)

    @classmethod
    def of(cls, post: Post, cycle: Cycle) -> "CycleRow":
        """Return the row of a cycle; the caller saves."""
        return cls(
            post_id=post.id, number=cycle.number, act=cycle.act or "", started=cycle.started,
            ended=cycle.ended, **{name: getattr(cycle, name) for name in TEXTS},
        )  # fmt: skip

    def cycle(self) -> Cycle:
        """Return the row as the pure thing that the rules speak of."""
        return Cycle(
            number=self.number, act=Act(self.act) if self.act in set(Act) else None,
            started=self.started, ended=self.ended,
            **{name: getattr(self, name) for name in TEXTS},
        )  # fmt: skip


class MeasureRow(Model):
    """One measure of an experiment with all its numbers."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="measures", on_delete=fields.CASCADE
    )
    post_id: int
    number = fields.IntField()
    uri = fields.CharField(max_length=2048)
    name = fields.CharField(max_length=150, default="")
    """As it is called; those of one name are looked for without reading their numbers."""
    terms = fields.TextField()
    """As it travels (`wire.measure`)."""
    measured = fields.BooleanField(default=False)
    """Whether its last number shows that it got better (`rules.reading`)."""

    class Meta:
        """Numbered within its experiment."""

        table = "experiment_measures"
        unique_together = (("post", "number"),)


class MeasureKeyRow(Model):
    """With what a program adds numbers to one measure."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="measure_keys", on_delete=fields.CASCADE
    )
    post_id: int
    number = fields.IntField()
    """The measure's."""
    key_hash = fields.CharField(max_length=64)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "node.Person", related_name="measure_keys", on_delete=fields.CASCADE
    )
    person_id: int
    """In whose name the numbers come."""
    made_at = fields.DatetimeField()

    class Meta:
        """One a measure."""

        table = "measure_keys"
        unique_together = (("post", "number"),)
        indexes = (("person_id",),)


class AdaptationRow(Model):
    """What an experiment goes back to, with a snapshot of how that read then."""

    id = fields.BigIntField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "node.Post", related_name="adaptation", on_delete=fields.CASCADE
    )
    post_id: int
    original_uri = fields.CharField(max_length=2048, db_index=True)
    original_host = fields.CharField(max_length=255)
    terms = fields.TextField()
    """As it travels (`wire.adaptation`)."""
    snapshot = fields.TextField(default="")
    """HTML, cleaned: what the original said when this began. Here only, never sent."""
    listed = fields.BooleanField(default=False)
    """Whether the original's hub, elsewhere, said that it acknowledges this."""

    class Meta:
        """One row an adaptation; what is taken back asks who keeps a snapshot of it."""

        table = "experiment_adaptations"


class UpdateRow(Model):
    """What an entry of an experiment's log adds to its post."""

    id = fields.BigIntField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "node.Post", related_name="update_row", on_delete=fields.CASCADE
    )
    post_id: int
    text = fields.TextField(default="")
    stage = fields.CharField(max_length=16, default="")
    reason = fields.CharField(max_length=32, default="")
    cycle = fields.IntField(null=True)
    points = fields.TextField(default="[]")
    """The numbers that came with it, as they travel (`wire.update`)."""

    class Meta:
        """One row an entry."""

        table = "experiment_updates"

    def write(self, update: Update) -> None:
        """Take over what an entry says; the caller saves."""
        self.text, self.stage = update.text, update.stage or ""
        self.reason, self.cycle = update.reason or "", update.cycle

    def entry(self, points: Sequence[Reported] = ()) -> Update:
        """Return the row, with the numbers in it, as the pure thing that the rules speak of."""
        return Update(
            text=self.text, stage=Stage(self.stage) if self.stage in set(Stage) else None,
            reason=Reason(self.reason) if self.reason in set(Reason) else None, cycle=self.cycle,
            points=tuple(points),
        )  # fmt: skip


class EditorRow(Model):
    """Somebody whom an experiment's author asked to look after it too."""

    id = fields.BigIntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "node.Post", related_name="editors", on_delete=fields.CASCADE
    )
    post_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "node.Person", related_name="edits", on_delete=fields.CASCADE
    )
    person_id: int
    accepted_at = fields.DatetimeField(null=True)
    """Null until they said yes."""
    asked_at = fields.DatetimeField()

    class Meta:
        """Asked once each; somebody's page asks what they look after."""

        table = "experiment_editors"
        unique_together = (("post", "person"),)
        indexes = (("person_id",),)


def _dumped(value: object) -> str:
    return orjson.dumps(value).decode()
