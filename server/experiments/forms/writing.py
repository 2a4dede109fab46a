"""What people fill in about experiments."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.experiments.rules.cycles import TEXT_LIMIT as CYCLE_LIMIT
from server.experiments.rules.cycles import TEXTS, Act, Cycle
from server.experiments.rules.experiment import LINE_LIMIT, TEXT_LIMIT, Aim, Experiment
from server.experiments.rules.stages import LEARNED_LIMIT, WHY_LIMIT, Reason, Stage
from server.experiments.rules.updates import TEXT_LIMIT as UPDATE_LIMIT
from server.experiments.rules.updates import Update
from server.experiments.rules.words import ACTS, MEANINGS, REASONS, STAGES
from server.posts.forms import (
    LATER,
    ORGANISATION_KINDS,
    SEEN_BY,
    before_reading,
    first_organisation,
    listed,
    organisation_of,
    topics,
)
from server.posts.rules import TITLE_LIMIT, Visibility
from server.web.forms import Area, Choice, File, Form, Hidden, Text, read_date

DATE_HINT = "A date like 2 October 2026, or 2026-10-02."
GOING_ON = tuple(
    (str(stage), f"{STAGES[stage]}: {MEANINGS[stage]}")
    for stage in Stage
    if stage is not Stage.STOPPED
)
BEGINNING = (
    (str(Stage.IDEA), "It is an idea so far"),
    (str(Stage.TRYING), "We have begun to try it"),
    (str(Stage.LEARNING), "We have tried it, and see something already"),
)


class WordsForm(Form):
    """The words of an experiment. Three of them are needed; the rest can come any time."""

    title = Text(
        "What would you call it?",
        hint="A few words that people will remember.",
        required="Give your experiment a title",
        limit=TITLE_LIMIT,
    )
    problem = Area(
        "What’s the problem?",
        hint="What goes wrong, for whom, and how you know.",
        required="Say what the problem is",
        rows=4,
        limit=TEXT_LIMIT,
    )
    idea = Area(
        "What will you try?",
        hint="And why you think that it may work. Small is good: one street, one week.",
        required="Say what you will try",
        rows=4,
        limit=TEXT_LIMIT,
    )
    aim_what = Text(
        "What should change?", hint="For example: late discharges with nobody told.",
        limit=LINE_LIMIT,
    )  # fmt: skip
    aim_how_much = Text("By how much?", hint="For example: half as many.", limit=LINE_LIMIT)
    aim_by = Text("By when?", hint="A month is enough.", limit=LINE_LIMIT)
    aim_for_whom = Text("For whom?", limit=LINE_LIMIT)
    who = Text("Who is trying it?", hint="A person or a team, as you call it.", limit=LINE_LIMIT)
    lived_experience = Area(
        "How have people who use the service shaped it?", rows=3, limit=TEXT_LIMIT
    )
    setting = Area("Where is it tried?", rows=2, limit=TEXT_LIMIT)
    organisation = Text(
        "Is that a place or team with a name?", hint="As it is called now. You can leave this out.",
        limit=200,
    )  # fmt: skip
    organisation_kind = Choice("What kind of place is that?", ORGANISATION_KINDS, as_list=True)
    cost = Area("What does it cost?", hint="Money, time, things.", rows=2, limit=TEXT_LIMIT)
    equity = Area(
        "Whom might it leave out?", hint="And what you do about that.", rows=2, limit=TEXT_LIMIT
    )
    learning = Area("What have you learned so far?", rows=3, limit=TEXT_LIMIT)
    help_wanted = Area("What could you use help with?", rows=2, limit=TEXT_LIMIT)
    places = Text("Which town or area?", hint="More than one? Put commas between.", limit=300)
    topics = Text(
        "What is it about?",
        hint="A few topics with commas between, such as: home care, discharge. "
        "People find your experiment by them.",
        limit=300,
    )
    warning = before_reading()
    interests = Area(
        "Is there anything people should know about you?",
        hint="Say so if you are paid for this, or stand to gain. It is shown.",
        rows=2,
        limit=2_000,
    )

    def experiment(self) -> Experiment:
        """Return what was filled in."""
        return Experiment(
            title=self.title, problem=self.problem, idea=self.idea,
            aim=Aim(
                what=self.aim_what, how_much=self.aim_how_much, by=self.aim_by,
                for_whom=self.aim_for_whom,
            ),
            who=self.who, lived_experience=self.lived_experience, setting=self.setting,
            cost=self.cost, equity=self.equity, learning=self.learning,
            help_wanted=self.help_wanted, places=listed(self.places),
            organisations=organisation_of(self.organisation, self.organisation_kind),
            topics=topics(self.topics), interests=self.interests, warning=self.warning,
        )  # fmt: skip


class TryForm(WordsForm):
    """A new experiment. `do` says which button was pressed, `about` what it goes back to."""

    do = Hidden(limit=20)
    about = Hidden()
    stage = Choice("Where are you with it?", BEGINNING)
    visibility = Choice("Who may read it?", SEEN_BY)

    def check(self) -> None:
        """Ask for nothing where it is kept for later."""
        if self.do == LATER:
            for name in ("title", "problem", "idea"):
                self.errors.pop(name, None)


class ReviseForm(WordsForm):
    """A published experiment, with a line on why it changes."""

    why = Text(
        "Why did you change it?", hint="Shown in its history. You can leave this empty.", limit=300
    )


def filled(experiment: Experiment) -> dict[str, Any]:
    """Return the values with which a form shows an experiment, to be changed."""
    aim = experiment.aim
    plain = (
        "title", "problem", "idea", "who", "lived_experience", "setting", "cost", "equity",
        "learning", "help_wanted", "interests", "warning",
    )  # fmt: skip
    return {name: getattr(experiment, name) for name in plain} | {
        "aim_what": aim.what, "aim_how_much": aim.how_much, "aim_by": aim.by,
        "aim_for_whom": aim.for_whom, "places": ", ".join(experiment.places),
        "topics": ", ".join(experiment.topics), **first_organisation(experiment.organisations),
    }  # fmt: skip


def of_draft(experiment: Experiment, *, visibility: Visibility) -> TryForm:
    """Return the form that shows a draft."""
    about = experiment.inspired_by[0] if experiment.inspired_by else ""
    return TryForm.filled(
        **filled(experiment), stage=experiment.stage or "", visibility=visibility, about=about
    )


def rounds(cycles: Sequence[Cycle]) -> dict[str, list[tuple[str, str]]]:
    """Return the rounds that an entry, or a number, may belong to, as a form offers them."""
    return {"cycle": [(str(one.number), f"{one.number}: {one.question[:80]}") for one in cycles]}


class EntryForm(Form):
    """The words of an entry, and of what can be seen on its picture."""

    text = Area(
        "What happened?",
        hint="A sentence or two. Those who follow it read this wherever they are.",
        required="Say what happened",
        rows=4,
        limit=UPDATE_LIMIT,
    )
    warning = before_reading()
    alt = Text(
        "What can be seen on the picture?",
        hint="For people who can’t see it. A sentence is enough.",
        limit=1_000,
    )

    def ask_what_is_seen(self) -> None:
        """Ask what a picture shows, where that is not said."""
        if not self.alt:
            self.wrong("alt", "Say in a few words what can be seen on the picture")


class UpdateForm(EntryForm):
    """What happened, and perhaps where it stands now, with a picture."""

    stage = Choice("Does it stand anywhere else now?", GOING_ON, as_list=True)
    cycle = Choice("Does it belong to a round?", as_list=True)
    picture = File("A picture")

    def check(self) -> None:
        """Ask what a picture shows."""
        if self.picture is not None:
            self.ask_what_is_seen()

    def update(self) -> Update:
        """Return what was filled in."""
        return Update(
            text=self.text,
            stage=Stage(self.stage) if self.stage else None,
            cycle=int(self.cycle) if self.cycle else None,
        )


class StageForm(Form):
    """Where an experiment stands now, and why."""

    stage = Choice("Where does it stand now?", GOING_ON, required="Choose where it stands now")
    why = Area(
        "Why do you say so?",
        hint="A sentence. It stays in its log.",
        required="Say in a sentence why the stage changes",
        rows=2,
        limit=WHY_LIMIT,
    )


class StopForm(Form):
    """Why an experiment stopped, and what was learned."""

    reason = Choice(
        "Why did it stop?",
        tuple((str(reason), REASONS[reason]) for reason in Reason),
        required="Choose why it stopped",
    )
    learned = Area(
        "What did you learn?",
        hint="It comes first on its page, and is worth as much as success. "
        "What would you tell somebody who is about to try this?",
        required="Say what you learned",
        rows=5,
        limit=LEARNED_LIMIT,
    )


class CycleForm(Form):
    """One round: plan, do, study, act."""

    question = Area(
        "What do you want to find out?", required="Say what you want to find out", rows=2,
        limit=CYCLE_LIMIT,
    )  # fmt: skip
    prediction = Area("What do you think will happen?", rows=2, limit=CYCLE_LIMIT)
    plan = Area("What will you do, who, where and when?", rows=3, limit=CYCLE_LIMIT)
    started = Text("When did you start?", hint=DATE_HINT, limit=40)
    observed = Area("What did you see?", rows=3, limit=CYCLE_LIMIT)
    surprises = Area("What surprised you?", rows=2, limit=CYCLE_LIMIT)
    compared_with_prediction = Area("Was it as you thought?", rows=2, limit=CYCLE_LIMIT)
    learned = Area("What did you learn?", rows=3, limit=CYCLE_LIMIT)
    act = Choice("So what next?", tuple((str(act), ACTS[act]) for act in Act))
    ended = Text("When did it end?", hint=DATE_HINT, limit=40)

    def check(self) -> None:
        """Read the dates, which come in order."""
        for name in ("started", "ended"):
            if self.values[name] and read_date(str(self.values[name])) is None:
                self.wrong(name, "Write a date like 2 October 2026")
        started, ended = self._day("started"), self._day("ended")
        if started and ended and ended < started:
            self.wrong("ended", "A round can’t end before it starts")

    def _day(self, name: str) -> date | None:
        return read_date(str(self.values[name]))

    def cycle(self, number: int) -> Cycle:
        """Return what was filled in, for a cycle of that number."""
        return Cycle(
            number=number, act=Act(self.act) if self.act else None,
            started=self._day("started"), ended=self._day("ended"),
            **{name: str(self.values[name]) for name in TEXTS},
        )  # fmt: skip

    @classmethod
    def of(cls, cycle: Cycle) -> "CycleForm":
        """Return the form that shows a cycle, to be changed."""
        return cls.filled(
            **{name: getattr(cycle, name) for name in TEXTS}, act=cycle.act or "",
            started=cycle.started.isoformat() if cycle.started else "",
            ended=cycle.ended.isoformat() if cycle.ended else "",
        )  # fmt: skip


class EditorForm(Form):
    """Who is asked to look after an experiment too."""

    name = Text(
        "Whom do you ask?",
        hint="Their short name here, as in the address of their page.",
        required="Write the name of somebody here",
        limit=100,
    )
