"""How stages, reasons and acts are called on a page. Pure."""

from server.experiments.rules.adaptation import Result
from server.experiments.rules.cycles import Act
from server.experiments.rules.stages import Reason, Stage

STAGES = {
    Stage.IDEA: "Idea",
    Stage.TRYING: "Trying",
    Stage.LEARNING: "Learning",
    Stage.WORKING: "Working",
    Stage.SPREADING: "Spreading",
    Stage.STOPPED: "Stopped",
}
MEANINGS = {
    Stage.IDEA: "thought of, not yet tried",
    Stage.TRYING: "we have begun",
    Stage.LEARNING: "we see something, perhaps no change for the better yet",
    Stage.WORKING: "it is better, and stays better",
    Stage.SPREADING: "others have taken it up",
    Stage.STOPPED: "it has ended, and this is what we learned",
}
REASONS = {
    Reason.DID_NOT_HELP: "It did not help",
    Reason.NOT_HERE: "It was not right for this place",
    Reason.RAN_OUT: "Time, money or people ran out",
    Reason.ORGANISATION_CLOSED: "The organisation closed",
    Reason.SUPERSEDED: "Something else took its place",
    Reason.FINISHED: "It is finished: there was nothing more to try",
}
ACTS = {
    Act.ADOPT: "Keep it",
    Act.ADAPT: "Change it, and try again",
    Act.ABANDON: "Give it up",
    Act.EXTEND: "Try it for longer, or with more people",
}
RESULTS = {
    Result.BETTER: "It went better than there",
    Result.SAME: "It went as it did there",
    Result.WORSE: "It went worse than there",
    Result.MIXED: "Some of it went better, some worse",
    Result.EARLY: "It is too early to say",
}
"""How an adaptation went, beside the original."""
