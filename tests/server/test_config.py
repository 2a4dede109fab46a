"""Settings: where they come from, what is refused, and that the error names the setting."""

import base64
import os
from pathlib import Path

import pytest

from server import config
from server.cli.running import tls_of
from server.config import Config, describe, load, normalised_address, values
from server.errors import ConfigurationError

KEY = base64.urlsafe_b64encode(b"\xfb" * 32).decode()


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty working folder and no setting but an address."""
    for name in list(os.environ):  # noqa: TID251
        if name.upper().startswith("FETTLE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FETTLE_ADDRESS", "https://hub.example")
    monkeypatch.chdir(tmp_path)


def written(text: str, *, mode: int = 0o600) -> Path:
    """Write `fettle.toml`."""
    path = Path("fettle.toml")
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def refusal(**given: object) -> str:
    """Return why the settings are refused."""
    with pytest.raises(ConfigurationError) as caught:
        load(**given)
    return str(caught.value)


def test_an_address_is_enough() -> None:
    """Everything else has a default: SQLite in a folder, no mail, JSON logs."""
    settings = load()
    assert settings.address == "https://hub.example"
    assert settings.database_url == "sqlite://data/fettle.db"
    assert settings.node_key_file == Path("data/node.key")
    assert settings.media_url == "data/media"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.development, settings.log_format, settings.log_level) == (
        False,
        "json",
        "info",
    )
    assert settings.smtp_host is None
    assert settings.allowed_private_networks == ()


def test_the_address_is_missed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable is as good as none."""
    monkeypatch.setenv("FETTLE_ADDRESS", "")
    assert refusal() == "The setting address is not right: it is missing"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("port", "abc", "it has to be a whole number"),
        ("port", 70_000, "it has to be at most 65535"),
        ("development", "perhaps", "it has to be true or false"),
        ("media_cache_limit", "lots", "it has to be a size, as 2GiB"),
        ("trusted_proxies", "all", "it has to be networks, as 10.3.0.0/16, with commas between"),
        ("log_format", "xml", "it has to be 'console' or 'json'"),
        ("tls_certificate", "{a}.pem", "there is no file {a}.pem"),
    ],
)
def test_a_wrong_value_is_told_what_it_has_to_be(name: str, value: object, words: str) -> None:
    """In our own words: whoever starts a hub knows nothing of how settings are read."""
    assert refusal(**{name: value}) == f"The setting {name} is not right: {words}"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is given on the command line over both."""
    written('address = "https://file.example"\nport = 1\nhost = "::"')
    monkeypatch.setenv("FETTLE_PORT", "2")
    settings = load()
    assert (settings.address, settings.port, settings.host) == ("https://hub.example", 2, "::")
    assert load(port=3).port == 3


def test_another_file_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not there stops the start."""
    path = written('data_dir = "/srv/ü fettle"')
    path.rename("other.toml")
    assert load().data_dir == Path("data")
    monkeypatch.setenv("FETTLE_CONFIG", "other.toml")
    settings = load()
    assert settings.data_dir == Path("/srv/ü fettle")
    assert settings.database_url == "sqlite:///srv/%C3%BC%20fettle/fettle.db"
    monkeypatch.setenv("FETTLE_CONFIG", "missing.toml")
    assert refusal() == "The setting FETTLE_CONFIG is not right: there is no file missing.toml"


def test_a_file_that_is_no_toml_is_refused() -> None:
    """It says where it stopped making sense."""
    written("address = hub.example")
    assert "FETTLE_CONFIG is not right: no TOML" in refusal()


