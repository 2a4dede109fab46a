"""An experiment with everything filled in."""

from datetime import date

from server.experiments.rules.adaptation import Adaptation, Change, Result
from server.experiments.rules.cycles import Act, Cycle
from server.experiments.rules.experiment import Aim, Experiment
from server.experiments.rules.measures import Measure, Numbered, Point
from server.experiments.rules.stages import Reason, Stage, StageEntry
from server.posts.rules import Organisation

STAGES = (
    StageEntry(stage=Stage.IDEA, at=date(2026, 10, 2)),
    StageEntry(stage=Stage.TRYING, at=date(2026, 10, 10), why="The clerks said yes."),
    StageEntry(
        stage=Stage.STOPPED, at=date(2026, 11, 15), reason=Reason.RAN_OUT,
        learned="It needs **two** people.",
    ),
)  # fmt: skip
CYCLE = Cycle(
    number=1, question="Will they ring?", prediction="Most of the time.", plan="A list.",
    observed="Half the time.", surprises="Who rang.", compared_with_prediction="Fewer.",
    learned="Mornings are better.", act=Act.ADAPT, started=date(2026, 10, 10),
    ended=date(2026, 10, 24),
)  # fmt: skip
MEASURE = Numbered(
    number=1, uri="https://hub.example/experiments/1/measures/1",
    measure=Measure(
        name="Late discharges", unit="a week",
        points=(Point(at=date(2026, 10, 5), value=42), Point(at=date(2026, 10, 12), value=38.5)),
    ),
)  # fmt: skip
ADAPTATION = Adaptation(
    original="https://other.example/experiments/1", title="A ring", hub="https://other.example/hub",
    seen="2026-10-01T09:00:00Z", digest=f"sha-256={'0' * 64}", kept="The list.",
    changed=(Change(what="At four", why="shifts"), Change(what="By text", planned=False)),
    context_reason="Villages.", result=Result.MIXED, advice="Sit down.",
)  # fmt: skip
EXPERIMENT = Experiment(
    title="A knock before six", problem="Late **discharges**.", idea="Ring at four.",
    inspired_by=("https://hub.example/stories/1",),
    aim=Aim(what="late discharges", how_much="halve", by="2027-03", for_whom="who live alone"),
    who="Ward 7 clerks", lived_experience="Ida asked for a name.", setting="A ward.",
    cost="Fifteen minutes.", equity="Not all have a phone.", learning="Looking matters.",
    help_wanted="Weekends?", interests="I work there.", places=("Leeds",),
    organisations=(Organisation(name_then="St Hilda's, ward 7", kind="trust"),),
    topics=("Discharge",), stage=Stage.STOPPED, stages=STAGES, cycles=(CYCLE,),
    measures=(MEASURE,), adapted_from=ADAPTATION,
)  # fmt: skip
