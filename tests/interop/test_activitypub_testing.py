"""npm's activitypub-testing, run on a hub. Its exit status says nothing: its outcomes are read.

What it has on servers that also speak the client protocol does not apply: nobody posts to outboxes.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.interop.hub import STEWARD, Hub
from tests.interop.peer import NODE

PROGRAM = Path(__file__).parent / "activitypub_testing/node_modules/activitypub-testing/src/cli.js"
RECORD = "\x1e"
"""What parts one outcome from the next (RFC 7464)."""
APPLIES = {
    "actor-must-serve-as2-object-to-get",
    "actor-objects-must-have-inbox-outbox-properties",
    "followers-collection-must-be-a-collection",
    "following-collection-must-be-a-collection",
    "outbox-must-be-an-orderedcollection",
}


async def told(*words: str) -> str:
    """Run its command and return what it printed, whatever its status."""
    process = await asyncio.create_subprocess_exec(
        NODE, PROGRAM, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, troubles = await process.communicate()
    assert printed, troubles.decode()
    return printed.decode()


@pytest.mark.parametrize("name", ["hub", STEWARD])
async def test_an_actor_passes_all_that_applies_to_it(hub: Hub, name: str) -> None:
    """Each outcome is passed or inapplicable; those that apply to any server are passed."""
    actor = await hub.actor(f"@{name}@{hub.host}")
    printed = await told("test", "actor", actor["id"], "--output=json-seq")
    found: list[Any] = [json.loads(part) for part in printed.split(RECORD) if part.strip()]
    outcomes = {one["test"]["slug"]: one["result"] for one in found}
    failed = {
        slug: result
        for slug, result in outcomes.items()
        if result["outcome"] not in {"passed", "inapplicable"}
    }
    assert failed == {}
    passed = {slug for slug, result in outcomes.items() if result["outcome"] == "passed"}
    assert passed == APPLIES


@pytest.mark.parametrize("collection", ["likes", "shares"])
async def test_the_collections_of_a_story_pass(hub: Hub, collection: str) -> None:
    """They are looked up where the Note says they are."""
    note = await hub.document(await hub.tell("Home by six", "It was late."))
    slug = f"{collection}-collection-must-be-a-collection"
    printed = await told(
        "run", "test", f"--slug={slug}", f"--input.object={json.dumps(note)}",
        "--input.time=T10S", "--output=json",
    )  # fmt: skip
    assert json.loads(printed)["result"]["outcome"] == "passed", printed
