"""Stages and their log, cycles, what an experiment and an update need."""

from dataclasses import replace
from datetime import date

import pytest

from server.errors import RefusedError
from server.experiments.rules import words
from server.experiments.rules.cycles import Act, BackwardsError, Cycle, EmptyCycleError
from server.experiments.rules.experiment import Aim, NoIdeaError, NoProblemError, UntitledError
from server.experiments.rules.stages import (
    CHANGES,
    NothingLearnedError,
    Reason,
    SameStageError,
    Stage,
    StageEntry,
    TooManyChangesError,
    UnexplainedError,
    UnreasonedError,
    after,
    first,
    merged,
)
from server.experiments.rules.updates import EmptyUpdateError, Update
from tests.server.experiments.written import EXPERIMENT, STAGES

DAY = date(2026, 10, 2)
LOG = (first(Stage.IDEA, at=DAY),)


def entry(stage: Stage, day: int = 3, why: str = "Because.") -> StageEntry:
    """A line of October 2026."""
    return StageEntry(stage=stage, at=date(2026, 10, day), why=why)


@pytest.mark.parametrize("stage", [one for one in Stage if one not in {"idea", "stopped"}])
def test_a_stage_may_follow_any_other_with_a_reason(stage: Stage) -> None:
    """Nobody approves it, but a sentence of why is needed."""
    assert after(LOG, entry(stage))[-1].stage is stage
    with pytest.raises(UnexplainedError):
        after(LOG, entry(stage, why="  "))


def test_what_stopped_says_why_and_what_was_learned() -> None:
    """Both, since it is worth as much as what works."""
    stopped = StageEntry(stage=Stage.STOPPED, at=DAY)
    with pytest.raises(UnreasonedError):
        after(LOG, stopped)
    with pytest.raises(NothingLearnedError):
        after(LOG, replace(stopped, reason=Reason.RAN_OUT, learned=" "))
    assert after(LOG, replace(stopped, reason=Reason.RAN_OUT, learned="Two people."))


def test_the_log_only_grows_and_never_goes_back_in_time() -> None:
    """A line dated before the last one takes its day; the same stage twice is refused."""
    log = after(after(LOG, entry(Stage.TRYING, 9)), entry(Stage.LEARNING, 5))
    assert log[:1] == LOG
    assert [one.at.day for one in log] == [2, 9, 9]
    with pytest.raises(SameStageError):
        after(log, entry(Stage.LEARNING, 11))


def test_a_log_has_an_end() -> None:
    """A hundred changes are more than anybody makes."""
    log: tuple[StageEntry, ...] = LOG
    for number in range(CHANGES - 1):
        log = after(log, entry(Stage.WORKING if number % 2 else Stage.LEARNING))
    with pytest.raises(TooManyChangesError):
        after(log, entry(Stage.SPREADING))


def test_what_a_peer_takes_out_of_its_log_is_kept_and_marked() -> None:
    """A line that it changes is two: the old one, marked, and the new one."""
    changed = replace(STAGES[1], why="They were told to.")
    seen = merged(STAGES, (STAGES[0], changed))
    assert seen == (
        STAGES[0], replace(STAGES[1], vanished=True), changed, replace(STAGES[2], vanished=True),
    )  # fmt: skip
    again = (STAGES[0], replace(changed, vanished=True), STAGES[1], STAGES[2])
    assert merged(seen, STAGES) == again
    assert merged(STAGES, STAGES) == STAGES


def test_a_peer_that_rewrites_its_log_for_ever_fills_no_table() -> None:
    """So many of its lines are kept, and the first of them."""
    seen: tuple[StageEntry, ...] = LOG
    for number in range(CHANGES + 20):
        seen = merged(seen, (entry(Stage.WORKING, why=str(number)),))
    assert len(seen) == CHANGES + 1
    assert replace(LOG[0], vanished=True) in seen


def test_a_cycle_asks_something_and_ends_after_it_begins() -> None:
    """All else may come later."""
    Cycle(number=1, question="Will it?", act=Act.ADOPT).check()
    with pytest.raises(EmptyCycleError):
        Cycle(number=1, question=" ").check()
    with pytest.raises(BackwardsError):
        Cycle(number=1, question="q", started=DAY, ended=date(2026, 10, 1)).check()


@pytest.mark.parametrize(
    ("name", "error"),
    [("title", UntitledError), ("problem", NoProblemError), ("idea", NoIdeaError)],
)
def test_an_experiment_needs_three_things(name: str, error: type[RefusedError]) -> None:
    """Title, problem, and what is tried."""
    EXPERIMENT.check()
    with pytest.raises(error):
        replace(EXPERIMENT, **{name: " "}).check()  # type: ignore[arg-type]


def test_what_was_learned_last_comes_first() -> None:
    """At its end, else so far, else by the last cycle."""
    assert EXPERIMENT.latest == "It needs **two** people."
    going_on = replace(EXPERIMENT, stages=STAGES[:2])
    assert going_on.latest == "Looking matters."
    assert replace(going_on, learning="").latest == "Mornings are better."
    assert replace(going_on, learning="", cycles=()).latest == ""


def test_what_vanished_is_not_where_it_stands() -> None:
    """Its own hub says so no longer."""
    gone = replace(STAGES[2], vanished=True)
    assert replace(EXPERIMENT, stages=(*STAGES[:2], gone)).now == STAGES[1]
    assert replace(EXPERIMENT, stages=()).now is None


def test_an_update_says_something_and_explains_a_stage_in_a_line() -> None:
    """However long it is."""
    with pytest.raises(EmptyUpdateError):
        Update(text=" \n").check()
    assert Update(text="Fewer\nthan before.").why == "Fewer than before."
    assert len(Update(text="word " * 1_000).why) <= 300


def test_an_aim_may_be_empty() -> None:
    """Then the page asks for it."""
    assert not Aim()
    assert Aim(by="2027-03")


def test_every_stage_reason_and_act_has_words() -> None:
    """For the page."""
    assert set(words.STAGES) == set(words.MEANINGS) == set(Stage)
    assert set(words.REASONS) == set(Reason)
    assert set(words.ACTS) == set(Act)
