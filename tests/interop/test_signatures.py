"""What others' libraries sign is accepted, what is tampered with is not; and ours by them."""

from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest
from http_message_signatures import algorithms

from tests.interop.hub import Hub, Json
from tests.interop.processes import eventually
from tests.interop.sender import Sender, new_rsa
from tests.interop.signing import (
    apsig_accepts,
    http_message_signatures_accepts,
    with_apsig,
    with_http_message_signatures,
)

Sign = Callable[[Sender, str, bytes], dict[str, str]]


def cavage(sender: Sender, url: str, body: bytes) -> dict[str, str]:
    """Sign with apsig, draft-cavage-12, rsa-sha256."""
    return with_apsig(sender.rsa_key, key_id=sender.rsa_key_id, url=url, body=body)


def rsa_v1_5(sender: Sender, url: str, body: bytes) -> dict[str, str]:
    """Sign with http-message-signatures, RFC 9421, rsa-v1_5-sha256."""
    return with_http_message_signatures(
        sender.rsa_key, key_id=sender.rsa_key_id, url=url, body=body
    )


def rsa_pss(sender: Sender, url: str, body: bytes) -> dict[str, str]:
    """Sign with http-message-signatures, RFC 9421, rsa-pss-sha512."""
    return with_http_message_signatures(
        sender.rsa_key,
        key_id=sender.rsa_key_id,
        url=url,
        body=body,
        algorithm=algorithms.RSA_PSS_SHA512,
    )


def ed25519(sender: Sender, url: str, body: bytes) -> dict[str, str]:
    """Sign with http-message-signatures, RFC 9421, ed25519."""
    return with_http_message_signatures(
        sender.ed25519_key,
        key_id=sender.ed25519_key_id,
        url=url,
        body=body,
        algorithm=algorithms.ED25519,
    )


SCHEMES = [cavage, rsa_v1_5, rsa_pss, ed25519]
every_scheme = pytest.mark.parametrize("sign", SCHEMES)


async def inbox_and_follow(hub: Hub, sender: Sender) -> tuple[str, bytes]:
    """Return the hub's inbox and a Follow of the hub by the sender."""
    actor = await hub.actor()
    return actor["inbox"], sender.follow(actor["id"])


@every_scheme
async def test_a_follow_signed_by_others_is_accepted(hub: Hub, sender: Sender, sign: Sign) -> None:
    """202, then a follower, then an Accept."""
    inbox, body = await inbox_and_follow(hub, sender)
    assert await hub.post(inbox, headers=sign(sender, inbox, body), body=body) == 202

    async def following() -> bool:
        return sender.actor in await hub.followers()

    await eventually(following, what="follower")


@every_scheme
async def test_a_body_changed_on_the_way_is_refused(hub: Hub, sender: Sender, sign: Sign) -> None:
    """The digest is covered: a changed body is answered with 401 and has no effect."""
    inbox, body = await inbox_and_follow(hub, sender)
    headers = sign(sender, inbox, body)
    changed = body.replace(b"/follows/", b"/followz/")
    assert await hub.post(inbox, headers=headers, body=changed) == 401
    assert sender.actor not in await hub.followers()


@every_scheme
async def test_a_changed_digest_is_refused(hub: Hub, sender: Sender, sign: Sign) -> None:
    """A digest that fits the changed body was not the one that was signed."""
    inbox, body = await inbox_and_follow(hub, sender)
    changed = body.replace(b"/follows/", b"/followz/")
    headers = sign(sender, inbox, body)
    fitting = {name.lower(): value for name, value in sign(sender, inbox, changed).items()}
    for name in headers:
        if name.lower() in {"digest", "content-digest"}:
            headers[name] = fitting[name.lower()]
    assert await hub.post(inbox, headers=headers, body=changed) == 401
    assert sender.actor not in await hub.followers()