def test_an_unknown_setting_is_refused_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt one would be ignored in silence."""
    written("prot = 1")
    assert refusal() == "The setting prot is not right: there is no such setting"
    written("")
    monkeypatch.setenv("FETTLE_PROT", "1")
    assert refusal() == "The setting FETTLE_PROT is not right: there is no such setting"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://Hub.Example/", "https://hub.example"),
        (" https://hub.example:443 ", "https://hub.example"),
        ("https://hub.example.:8443", "https://hub.example:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_address_has_one_spelling(given: str, address: str) -> None:
    """Every link and every comparison is made of it."""
    assert normalised_address(given) == address


@pytest.mark.parametrize(
    "given",
    [
        "hub.example", "ftp://hub.example", "https://", "https://a:b@hub.example",
        "https://hub.example/fettle", "https://hub.example?a", "https://hub.example#a",
        "https://hub example", "https://hub.example:99999", "https://[::1", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(given: str) -> None:
    """The error names the setting."""
    assert refusal(address=given).startswith("The setting address is not right: ")


def test_plain_http_needs_development_mode() -> None:
    """It has to be asked for."""
    assert "address is not right: plain http" in refusal(address="http://localhost:8000")
    settings = load(address="http://localhost:8000", development=True)
    assert settings.log_format == "console"


@pytest.mark.parametrize("address", ["https://hub.example", "http://10.1.2.3", "http://hub.test"])
def test_development_mode_is_refused_for_a_public_address(address: str) -> None:
    """Whether with https or without."""
    assert refusal(address=address, development=True).startswith("The setting development is not")


@pytest.mark.parametrize(
    "address", ["http://localhost:1", "http://b.localhost", "http://127.0.0.9", "https://[::1]:1"]
)
def test_development_mode_is_for_this_machine(address: str) -> None:
    """Under any of its own names."""
    assert load(address=address, development=True).development


def test_networks_are_a_list_in_the_file_and_separated_by_commas_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Something that is no network names the setting."""
    written('allowed_private_networks = ["10.3.0.0/16", "fd00::/8"]')
    assert [str(one) for one in load().allowed_private_networks] == ["10.3.0.0/16", "fd00::/8"]
    monkeypatch.setenv("FETTLE_ALLOWED_PRIVATE_NETWORKS", "192.168.0.0/24, 10.0.0.0/8")
    assert [str(one) for one in load().allowed_private_networks] == ["192.168.0.0/24", "10.0.0.0/8"]
    monkeypatch.setenv("FETTLE_ALLOWED_PRIVATE_NETWORKS", "10.0.0.0/99")
    assert refusal().startswith("The setting allowed_private_networks is not right: ")


def test_the_node_key_is_made_once_and_kept_from_others() -> None:
    """A second start finds it."""
    settings = load()
    assert "node_key_file is not right: there is no file" in refused_key(settings)
    assert settings.create_missing_key()
    path = Path("data/node.key")
    assert path.stat().st_mode & 0o777 == 0o600
    key = settings.secret_key()
    assert len(key) == 32
    assert not load().create_missing_key()
    assert load().secret_key() == key
    path.chmod(0o640)
    assert "chmod 600 data/node.key" in refused_key(settings)


def refused_key(settings: Config) -> str:
    """Return why the node key cannot be had."""
    with pytest.raises(ConfigurationError) as caught:
        settings.secret_key()
    return str(caught.value)


def test_the_node_key_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """In either alphabet of base64; then no file is made."""
    for text in (KEY, base64.b64encode(b"\xfb" * 32).decode()):
        monkeypatch.setenv("FETTLE_NODE_KEY", text)
        settings = load()
        assert settings.secret_key() == b"\xfb" * 32
        assert not settings.create_missing_key()
    assert "node_key_file" in refusal(node_key_file="data/node.key")


@pytest.mark.parametrize("text", ["short", "A" * 42, "not base64 at all, whatever its length is!!"])
def test_a_node_key_that_is_none_is_refused(text: str) -> None:
    """Too short, or no base64."""
    assert refusal(node_key=text).startswith("The setting node_key is not right: ")


def test_a_secret_in_a_file_that_others_may_read_is_refused() -> None:
    """Security case 32. An address without a password is no secret."""
    written('smtp_username = "a"\nsmtp_password = "s3cret"', mode=0o644)
    assert refusal().startswith("The setting smtp_password is not right: it is secret")
    written('database_url = "postgres://fettle:s3cret@localhost/fettle"', mode=0o604)
    assert refusal().startswith("The setting database_url is not right: it is secret")
    written('database_url = "postgres://fettle@localhost/fettle"', mode=0o644)
    assert load().database_url == "postgres://fettle@localhost/fettle"


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in what is printed nor in an error."""
    monkeypatch.setenv("FETTLE_NODE_KEY", KEY)
    secrets = {
        "smtp_username": "a",
        "smtp_password": "s3cret",
        "database_url": "postgres://fettle:s3cret@localhost/fettle",
    }
    shown = repr(load(**secrets)) + refusal(**secrets, port="s3cret-port")
    assert "s3cret" not in shown
    assert KEY not in shown


def test_mail_needs_a_sender_and_a_way_that_nobody_reads() -> None:
    """A password on this machine's own mail server may go unencrypted."""
    assert "smtp_from" in refusal(smtp_host="mail.example")
    mail = {"smtp_host": "mail.example", "smtp_from": "hub@hub.example"}
    assert load(**mail).smtp_port == 587
    assert load(**mail, smtp_tls="tls").smtp_port == 465
    assert "smtp_from" in refusal(smtp_host="mail.example", smtp_from="hub")
    assert "smtp_username" in refusal(**mail, smtp_password="p")  # noqa: S106
    login = {**mail, "smtp_username": "a", "smtp_password": "p"}
    assert "smtp_tls" in refusal(**login, smtp_tls="none")
    assert load(**{**login, "smtp_host": "localhost"}, smtp_tls="none").smtp_port == 25


