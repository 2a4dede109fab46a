"""Make an experiment of an answer: of one's own that says “I tried this too”, or of one from
elsewhere, which is cited.
"""

from server.actors.tables import Actor
from server.errors import NotFoundError
from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.retelling import cited, told
from server.experiments.rules.stages import Stage
from server.experiments.service.adapting import adapt
from server.experiments.service.reading import KIND, of_post
from server.experiments.service.sharing import draft
from server.house import House
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import OPEN, State
from server.posts.tables import Post
from server.responses import service as responses
from server.responses.rules import WORDS, ResponseKind

TRIED = ResponseKind.I_TRIED_THIS_TOO


async def retell(reply: Post, *, by: Person, house: House) -> Post:
    """Begin a draft with what an answer says. It goes back to what was answered: an experiment is
    adapted, anything else is what it began with.

    Raises NotFoundError where the person may not tell it, or what it answers is not for everybody
    to read; and as `adapt` does.
    """
    words = await _words(reply, by)
    head = await posts.by_id(reply.root_id) if reply.root_id else None
    viewer = await Actor.get(id=by.actor_id)
    if head is None or head.visibility not in OPEN or not await posts.may_see(head, viewer):
        raise NotFoundError
    tried = await of_post(head) if head.kind == KIND else None
    if tried is None:
        topics = tuple(tag.shown for tag in await posts.tags(head))
        begun = Experiment(
            title="", idea=words, inspired_by=(head.uri or "",), topics=topics, stage=Stage.TRYING
        )
        return await draft(by, begun, house=house)
    begun = Experiment(
        title=tried.title, problem=tried.problem, idea=tried.idea, topics=tried.topics,
        learning=words, stage=Stage.TRYING, warning=tried.warning,
    )  # fmt: skip
    how = Adaptation(original=head.uri or "")
    return await adapt(head, how, by=by, words=begun, house=house)


async def _words(reply: Post, by: Person) -> str:
    """Return what an answer says, in Markdown: one's own as it was written, somebody else's
    cited.
    """
    meant = await responses.meaning(reply)
    if reply.state is not State.PUBLISHED or reply.kind != responses.KIND:
        raise NotFoundError
    if reply.local:
        if reply.written_by_id != by.id or meant.kind is not TRIED:
            raise NotFoundError
        return meant.text
    viewer = await Actor.get(id=by.actor_id)
    if reply.visibility not in OPEN or not await posts.may_see(reply, viewer):
        raise NotFoundError
    if meant.kind not in (None, TRIED):
        raise NotFoundError
    words = told(posts.plain(reply), WORDS[TRIED])
    return cited(words, by=reply.author.shown_name, address=reply.url or reply.uri or "")
