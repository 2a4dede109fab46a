"""What a chart says, in plain words. Pure.

It never claims a cause: a chart shows that something changed, never why. It says where there is too
little to tell.
"""

from collections.abc import Callable
from datetime import date

from server.experiments.rules.figures import calendar, plain, with_unit
from server.experiments.rules.measures import ChartKind, Direction, Point
from server.experiments.rules.reading import (
    ENOUGH,
    Assurance,
    Judged,
    Reading,
    Stretch,
    Verdict,
)
from server.experiments.rules.signals import Rule, Signal, Way

STANDS_OUT = {
    (Rule.SHIFT, Way.LOWER): "Since {since}, the numbers have been lower than {before}",
    (Rule.SHIFT, Way.HIGHER): "Since {since}, the numbers have been higher than {before}",
    (Rule.TREND, Way.LOWER): "Since {since}, the numbers have fallen one after another",
    (Rule.TREND, Way.HIGHER): "Since {since}, the numbers have risen one after another",
    (Rule.OUTSIDE, Way.LOWER): "The last number, {value} for {last}, is lower than usual",
    (Rule.OUTSIDE, Way.HIGHER): "The last number, {value} for {last}, is higher than usual",
    (Rule.TWO_OF_THREE, Way.LOWER): "Two of the last three numbers are unusually low",
    (Rule.TWO_OF_THREE, Way.HIGHER): "Two of the last three numbers are unusually high",
}
TOLD_FIRST = (Rule.SHIFT, Rule.TREND, Rule.OUTSIDE, Rule.TWO_OF_THREE)
"""Of several reasons that point the same way, the one that tells most."""
MEANS = {
    Verdict.BETTER: "this is better, and unlikely to be chance",
    Verdict.WORSE: "this is worse, and unlikely to be chance",
    Verdict.CHANGED: "this is unlikely to be chance",
}
WILL = {
    Assurance.MEETS: "almost always be met",
    Assurance.FALLS_SHORT: "hardly ever be met",
    Assurance.HIT_OR_MISS: "sometimes be met and sometimes be missed",
}
BETTER_IF = {
    Direction.UP: "Higher is better.",
    Direction.DOWN: "Lower is better.",
    Direction.NEUTRAL: "",
}
WHY = {
    (Rule.OUTSIDE, Way.LOWER): "below the lower limit",
    (Rule.OUTSIDE, Way.HIGHER): "above the upper limit",
    (Rule.TREND, Way.LOWER): "one of several that fall one after another",
    (Rule.TREND, Way.HIGHER): "one of several that rise one after another",
    (Rule.TWO_OF_THREE, Way.LOWER): "one of two in three close to the lower limit",
    (Rule.TWO_OF_THREE, Way.HIGHER): "one of two in three close to the upper limit",
    (Rule.SHIFT, Way.LOWER): "one of several in a row below the {centre}",
    (Rule.SHIFT, Way.HIGHER): "one of several in a row above the {centre}",
}
CENTRE = {ChartKind.XMR: "average", ChartKind.RUN: "middle"}
VERDICTS = {
    Verdict.USUAL: "As usual",
    Verdict.BETTER: "Better",
    Verdict.WORSE: "Worse",
    Verdict.CHANGED: "Unusual",
}


def sentence(reading: Reading) -> str:
    """Return what a chart says; where there is a target, whether to expect that it is met."""
    return " ".join(filter(None, (_verdict(reading), _target(reading))))


def alternative(reading: Reading) -> str:
    """Return the text that stands for the picture of a chart: sentence and last value."""
    measure, last = reading.measure, reading.last
    words = [f"{measure.name.strip().rstrip('.')}.", sentence(reading)]
    if last is not None:
        number = with_unit(plain(last.point.value), measure.unit)
        words.append(f"Last number: {number}, {calendar(measure)(last.point.at)}.")
    return " ".join(words)


