"""Settings, from the environment (`FETTLE_*`) and a TOML file; the environment wins.

Only `server.cli` and `server.node` read them; every other room is handed what it needs.
"""

import base64
import binascii
import os
import tomllib
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, ByteSize, Field, ValidationError
from pydantic import model_validator as validates_together
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from federation.errors import MalformedError
from federation.uris import normalise_host
from server.config.values import (
    OTHERS,
    Email,
    ExistingFile,
    Networks,
    Port,
    PrivateFile,
    media_place,
    private,
)
from server.errors import ConfigurationError
from server.vault import KEY_LENGTH, new_node_key

PREFIX = "FETTLE_"
FILE_VARIABLE = "FETTLE_CONFIG"
"""Names the TOML file; without it `fettle.toml` in the working folder is read, if it is there."""
DEFAULT_FILE = Path("fettle.toml")
SECRETS = frozenset({"node_key", "smtp_password", "database_url"})
REASONS = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such setting",
    "int_parsing": "it has to be a whole number",
    "bool_parsing": "it has to be true or false",
    "byte_size": "it has to be a size, as 2GiB",
    "byte_size_unit": "it has to be a size, as 2GiB",
    "ip_v4_network": "it has to be networks, as 10.3.0.0/16, with commas between",
    "less_than_equal": "it has to be at most {le}",
    "greater_than_equal": "it has to be at least {ge}",
    "literal_error": "it has to be {expected}",
}
"""What is said of a wrong value, by the type of pydantic's error; it says the rest itself."""


