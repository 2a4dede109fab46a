"""What somebody reads of what others did, on their page of notifications."""

from tests.journeys.conftest import Hub
from tests.security.browser import Browser
from tests.support.live import settle
from tests.support.network import Network
from tests.support.peer import Peer


async def test_a_thank_you_names_the_story_once(hub: Hub, network: Network) -> None:
    """Its words have the title already; the link to it needs other ones."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    uri = await ward.publish_story(title="Home by six")
    await ann.post(f"{ward.origin}/people/ida/inbox", ann.like(uri))
    await settle(ward)

    browser = Browser(network, ward.origin)
    network.stack.push_async_callback(browser.close)
    await browser.sign_in()
    page = (await browser.get("/notifications")).text
    assert "thanked you for “Home by six”" in page
    assert page.count("Home by six") == 1