def test_the_mail_password_may_stand_in_a_file() -> None:
    """Readable by its owner alone, and not in two places."""
    path = Path("password")
    path.write_text("s3cret\n")
    path.chmod(0o600)
    assert load(smtp_username="a", smtp_password_file=path).mail_password == "s3cret"  # noqa: S105
    assert "smtp_password_file" in refusal(
        smtp_username="a", smtp_password="p", smtp_password_file=path  # noqa: S106
    )  # fmt: skip
    path.chmod(0o644)
    assert "chmod 600" in refusal(smtp_username="a", smtp_password_file=path)


def test_a_certificate_and_its_key_come_together() -> None:
    """And they exist."""
    assert "tls_certificate" in refusal(tls_certificate="missing.pem")
    for name in ("cert.pem", "key.pem"):
        Path(name).touch(mode=0o600)
    assert "tls_key" in refusal(tls_certificate="cert.pem")
    assert "tls_certificate" in refusal(tls_key="key.pem")
    paired = load(tls_certificate="cert.pem", tls_key="key.pem")
    assert paired.tls_key == Path("key.pem")
    with pytest.raises(ConfigurationError, match="tls_certificate is not right: with tls_key"):
        tls_of(paired)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"), ("port", "many"), ("development", "perhaps"), ("smtp_tls", "ssl"),
        ("log_level", "loud"), ("media_url", "s3://B"), ("media_url", "ftp://x"),
        ("media_cache_limit", "lots"), ("contact", "me"), ("trusted_proxies", "everybody"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the environment, as most come."""
    monkeypatch.setenv(f"FETTLE_{name.upper()}", value)
    assert refusal().startswith(f"The setting {name} is not right: ")


def test_pictures_may_be_kept_in_a_store() -> None:
    """A bucket, with a folder in it or without."""
    for url in ("s3://pictures", "s3://pictures/hub", "/srv/pictures"):
        assert load(media_url=url).media_url == url
    assert load(media_cache_limit="512MiB").media_cache_limit == 512 * 1024**2


def test_every_setting_is_described() -> None:
    """With its type and default, for the documentation."""
    found = {setting.name: setting for setting in describe()}
    assert found.keys() == Config.model_fields.keys()
    assert all(setting.description.endswith(".") for setting in found.values())
    assert found["address"].default is None
    assert found["address"].variable == "FETTLE_ADDRESS"
    assert (found["port"].type, found["port"].default) == ("number", "8000")
    assert (found["development"].type, found["development"].default) == ("true or false", "false")
    assert (found["media_cache_limit"].type, found["media_cache_limit"].default) == (
        "bytes", "2.0GiB",
    )  # fmt: skip
    assert found["log_level"].type == "`debug` or `info` or `warning` or `error`"
    assert found["trusted_proxies"].default == "127.0.0.0/8, ::1/128"
    assert (found["tls_key"].type, found["tls_key"].default) == ("path", "")
    assert found.keys() >= config.SECRETS


def test_the_database_password_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As containers get it; whatever is in it, the address stays one."""
    path, url = Path("password"), "postgres://fettle@database:5432/fettle"
    path.write_text("p@ss/w?rd\n")
    path.chmod(0o600)
    settings = load(database_url=url, database_password_file=path)
    assert settings.database == "postgres://fettle:p%40ss%2Fw%3Frd@database:5432/fettle"
    assert load(database_url=url).database == url
    for unfit in ("sqlite:///fettle.db", "postgres://fettle:p@database/fettle", "postgres://h/f"):
        found = refusal(database_url=unfit, database_password_file=path)
        assert "database_password_file is not right" in found
    path.chmod(0o604)
    assert "chmod 600" in refusal(database_url=url, database_password_file=path)
    monkeypatch.setattr(values, "MOUNTED", path.absolute().parent)
    assert load(database_url=url, database_password_file=path.absolute()).database != url