class Config(BaseSettings):
    """Every setting of a node, read by `load`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    address: str = Field(
        description="The public address of the node, as `https://hub.example`, without a path."
        " It becomes part of every link and cannot be changed afterwards."
    )
    development: bool = Field(
        False,
        description="Development mode: plain http, and other nodes on the same machine. Only for"
        " an address of this machine (`localhost`); every page says so.",
    )
    data_dir: Path = Field(
        Path("data"), description="The folder for database, node key and pictures."
    )
    database_url: str = Field(
        default_factory=lambda data: f"sqlite://{quote(str(data['data_dir'] / 'fettle.db'))}",
        description="The database: `sqlite:///path/to/file` or"
        " `postgres://user:password@host:port/name`. The default is `fettle.db` in `data_dir`.",
        repr=False,
    )
    database_password_file: PrivateFile | None = Field(
        None,
        description="A file that holds the password for the database, readable by its owner alone"
        " (0600) or in `/run/secrets`; `database_url` then holds none. PostgreSQL only.",
    )
    node_key: str | None = Field(
        None,
        description="The node's secret key: at least 32 bytes in base64. Private keys and contact"
        " details in the database can only be read with it.",
        repr=False,
    )
    node_key_file: Path | None = Field(
        default_factory=lambda data: None if data["node_key"] else data["data_dir"] / "node.key",
        description="A file that holds the node key, readable by its owner alone (0600). The"
        " default is `node.key` in `data_dir`, which is made at the first start.",
    )
    host: str = Field("127.0.0.1", description="The IP address to listen on.")
    port: Port = Field(8000, description="The TCP port to listen on.")
    drain_seconds: Annotated[int, Field(ge=0, le=300)] = Field(
        0,
        description="How long after SIGTERM requests are still taken while `/health/ready` says"
        " 503, so that a proxy that watches it sends the next ones elsewhere.",
    )
    tls_certificate: ExistingFile | None = Field(
        None, description="A certificate chain (PEM), to speak TLS without a web server in front."
    )
    tls_key: PrivateFile | None = Field(
        None, description="The private key of the certificate (PEM), readable by its owner alone."
    )
    trusted_proxies: Networks = Field(
        (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128")),
        description="Networks of the web servers in front, whose X-Forwarded-For and"
        " X-Forwarded-Proto are believed.",
    )
    allowed_private_networks: Networks = Field(
        default=(),
        description="Private networks, as `10.3.0.0/16`, in which other nodes may be reached."
        " For test networks: it lets strangers make this node send requests there.",
    )
    secure_mode: bool = Field(
        False,
        description="Whether other servers have to prove who they are to read posts, so that"
        " blocked ones can't. Pages for people stay open, and some servers can't read us then.",
    )
    contact: Email | None = Field(
        None, description="An e-mail address for the people who run other nodes."
    )
    smtp_host: str | None = Field(
        None, description="The mail server that takes the node's e-mail. Without it none is sent."
    )
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the way there is encrypted: `starttls`, `tls` (at once) or `none`.",
    )
    smtp_port: Port = Field(
        default_factory=lambda data: {"starttls": 587, "tls": 465, "none": 25}[data["smtp_tls"]],
        description="The mail server's port. The default depends on `smtp_tls`: 587, 465 or 25.",
    )
    smtp_username: str | None = Field(None, description="The user name at the mail server.")
    smtp_password: str | None = Field(None, description="The password there.", repr=False)
    smtp_password_file: PrivateFile | None = Field(
        None, description="A file that holds the password, readable by its owner alone (0600)."
    )
    smtp_from: Email | None = Field(
        None, description="The sender of the node's e-mail. Needed with `smtp_host`."
    )
    media_url: Annotated[str, AfterValidator(media_place)] = Field(
        default_factory=lambda data: str(data["data_dir"] / "media"),
        description="Where pictures are kept: a folder, or `s3://bucket/folder` in any store that"
        " speaks S3 (keys and endpoint as AWS_* variables). The default is `media` in `data_dir`.",
    )
    media_cache_limit: Annotated[ByteSize, Field(ge=0)] = Field(
        ByteSize(2 << 30),
        description="How much room copies of pictures from elsewhere may take, as `2GiB`.",
    )
    picture_limit: Annotated[ByteSize, Field(ge=0)] = Field(
        ByteSize(500 << 20),
        description="How much room the pictures of one person may take, as `500MiB`.",
    )
    fewest_people: int = Field(
        5, ge=0, le=1_000,
        description="How many people a number in a measure may count at least: fewer might be"
        " recognised, and are refused with an explanation. `0` allows any count.",
    )  # fmt: skip
    log_format: Literal["console", "json"] = Field(
        default_factory=lambda data: "console" if data["development"] else "json",
        description="How log lines are written: `console` for people, `json` for programs. The"
        " default is `json`, and `console` in development mode.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is logged."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what was given on the command line, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())

    @validates_together(mode="before")
    @classmethod
    def _normalise_address(cls, values: dict[str, Any]) -> dict[str, Any]:
        if isinstance(given := values.get("address"), str):
            values["address"] = normalised_address(given)
        return values

    @validates_together(mode="after")
    def _agree(self) -> "Config":
        _check_address(self)
        _check_secrets(self)
        _check_mail(self)
        if (self.tls_certificate is None) != (self.tls_key is None):
            missing = "tls_key" if self.tls_key is None else "tls_certificate"
            raise ConfigurationError(setting=missing, reason="the other half of the pair is set")
        return self

    @property
    def database(self) -> str:
        """The database's address with its password, wherever that was written."""
        file = self.database_password_file
        if file is None:
            return self.database_url
        parts = urlsplit(self.database_url)
        password = quote(file.read_text(encoding="utf-8").strip(), safe="")
        user, _, place = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{user}:{password}@{place}").geturl()

    @property
    def mail_password(self) -> str | None:
        """The password at the mail server, wherever it was written."""
        file = self.smtp_password_file
        return file.read_text(encoding="utf-8").strip() if file else self.smtp_password

    def secret_key(self) -> bytes:
        """Return the node key. Raises ConfigurationError where it is missing or not private."""
        if self.node_key_file is None:
            return _decoded(self.node_key or "", setting="node_key")
        try:
            text = private(self.node_key_file).read_text(encoding="utf-8")
        except (ValueError, OSError) as error:
            raise ConfigurationError(setting="node_key_file", reason=f"{error}") from None
        return _decoded(text, setting="node_key_file")

    def create_missing_key(self) -> bool:
        """Write a new node key where there is none, and say so. Only beside an empty database."""
        path = self.node_key_file
        if path is None or path.exists():
            return False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_node_key() + "\n")
        return True


