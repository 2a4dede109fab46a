"""What stops a start, and what a second one finds."""

import socket
from contextlib import closing

import pytest

from tests.processes.hubs import Hub

WRONG = {
    "FETTLE_PROT": ("8000", "FETTLE_PROT"),
    "FETTLE_ADDRESS": ("https://hub.example", "development"),
    "FETTLE_HOST": ("203.0.113.9", "host"),
}


@pytest.mark.parametrize("variable", WRONG)
def test_a_wrong_setting_stops_the_start_and_is_named(hub: Hub, variable: str) -> None:
    """One line, exit status 1, no traceback; here with --json."""
    value, named = WRONG[variable]
    assert f"The setting {named} is not right" in hub.refused("serve", **{variable: value})


def test_a_wrong_setting_is_said_to_people_on_standard_error(hub: Hub) -> None:
    """Without --json, answers and mistakes stay apart."""
    ended = hub.run("serve", FETTLE_LOG_LEVEL="loud")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("fettle: The setting log_level is not right")


def test_a_data_folder_that_cannot_be_made_is_named(hub: Hub) -> None:
    """A file in the way of the folder is no traceback."""
    (hub.folder / "taken").write_text("")
    assert "The setting data_dir" in hub.refused("serve", FETTLE_DATA_DIR="taken/data")


def test_a_taken_port_is_named(hub: Hub) -> None:
    """Two servers on one port: the second one says which."""
    with closing(socket.create_server(("127.0.0.1", hub.port))):
        why = hub.refused("serve")
    assert "The setting port" in why
    assert str(hub.port) in why


def test_a_changed_address_is_refused_and_explained(hub: Hub) -> None:
    """The database belongs to its first address: every id in it begins so."""
    hub.told("status")
    other = "http://other.localhost:8000"
    why = hub.refused("serve", FETTLE_ADDRESS=other)
    assert "The setting address" in why
    assert f"this database belongs to {hub.address}" in why
    assert other in why
    assert "can't change" in why


def test_the_setup_link_stays_until_it_was_used_and_a_second_start_finds_all(new_hub: Hub) -> None:
    """The first starts offer the same link; then there is none, and the hub is there."""
    hub = new_hub
    first = hub.serve()
    assert first["address"] == hub.address
    assert first["port"] == hub.port
    assert first["setup"].startswith(f"{hub.address}/setup/")
    key = (hub.folder / "data" / "node.key").read_text()
    assert hub.stopped() == 0
    assert hub.serve() == first
    hub.set_up("Seven Streets")
    assert hub.stopped() == 0
    assert hub.serve() == first | {"setup": None}
    assert "Seven Streets" in hub.page("/")
    assert (hub.folder / "data" / "node.key").read_text() == key