def said_of(judged: Judged, chart: ChartKind) -> str:
    """Return what the chart says of one number: `Better: below the lower limit`."""
    words = VERDICTS[judged.verdict]
    if judged.label is None:
        return words
    why = WHY[judged.label.rule, judged.label.way].format(centre=CENTRE[chart])
    return f"{words}: {why}"


def said_of_excluded(point: Point) -> str:
    """Return what is said of a number that takes no part."""
    return f"Left out: {point.excluded}"


def _verdict(reading: Reading) -> str:
    day, last = calendar(reading.measure), reading.last
    if last is None:
        return "There are no numbers yet."
    stretch = reading.stretches[-1]
    if last.label is not None:
        return _standing_out(reading, stretch, last, day)
    if stretch.runs is not None and not stretch.on_trial and (odd := _odd_runs(stretch)):
        return odd
    unusual = [judged for judged in stretch.judged if judged.signals]
    if unusual:
        return f"The last number is as usual; one that was not is from {day(unusual[-1].point.at)}."
    return _nothing(stretch, day)


def _standing_out(
    reading: Reading, stretch: Stretch, last: Judged, day: Callable[[date], str]
) -> str:
    signal = _telling(last)
    measure = reading.measure
    words = STANDS_OUT[signal.rule, signal.way].format(
        since=day(stretch.judged[_since(signal, stretch)].point.at),
        before="the new usual" if stretch.rebase else "before",
        value=with_unit(plain(last.point.value), measure.unit),
        last=day(last.point.at),
    )
    return f"{words}: {MEANS[last.verdict]}.{_with_care(stretch, measure.baseline)}"


def _telling(last: Judged) -> Signal:
    """Return the reason that tells most, among those that point the way of the label."""
    way = last.signals[0].way
    return next(
        signal
        for rule in TOLD_FIRST
        for signal in last.signals
        if signal.rule is rule and signal.way is way
    )


def _since(signal: Signal, stretch: Stretch) -> int:
    """Return the place from which on it can be told apart from "before": a shift may begin among
    the numbers that it is compared with.
    """
    if signal.rule is Rule.SHIFT and stretch.set_by < len(stretch.judged):
        return max(signal.first, stretch.set_by)
    return signal.first


def _with_care(stretch: Stretch, baseline: int | None) -> str:
    """Return what trial limits mean."""
    if not stretch.on_trial:
        return ""
    if baseline is not None and baseline < ENOUGH and len(stretch.judged) >= ENOUGH:
        return f" But that is compared with only {stretch.set_by} numbers."
    return (
        f" But it is early: there are only {stretch.set_by} numbers to go by,"
        f" so look again when there are {ENOUGH}."
    )


def _odd_runs(stretch: Stretch) -> str:
    runs = stretch.runs
    if runs is not None and runs.too_few:
        return (
            "The numbers stay on one side of the middle for longer than usual:"
            " this is unlikely to be chance."
        )
    if runs is not None and runs.too_many:
        return "The numbers cross the middle more often than usual: this is unlikely to be chance."
    return ""


def _nothing(stretch: Stretch, day: Callable[[date], str]) -> str:
    count = len(stretch.judged)
    numbers = "one number" if count == 1 else f"{count} numbers"
    if stretch.rebase is not None:
        since = (
            f"Since the limits were drawn again in {stretch.rebase.at:%B %Y}, nothing stands out"
        )
        early = f", but {numbers} so far {_are(count)} too few to be sure" if count < ENOUGH else ""
        return f"{since}{early}."
    if count < ENOUGH:
        there = f"There {_are(count)} only {numbers} so far"
        return f"{there}: too few to tell a change from chance."
    return "Nothing stands out: the numbers go up and down as chance would have it."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _target(reading: Reading) -> str:
    target = reading.measure.target
    if reading.assurance is None or target is None or reading.stretches[-1].on_trial:
        return ""
    words = f"the target of {with_unit(plain(target), reading.measure.unit)}"
    will = WILL[reading.assurance]
    if reading.variation is Verdict.USUAL:
        return f"If nothing changes, {words} will {will}."
    return f"By the limits as they are, {words} would {will}."
