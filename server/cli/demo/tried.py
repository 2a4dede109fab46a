"""What people of the four hubs try because of what somebody told, and what they learn."""

from server.cli.demo.script import Adapted, Counted, Learned, Tried
from server.experiments.rules.adaptation import Adaptation, Change, Result
from server.experiments.rules.cycles import Act as Next
from server.experiments.rules.cycles import Cycle
from server.experiments.rules.experiment import Aim, Experiment
from server.experiments.rules.measures import ChartKind, Direction, Frequency, Kind, Measure
from server.experiments.rules.stages import Reason, Stage
from server.experiments.rules.updates import Update

SHOW_ME = Experiment(
    title="Show me how you take them",
    problem=(
        "At the practice we ask people whether they take their tablets. They say yes. Then we find "
        "three months of them in a drawer."
    ),
    idea=(
        "On Wednesdays, whoever comes about their medicines is asked to *show* how they take them "
        "at home: packets on the table, no chart, and a felt pen within reach."
    ),
    aim=Aim(
        what="people who mix up morning and evening", how_much="half as many",
        by="the end of the winter", for_whom="anybody with more than five sorts",
    ),
    who="Two of us at Fennel Row, and Wilf, who checks our moons",
    lived_experience="Wilf told us not to call it a review. It is called a look.",
    help_wanted="Has anybody done this over the telephone?",
    interests="I am paid by the practice.",
    topics=("Medicines", "HomeCare"),
    places=("Kelderby",),
    stage=Stage.IDEA,
)  # fmt: skip
NAMED_BAG = Experiment(
    title="A bag with your name on it",
    problem="Glasses, teeth, slippers: things go missing between the bed and the front door.",
    idea=(
        "A cloth bag with the person’s name on it hangs at the end of the bed from the first day. "
        "On the last day somebody looks into it *with* them."
    ),
    aim=Aim(what="people who go home without something", by="the spring"),
    who="The evening shift on our ward",
    topics=("GoingHome", "Hospital"),
    places=("Mossrigg",),
    stage=Stage.TRYING,
)  # fmt: skip
TEA = Experiment(
    title="Tea and tablets on Thursdays",
    problem="People who live alone have nobody to ask about a new tablet.",
    idea="Tea in the library on Thursdays, with the pharmacist at the second table.",
    who="The quiet table",
    topics=("Medicines", "Company"),
    places=("Kelderby",),
    stage=Stage.TRYING,
)  # fmt: skip
LAMPS = Experiment(
    title="A lamp for the ward sister",
    problem="Staff are awake at three too, and nobody sends them a lamp.",
    idea="We let the night nurses into *Whoever is awake*. No names, no questions, only lamps.",
    topics=("Nights", "Company"),
    stage=Stage.IDEA,
)  # fmt: skip

MIXED_UP = Measure(
    name="People who mix up morning and evening",
    unit="of 50",
    direction=Direction.DOWN,
    definition="Of the first fifty each week who come with more than five sorts; Priya counts.",
    frequency=Frequency.WEEKLY,
    target=10,
    baseline=14,
    counts_people=True,
)
LEFT_BEHIND = Measure(
    name="Things left behind",
    unit="a week",
    direction=Direction.DOWN,
    kind=Kind.OUTCOME,
    definition="What is in the box by the door on Sunday night.",
    frequency=Frequency.WEEKLY,
    chart=ChartKind.RUN,
)
ON_THE_BUS = Experiment(
    title="Show me, on the minibus",
    problem="Ron’s packets are in three languages and a biscuit tin.",
    idea="On the Wednesday minibus, whoever likes shows how they take theirs. Bev has the pen.",
    who="Bev, and whoever sits in front",
    topics=("Medicines", "Company"),
    places=("Low Marsh",),
    stage=Stage.TRYING,
)
WHAT_IS_DIFFERENT = Adaptation(
    kept="The pen, and that nobody is told off.",
    changed=(
        Change(what="On the bus instead of at the practice", why="nobody has to go anywhere"),
        Change(what="Packets in a cap, not on a table", planned=False),
    ),
    context_reason="We have no practice within nine miles.",
    result=Result.MIXED,
    advice="Not on the bends.",
)
ACTS = (
    Tried(ago=14.6, by="kelderby/priya", key="show-me", needs="packets", experiment=SHOW_ME),
    Learned(
        ago=12.7,
        by="kelderby/priya",
        needs="show-me",
        update=Update(
            text="We have begun. Four people came and three of them laughed.", stage=Stage.TRYING
        ),
    ),
    Learned(
        ago=8.2,
        by="kelderby/priya",
        needs="show-me",
        cycle=Cycle(
            number=0,
            question="Will people bring their packets if we ring the day before?",
            prediction="About half of them.",
            plan="Ring ten people on Tuesday afternoon.",
            observed="Eight of ten brought them, two in a pillowcase.",
            surprises="It was the ringing that they thanked us for.",
            learned="Ring first. It is a visit already.",
            act=Next.EXTEND,
        ),
    ),
    Learned(
        ago=5.6,
        by="kelderby/priya",
        needs="show-me",
        update=Update(
            text=(
                "Eleven people so far. Five had morning and evening the wrong way round, and it "
                "took two minutes each. We can’t say yet whether it lasts."
            ),
            stage=Stage.LEARNING,
            cycle=1,
        ),
    ),
    Tried(ago=13.2, by="kelderby/ida", key="tea", needs="packets", experiment=TEA),
    Learned(
        ago=3.1,
        by="kelderby/ida",
        needs="tea",
        update=Update(
            text=(
                "People came for the tea. Talk about tablets goes better at home, with the packets "
                "on the table: Priya’s way. We keep the tea."
            ),
            stage=Stage.STOPPED,
            reason=Reason.DID_NOT_HELP,
        ),
    ),
    Counted(
        ago=2.4,
        by="kelderby/priya",
        needs="show-me",
        measure=MIXED_UP,
        values=(24, 21, 26, 23, 25, 22, 24, 27, 23, 22, 25, 24, 23, 26, 17, 15, 13, 14, 11, 12),
        text="We had counted since the summer, without doing anything about it. Now look.",
    ),
    Adapted(
        ago=1.9,
        by="lowmarsh/bev",
        key="on-the-bus",
        needs="show-me",
        how=WHAT_IS_DIFFERENT,
        experiment=ON_THE_BUS,
    ),
    Tried(ago=1.6, by="mossrigg/grace", key="named-bag", needs="slippers", experiment=NAMED_BAG),
    Learned(
        ago=0.6,
        by="mossrigg/grace",
        needs="named-bag",
        update=Update(text="Six bags sewn, four hung. One of them has a cap in it already."),
    ),
    Counted(
        ago=0.4,
        by="mossrigg/grace",
        needs="named-bag",
        measure=LEFT_BEHIND,
        values=(6, 9, 4, 7, 8, 5, 7, 3, 8, 6, 7, 5, 9, 6),
        text="Too early: it goes up and down as it always has. We go on counting.",
    ),
    Tried(ago=0.2, by="mossrigg/col", key="lamps", needs="night-line", experiment=LAMPS),
)
