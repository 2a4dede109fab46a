"""The odd objects of fediverse-pasture-inputs, each signed and posted: every one is refused with a
reason, or kept so that a page can show it; none of them is too much.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fediverse_pasture_inputs import available

from federation import html
from server.jobs.tables import Job
from server.posts.tables import Post
from tests.support.live import LiveNode, settle
from tests.support.network import network_of
from tests.support.peer import Peer
from tests.support.resident import PUBLIC, Document, Resident

THEIRS = "http://pasture-one-actor"
"""Where the examples' own actor lives; here that is Ann."""
REFUSED = frozenset({400, 401, 403})
FEWEST = 100
"""Examples that there are at least: fewer, and something was not found."""


def examples(ann: Resident, to: str) -> Iterator[tuple[str, Document]]:
    """Yield the Create of each example, with its name."""
    for name, inputs in sorted(available.items()):
        for number, example in enumerate(inputs.examples):
            text = json.dumps(example)
            text = text.replace(f"{THEIRS}/actor", ann.uri).replace(THEIRS, ann.peer.origin)
            note: Any = ann.note(to=[PUBLIC, to]) | json.loads(text)
            yield f"{name} {number}", ann.create(note)


async def _kept() -> list[tuple[int, str]]:
    return [(post.id, post.html) for post in await Post.all()]


async def _jobs() -> list[str]:
    return [job.kind for job in await Job.all() if job.kind == "inbox.process"]


async def test_every_odd_object_is_kept_safely_or_refused(tmp_path: Path) -> None:
    """No 5xx, no job that fails, and what is kept is clean and can be shown."""
    async with network_of() as network:
        url = f"sqlite://{tmp_path}/ward.db"
        ward = await LiveNode.at(network, "ward.test", url, tmp_path)
        ann = (await Peer.at(network, "there.test")).actor("ann")
        answers: dict[str, int] = {}
        for name, create in examples(ann, f"{ward.origin}/people/ida"):
            answers[name] = (await ann.post(f"{ward.origin}/inbox", create)).status
        assert len(answers) >= FEWEST
        assert {name: status for name, status in answers.items()
                if status != 202 and status not in REFUSED} == {}  # fmt: skip
        taken = sum(status == 202 for status in answers.values())
        assert taken > len(answers) * 0.8, answers
        await settle(ward, rounds=400)
        kept = await ward.run(_kept)
        assert len(kept) > taken * 0.8
        assert await ward.run(_jobs) == []
        for post_id, text in kept:
            assert text == html.clean(text)
            page = await ward.get(f"/elsewhere/{post_id}")
            assert (post_id, page.status) == (post_id, 200)