def load(**given: Any) -> Config:
    """Read and check every setting; what is `given` comes first.

    Raises ConfigurationError, which names the setting, for the first that is wrong or unknown.
    """
    known = {FILE_VARIABLE, *((PREFIX + name).upper() for name in Config.model_fields)}
    for variable in os.environ:
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            raise ConfigurationError(setting=variable, reason="there is no such setting")
    try:
        config = Config(**given)
    except ValidationError as error:
        raise _explained(error) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(setting=FILE_VARIABLE, reason=f"no TOML: {error}") from None
    _check_file(config)
    return config


def settings_file() -> Path | None:
    """Return the TOML file that is read, if any. Raises ConfigurationError where it is missing."""
    named = os.environ.get(FILE_VARIABLE)
    if named and not Path(named).is_file():
        raise ConfigurationError(setting=FILE_VARIABLE, reason=f"there is no file {named}")
    path = Path(named) if named else DEFAULT_FILE
    return path if path.is_file() else None


def normalised_address(given: str) -> str:
    """Return a public address in its one spelling. Raises ConfigurationError where it is none."""
    unlike = ConfigurationError(setting="address", reason="it has to look like https://hub.example")
    try:
        parts = urlsplit(given.strip())
        host = normalise_host(parts.netloc, scheme=parts.scheme)
    except (MalformedError, ValueError):
        raise unlike from None
    if parts.scheme not in ("http", "https"):
        raise unlike
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        reason = f"nothing may follow the name: {parts.scheme}://{host}"
        raise ConfigurationError(setting="address", reason=reason)
    return f"{parts.scheme}://{host}"


def is_loopback(address: str) -> bool:
    """Tell whether a normalised address is one of this machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_address(config: Config) -> None:
    if config.development and not is_loopback(config.address):
        reason = f"{config.address} can be reached by others, and development mode is not for them"
        raise ConfigurationError(setting="development", reason=reason)
    if config.address.startswith("http:") and not config.development:
        reason = "plain http is for development mode only; a public node has https://"
        raise ConfigurationError(setting="address", reason=reason)


def _check_secrets(config: Config) -> None:
    if config.database_password_file is not None:
        parts = urlsplit(config.database_url)
        if parts.scheme == "sqlite" or not parts.username or parts.password:
            reason = "database_url has to name PostgreSQL and a user, and no password"
            raise ConfigurationError(setting="database_password_file", reason=reason)
    for name in ("node_key", "smtp_password"):
        if getattr(config, name) is not None and getattr(config, f"{name}_file") is not None:
            reason = f"{name} is set too; give one of them"
            raise ConfigurationError(setting=f"{name}_file", reason=reason)
    if config.node_key is not None:
        _decoded(config.node_key, setting="node_key")


def _check_mail(config: Config) -> None:
    if config.smtp_host is not None and config.smtp_from is None:
        raise ConfigurationError(setting="smtp_from", reason="smtp_host is set, so it is needed")
    has_password = bool(config.smtp_password or config.smtp_password_file)
    if has_password and config.smtp_username is None:
        raise ConfigurationError(setting="smtp_username", reason="a password is set without it")
    if has_password and config.smtp_tls == "none" and not is_loopback(f"//{config.smtp_host}"):
        reason = "the password would be sent where others can read it"
        raise ConfigurationError(setting="smtp_tls", reason=reason)


def _check_file(config: Config) -> None:
    # Security case 32: secrets come from the environment or from files that only the owner reads.
    path = settings_file()
    if path is None or not path.stat().st_mode & OTHERS:
        return
    for name in sorted(SECRETS & set(tomllib.loads(path.read_text(encoding="utf-8")))):
        if name != "database_url" or urlsplit(config.database_url).password:
            reason = f"it is secret, and others may read {path}; run: chmod 600 {path}"
            raise ConfigurationError(setting=name, reason=reason)


def _decoded(text: str, *, setting: str) -> bytes:
    try:
        key = base64.b64decode(text.strip().translate({45: "+", 95: "/"}), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < KEY_LENGTH:
        reason = f"it has to be at least {KEY_LENGTH} bytes in base64"
        raise ConfigurationError(setting=setting, reason=reason)
    return key


def _explained(error: ValidationError) -> ConfigurationError:
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "FETTLE_*"
    known = REASONS.get(first["type"], "").format(**first.get("ctx", {}))
    reason = known or first["msg"].removeprefix("Value error, ")
    return ConfigurationError(setting=name, reason=reason)
