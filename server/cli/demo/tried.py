"""What people of the four hubs try because of what somebody told, and what they learn."""

from server.cli.demo.script import Learned, Tried
from server.experiments.rules.cycles import Act as Next
from server.experiments.rules.cycles import Cycle
from server.experiments.rules.experiment import Aim, Experiment
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
    Tried(ago=1.6, by="mossrigg/grace", key="named-bag", needs="slippers", experiment=NAMED_BAG),
    Learned(
        ago=0.6,
        by="mossrigg/grace",
        needs="named-bag",
        update=Update(text="Six bags sewn, four hung. One of them has a cap in it already."),
    ),
    Tried(ago=0.2, by="mossrigg/col", key="lamps", needs="night-line", experiment=LAMPS),
)