@every_scheme
async def test_a_signature_for_another_address_is_refused(
    hub: Hub, sender: Sender, sign: Sign
) -> None:
    """What was signed for one inbox cannot be carried to another."""
    inbox, body = await inbox_and_follow(hub, sender)
    headers = sign(sender, f"{inbox}/elsewhere", body)
    headers.pop("host", None)
    assert await hub.post(inbox, headers=headers, body=body) == 401
    assert sender.actor not in await hub.followers()


@every_scheme
async def test_a_signature_by_another_key_is_refused(hub: Hub, sender: Sender, sign: Sign) -> None:
    """The key id is the actor's, the key is not."""
    inbox, body = await inbox_and_follow(hub, sender)
    forger = Sender(sender.origin, rsa_key=new_rsa())
    assert await hub.post(inbox, headers=sign(forger, inbox, body), body=body) == 401
    assert sender.actor not in await hub.followers()


@every_scheme
async def test_speaking_for_another_actor_is_refused(hub: Hub, sender: Sender, sign: Sign) -> None:
    """A good signature by one actor gives no right to act as another: 403."""
    actor = await hub.actor()
    victim = f"{sender.origin}/victim"
    body = sender.follow(actor["id"], actor=victim)
    headers = sign(sender, actor["inbox"], body)
    assert await hub.post(actor["inbox"], headers=headers, body=body) == 403
    assert victim not in await hub.followers()


@pytest.mark.parametrize("aged", [timedelta(hours=2), timedelta(hours=-2)])
async def test_a_stale_date_is_refused(hub: Hub, sender: Sender, aged: timedelta) -> None:
    """More than an hour off, either way, is too far."""
    inbox, body = await inbox_and_follow(hub, sender)
    headers = with_apsig(sender.rsa_key, key_id=sender.rsa_key_id, url=inbox, body=body, aged=aged)
    assert await hub.post(inbox, headers=headers, body=body) == 401
    assert sender.actor not in await hub.followers()


async def test_an_unsigned_request_is_refused(hub: Hub, sender: Sender) -> None:
    """Nobody is believed without a signature."""
    inbox, body = await inbox_and_follow(hub, sender)
    headers = {"Content-Type": "application/activity+json"}
    assert await hub.post(inbox, headers=headers, body=body) == 401
    assert sender.actor not in await hub.followers()


async def test_what_we_post_is_accepted_by_apsig(hub: Hub, sender: Sender) -> None:
    """Our Accept of a Follow verifies as draft-cavage-12, by the key that our actor publishes."""
    follow = await followed(hub, sender)
    [(request, received)] = sender.received
    accept = orjson.loads(received)
    assert accept["type"] == "Accept"
    assert accept["object"]["id"] == follow["id"]
    key = (await hub.actor())["publicKey"]
    assert apsig_accepts(key["publicKeyPem"], request=request, body=received) == key["id"]


async def test_what_we_post_a_second_time_is_accepted_by_http_message_signatures(
    hub: Hub, sender: Sender
) -> None:
    """A server that refuses draft-cavage gets the same bytes once more, signed after RFC 9421."""
    sender.modern = True
    await followed(hub, sender, knocks=2)
    (_, first), (request, second) = sender.received
    assert first == second
    key = (await hub.actor())["publicKey"]
    http_message_signatures_accepts(
        key["publicKeyPem"], key_id=key["id"], request=request, body=second
    )


async def test_what_we_fetch_is_signed_by_the_node(hub: Hub, sender: Sender) -> None:
    """A server in secure mode can tell who asks: the node's own actor."""
    await followed(hub, sender)
    key = (await hub.document("/actor"))["publicKey"]
    assert sender.asked
    for request in sender.asked:
        assert apsig_accepts(key["publicKeyPem"], request=request, body=b"") == key["id"]


async def followed(hub: Hub, sender: Sender, *, knocks: int = 1) -> Json:
    """Follow the hub and wait until it has knocked that often; return the Follow."""
    inbox, body = await inbox_and_follow(hub, sender)
    assert await hub.post(inbox, headers=cavage(sender, inbox, body), body=body) == 202

    async def answered() -> bool:
        return len(sender.received) >= knocks

    await eventually(answered, what="Accept at the sender")
    follow: Json = orjson.loads(body)
    return follow
