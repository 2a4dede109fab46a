"""Reports: what somebody asks the stewards to look at, and what they decide about it."""

from collections.abc import Sequence

import orjson

from federation import html
from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.errors import NotFoundError
from server.follows.service import own_inbox
from server.house import House
from server.hub.rules import NODE_PATH
from server.people import service as people
from server.people.tables import Person
from server.posts.tables import Post
from server.safety import wire
from server.safety.rules import (
    DECIDED_KEPT,
    DECISION_LIMIT,
    OPEN_PER_HOST,
    PAGE,
    REPORT_LIMIT,
    REPORTED,
    NotElsewhereError,
    ReportState,
    UndecidedError,
)
from server.safety.tables import Report

KIND = "report"
TOLD = "reported something. It waits at the stewards’ desk"


async def report(
    subject: Actor, *, by: Actor, posts: Sequence[Post] = (), reason: str, pass_on: bool = False,
    house: House,
) -> Report:  # fmt: skip
    """Have one of our people report an actor, or posts of theirs, to the stewards; with `pass_on`
    also to the server that they are on, which is not told who asked.
    """
    async with db.transaction():
        row = await _keep(subject, by=by, posts=posts, reason=reason, house=house)
        if pass_on and not subject.local and row.passed_on_at is None:
            await _pass_on(row, subject, house=house)
    return row


async def _keep(
    subject: Actor, *, by: Actor, posts: Sequence[Post], reason: str, house: House
) -> Report:
    """Write a report down; one that is open already takes in what is new in it."""
    row = await Report.filter(
        reporter_id=by.id, subject_id=subject.id, state=ReportState.OPEN
    ).first()
    new = row is None
    if row is None:
        row = Report(reporter_id=by.id, subject_id=subject.id, created_at=house.clock.now())
    known: list[int] = orjson.loads(row.post_ids)
    all_of_them = dict.fromkeys([*known, *(post.id for post in posts)])
    row.post_ids = orjson.dumps(list(all_of_them)[:REPORTED]).decode()
    said = reason.strip()
    if said and said not in row.reason:
        row.reason = "\n\n".join(part for part in (row.reason, said) if part)[:REPORT_LIMIT]
    await row.save()
    if new:
        await people.take_back(None, kind=KIND, actor=by)
        await people.notify_stewards(kind=KIND, actor=by, post_id=None, text=TOLD, house=house)
    return row


async def received(uris: Sequence[str], *, by: Actor, reason: str, house: House) -> None:
    """Take in a report from another server about somebody here, or about posts of theirs. What is
    not of ours in it is left out; a report about nothing of ours has no effect, and so has one too
    many from the same server.
    """
    async with db.transaction():
        posts = await Post.filter(uri__in=uris, local=True).prefetch_related("author")
        named = await Actor.filter(uri__in=uris, local=True, gone=False).first()
        subject = named or (posts[0].author if posts else None)
        if subject is None or await _has_enough(by.host):
            return
        own = [post for post in posts if post.author_id == subject.id]
        text = html.text_of(reason[: REPORT_LIMIT * 4])
        await _keep(subject, by=by, posts=own, reason=text, house=house)


async def _has_enough(host: str) -> bool:
    waiting = Report.filter(state=ReportState.OPEN, reporter__host=host, reporter__local=False)
    return await waiting.count() >= OPEN_PER_HOST


async def pass_on(report_id: int, *, house: House) -> Report:
    """Pass a report on to the server of whom it is about, once. Raises NotFoundError,
    NotElsewhereError.
    """
    async with db.transaction():
        row = await _locked(report_id)
        subject = await Actor.get(id=row.subject_id)
        if subject.local:
            raise NotElsewhereError
        if row.passed_on_at is None:
            await _pass_on(row, subject, house=house)
    return row


async def _pass_on(row: Report, subject: Actor, *, house: House) -> None:
    node = await actors.at_path(NODE_PATH, house=house)
    if node is None:
        raise NotFoundError
    uris = await Post.filter(id__in=orjson.loads(row.post_ids)).values_list("uri", flat=True)
    activity = wire.flag(
        house.activity_uri(), node, subject, [str(uri) for uri in uris], reason=row.reason
    )
    await delivery.send(
        activity, by=node, inboxes=[own_inbox(subject)], order_key=f"report:{row.id}", house=house
    )
    row.passed_on_at = house.clock.now()
    await row.save(update_fields=["passed_on_at"])


async def decide(report_id: int, *, decision: str, by: Person, house: House) -> Report:
    """Note what was decided about a report; it waits no longer. Deciding again writes it anew.

    Raises NotFoundError, UndecidedError.
    """
    if not decision.strip():
        raise UndecidedError
    async with db.transaction():
        row = await _locked(report_id)
        row.state, row.decision = ReportState.DONE, decision.strip()[:DECISION_LIMIT]
        row.decided_by_id, row.decided_at = by.id, house.clock.now()
        await row.save()
    return row


async def reopen(report_id: int) -> Report:
    """Have a report wait again. What was decided stays to be read. Raises NotFoundError."""
    async with db.transaction():
        row = await _locked(report_id)
        row.state, row.decided_at = ReportState.OPEN, None
        await row.save(update_fields=["state", "decided_at"])
    return row


async def _locked(report_id: int) -> Report:
    row = await Report.filter(id=report_id).select_for_update().get_or_none()
    if row is None:
        raise NotFoundError
    return row


async def reports(state: ReportState, *, span: db.Span = db.TOP) -> list[Report]:
    """Return a page of the reports in a state, the newest first, and one more."""
    query = Report.filter(state=state)
    return await span.of(query, PAGE + 1).prefetch_related("reporter", "subject")


async def report_of(report_id: int) -> tuple[Report, list[Post]]:
    """Return a report and the posts it is about, whatever became of them. Raises NotFoundError."""
    row = await Report.get_or_none(id=report_id).prefetch_related("reporter", "subject")
    if row is None:
        raise NotFoundError
    return row, await Post.filter(id__in=orjson.loads(row.post_ids)).order_by("id")


async def waiting_reports() -> int:
    """Return how many reports wait for a steward."""
    return await Report.filter(state=ReportState.OPEN).count()


async def sweep(*, house: House) -> int:
    """Forget reports that were decided long ago; return how many."""
    before = house.clock.now() - DECIDED_KEPT
    return await Report.filter(state=ReportState.DONE, decided_at__lt=before).delete()
